#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumblerd is stopped for a minute, while doors open and close by knocks: each that was to open
# does, and when it goes on nothing is lost. All commands are run, once each and in order,
# once keys are armed again, and who has connected meanwhile is served.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/agent.sh"

NOTED=/tmp/noted
# One every ten seconds.
KNOCKS=6
OPEN_SEC=4

furnish()
{
	cat > /tmp/note <<-'END'
		#!/bin/sh
		echo "$*" >> /tmp/noted
	END
	chmod 755 /tmp/note
	: > "$NOTED"
	must kctl add-door web --opens tcp/80 --open-for "${OPEN_SEC}s"
	must kctl add-door ssh --opens none --agent 8676 --open-for 60s
	new_sealed web mallory
	kctl add-key ssh alice --once > /tmp/profile
	SEQ_SECRET=$(seq_secret alice)
	AVOID=$(sed -n 's/^avoid = //p' /tmp/profile)
	mkdir -p /tmp/user
	kctl add-key ssh bob --type sealed --host 10.0.0.1 > /tmp/profile
	on client env HOME=/tmp/user tumbler import /tmp/profile --name bob > /tmp/imported 2>&1 ||
		bail "$(cat /tmp/imported)"
	cat > "$CONF" <<-'END'
		[door web]
		command = /tmp/note opened %IP% %KEY%
		close-command = /tmp/note ended %IP% %KEY%

		[door ssh]
		forward = 127.0.0.1:22
	END
}

# opens COMMAND...: a knock that does
opens()
{
	local before

	before=$(reason opened)
	"$@"
	[ "$(reason opened)" = $((before + 1)) ] || failed+=" $*"
}

armed_is()
{
	[ "$(key_row alice number armed)" = "$1" ]
}

# noted N: lines, at least
noted()
{
	[ "$(wc -l < "$NOTED")" -ge "$1" ]
}

minute()
{
	local i failed="" before began session

	before=$(reasons)
	began=$(now_ms)
	kill -STOP "$AGENT"
	for ((i = 1; i <= KNOCKS; i++)); do
		opens sealed_knock --door web
		[ "$i" -gt 3 ] || opens once "$i" --avoid "$AVOID"
		kctl close ssh 10.0.0.2 > /dev/null 2>&1
		# Less, the last time, what the client would wait for.
		[ "$i" = "$KNOCKS" ] || sleep 10
	done
	once 4 --avoid "$AVOID"
	sleep 6
	become client env HOME=/tmp/user tumbler --connect bob < /dev/null > /tmp/through 2> /tmp/client &
	session=$!
	must wait_until 10 "the client has knocked" is_open
	sleep 4
	check "a minute is over" [ $(($(now_ms) - began)) -ge 60000 ]
	check_eq "each knock opened" "" "$failed"
	check_eq "but of the once key only what was armed" "opened=$((KNOCKS + 4))" \
		"$(reasons_since "$before" | tr ' ' '\n' | grep '^opened')"
	check_eq "no command was run" "" "$(cat "$NOTED")"
	kill -CONT "$AGENT"
	wait "$session"
	check_eq "who has connected meanwhile is served" 0 $?
	check "by the service" grep -q '^SSH-2.0' /tmp/through
}

is_open()
{
	kctl --json grants ssh | grep -q '"key": "bob"'
}

made_good()
{
	local i want=""

	for ((i = 1; i <= KNOCKS; i++)); do
		want+="opened 10.0.0.2 mallory
ended 10.0.0.2 mallory
"
	done
	wait_until 30 "all commands have run" noted $((2 * KNOCKS))
	check_eq "each command was run once, in order" "${want%?}" "$(cat "$NOTED")"
	check "once keys are armed again" wait_until 10 "they are" armed_is "3 6"
	check_eq "as many were opened as are logged" $((KNOCKS + 4)) \
		"$(grep -c '^tumblerd: opened: ' "$SAID")"
	check_not "no event was lost" grep -q 'events came faster' "$SAID"
	once 4 --avoid "$AVOID"
	check "the next number opens, and another is armed" \
		wait_until 10 "it is" armed_is "4 7"
}

need_module
plan 11
net_setup
fw_recipe 4 ssh | fw_restore 4 server DROP
start_sshd server
furnish
start_agent --doors /etc/netns/server/knock
run_stage "a minute" minute
run_stage "made good" made_good
end_scenario
