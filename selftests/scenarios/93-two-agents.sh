#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A tumblerd in each of two network namespaces, at once, with doors and keys of the same
# names: each hears, serves and runs commands for its own clients only.
# Takes: 20
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/agent.sh"

declare -A ADDRESS=([server]=10.0.0.1 [other]=10.0.0.3) PROCESS

# ctl HOST ARGUMENT...: knockctl there, with what is of that host alone
ctl()
{
	local host=$1

	shift
	inhost "$host" knockctl --config "/tmp/$host/knock" --state "/tmp/$host/state" "$@"
}

# agent HOST [OPTION...]: tumblerd there
agent()
{
	local host=$1

	shift
	CONF=/tmp/$host/conf SAID=/tmp/$host/said AGENT_ON=$host
	start_agent --doors "/tmp/$host/knock" --state "/tmp/$host/state" "$@"
	PROCESS[$host]=$AGENT
}

# serve HOST: who connects is told where he is
serve()
{
	# shellcheck disable=SC2016 # for the other shell
	become "$1" bash -c 'while echo "$0" | nc -lN 127.0.0.1 7000; do :; done' "$1" > /dev/null 2>&1 &
	must wait_until 10 "$1 has a service" listens "$1" 7000
}

furnish()
{
	local host

	mkdir -p /tmp/user
	for host in server other; do
		mkdir -m 700 "/tmp/$host"
		must ctl "$host" add-door ssh --opens none --agent 8676 --open-for 60s
		ctl "$host" add-key ssh alice --once --host "${ADDRESS[$host]}" > "/tmp/$host/profile"
		must on client env HOME=/tmp/user tumbler import "/tmp/$host/profile" --name "$host"
		cat > "/tmp/$host/conf" <<-END
			[door ssh]
			forward = 127.0.0.1:7000
			command = /bin/sh -c 'readlink /proc/self/ns/net >> /tmp/$host/ran'
		END
		: > "/tmp/$host/ran"
		serve "$host"
	done
}

# connects HOST: what the client gets from there, or is told
connects()
{
	must wait_until 10 "$1 has a service" listens "$1" 7000
	on client env HOME=/tmp/user timeout 60 tumbler --connect "$1" < /dev/null 2>&1
}

# events HOST KIND: so often it logged that
events()
{
	grep -c "tumblerd: $2: door ssh" "/tmp/$1/said"
}

has_run()
{
	[ "$(wc -l < "/tmp/$1/ran")" = "$2" ]
}

both()
{
	check_eq "one namespace's client gets its service" server "$(connects server)"
	check "its command is run" wait_until 10 "it is" has_run server 1
	check_eq "in that namespace" "$(on server readlink /proc/self/ns/net)" "$(cat /tmp/server/ran)"
	check_eq "the other heard nothing" "0 0" "$(events other opened) $(wc -l < /tmp/other/ran)"
	check_eq "the other's client gets its own" other "$(connects other)"
	check "with its own command" wait_until 10 "it is" has_run other 1
	check_eq "in its own namespace" "$(on other readlink /proc/self/ns/net)" "$(cat /tmp/other/ran)"
	check_eq "each logged what is its own" "1 1 1 1" \
		"$(events server opened) $(events server served) $(events other opened) $(events other served)"
	check_eq "and has its own numbers" "17 17" \
		"$(cat /tmp/{server,other}/state/once/* | sed -n 's/^handed \([0-9]*\) .*/\1/p' | xargs)"
}

# The client has a grant at one, and knocked in vain at the other, where somebody let him in.
apart()
{
	must ctl other close ssh 10.0.0.2
	must ctl other open ssh 10.0.0.2 --for 60s
	must on client iptables -A OUTPUT -p tcp --syn ! --dport 8676 -d 10.0.0.3 -j DROP
	check "a grant of one namespace is none of the other" \
		grep -q "the agent has nothing for this client" <(connects other)
	must on client iptables -F OUTPUT
	ctl other close ssh 10.0.0.2 > /dev/null
	check_eq "the first still serves" server "$(connects server)"
	AGENT=${PROCESS[server]}
	stop_agent TERM
	check_eq "when it ends the other serves" other "$(connects other)"
}

# Close-commands of two would be mixed up in one file; and two of a namespace are none.
shared()
{
	local status

	CONF=/tmp/server/conf SAID=/tmp/shared AGENT_ON=server
	start_agent --doors /tmp/server/knock --state /tmp/other/state
	check "one that shares the directory says what it does not keep" \
		says "another network namespace's tumblerd keeps its commands in /tmp/other/state"
	stop_agent TERM
	inhost other tumblerd --config /tmp/other/conf --state /tmp/other/state --only-commands \
		> /tmp/second 2>&1
	status=$?
	check_eq "a second that runs its commands is refused" \
		"1 tumblerd: another tumblerd runs commands for this network namespace; end that one first, or give this one --no-commands" \
		"$status $(cat /tmp/second)"
}

need_module
plan 14
net_setup
fw_drop server ssh
fw_drop other ssh
furnish
agent server
agent other
run_stage "both at once" both
run_stage "apart" apart
run_stage "a directory for two" shared
end_scenario
