#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# One story over every kind of ruleset, by IPv4 and IPv6: closed, open by a knock for
# one address and not for its neighbour, closed by a knock and by time, while what is
# established goes on, and a lone SYN on a dead connection's entry does not.
# Takes: 150
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/ruleset.sh"

# answers HOST:MS...: what one attempt of each, all at once, is answered with
answers()
{
	local pair pids=()

	for pair; do
		try_tcp "${pair%:*}" "$AT" 22 "${pair#*:}" > "/tmp/answer.${pair%:*}" &
		pids+=($!)
	done
	wait "${pids[@]}"
	for pair; do
		cat "/tmp/answer.${pair%:*}"
	done | xargs
}

# connection HOST: one to the service, that stays; ssh greets at once, and again when
# it was greeted itself, which it is when said so
connection()
{
	rm -f /tmp/{greeted,go,answered}."$1"
	mkfifo "/tmp/go.$1"
	# shellcheck disable=SC2016 # for the inner shell
	become "$1" bash -c 'exec 3<> "/dev/tcp/$0/22" && read -r -t 60 -u 3 line &&
		echo "$line" > "/tmp/greeted.$1" && read -r < "/tmp/go.$1" &&
		printf "SSH-2.0-scenario\r\n" >&3 &&
		timeout 60 head -c 1 <&3 | wc -c > "/tmp/answered.$1"' "$AT" "$1" \
			> /dev/null 2>&1 &
	wait_until 60 "ssh greets $1" grep -q '^SSH-2.0' "/tmp/greeted.$1"
}

# goes_on HOST: it does, by what is sent and answered now
goes_on()
{
	echo > "/tmp/go.$1"
	wait_until 60 "$1 is answered" grep -q '^1$' "/tmp/answered.$1"
}

# A connection whose both ends are dead, as conntrack knows it for days.
dead_entry()
{
	on server conntrack -D -p tcp --sport "$1" > /dev/null 2>&1
	must on server conntrack -I -p tcp -s "$CLIENT" -d "$AT" --sport "$1" --dport 22 \
		--state ESTABLISHED -u SEEN_REPLY,ASSURED -t 600
}

lone_syn()
{
	dead_entry 7777
	check_eq "$name: a lone SYN on a dead connection's entry is not let in" silent \
		"$(try_tcp client "$AT" 22 800 7777)"
	ruleset_trusting
	dead_entry 7778
	check_eq "$name: it would be, by a rule for all that is established" open \
		"$(try_tcp client "$AT" 22 15000 7778)"
}

# doors: a door and its two keys, for one story
doors()
{
	must kctl add-door ssh --opens tcp/22 --open-for 1h "${DOOR_OPTIONS[@]}"
	new_key ssh alice
	OPEN=$SECRET
	new_key ssh alice-close --action close
	CLOSE=$SECRET
}

story()
{
	check_eq "$name: closed before" "silent silent" "$(answers client:800 other:800)"
	assert_reason "$name: a wrong secret proves nothing" unproved=3 knock client "x$OPEN" "$AT"
	assert_reason "$name: a knock opens" "duplicate=2 opened=1" knock client "$OPEN" "$AT"
	check_eq "$name: for its sender, not for his neighbour" "open silent" \
		"$(answers client:15000 other:800)"
	check "$name: the service works" connection client
	must kctl open ssh "$OTHER"
	check "$name: also for who is let in by hand" connection other
	must kctl close ssh "$OTHER"
	must kctl open ssh "$OTHER" --for 1s
	assert_reason "$name: a close knock closes" "closed=1 duplicate=2" knock client "$CLOSE" "$AT"
	check "$name: so does time" wait_until 10 "no grant is left" no_grants
	check_eq "$name: closed again" "silent silent" "$(answers client:800 other:800)"
	check "$name: what was established goes on behind a close" goes_on client
	check "$name: and behind an end" goes_on other
	lone_syn
}

no_grants()
{
	[ "$(status_number grants)" = 0 ]
}

# tell RULESET FAMILY
tell()
{
	local name="$1 IPv$2" service=SERVICE_$2

	AT=${!service} CLIENT=10.0.0.2 OTHER=10.0.0.3
	[ "$2" = 4 ] || CLIENT=2001:db8::2 OTHER=2001:db8::3
	doors
	ruleset_up ssh
	run_stage "$name" story
	ruleset_down
	must kctl del-door ssh
}

# From end to end, with more packets in each direction than the story's: once is enough.
whole_ssh()
{
	doors
	ruleset_up ssh
	must kctl open ssh 10.0.0.2
	check_eq "ssh $RULESET" through "$(ssh_run client "$SERVICE_4" echo through)"
	ruleset_down
	must kctl del-door ssh
}

need_module
# shellcheck disable=SC2086 # a list of words
set -- ${ONLY_RULESETS:-$RULESETS}
plan $(($# * 2 * 13 + 1))
net_setup
net_inner
start_sshd server
start_sshd inner
for ruleset; do
	ruleset_use "$ruleset"
	for v in 4 6; do
		tell "$ruleset" "$v"
	done
done
whole_ssh
end_scenario
