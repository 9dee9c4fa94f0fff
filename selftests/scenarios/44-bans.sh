#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A ban is no weapon: it ends no grant, a fresh knock lifts it, a flood of them makes
# only the oldest go. A block keeps its address out until it is lifted.
# Takes: 30
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

MAX=4096

# fresh: the next digest that the client has not sent yet, in $FRESH
fresh()
{
	FRESH=$(digest $((FIRST + USED)) 10.0.0.2 "$SECRET")
	USED=$((USED + 1))
}

# touch_trap ADDRESS: one SYN to the trap port, said to be from there
touch_trap()
{
	on client rawknock --to 10.0.0.1 --from "$1" --syn --dport 23 > /dev/null
}

# listed KIND ADDRESS: is it on the blacklist
listed()
{
	kctl --json blacklist | grep -q "\"address\": \"$2\", \"kind\": \"$1\""
}

# until_of ADDRESS: seconds from now to the end that is listed
until_of()
{
	echo $(($(date -u -d "$(kctl --json blacklist | grep "\"$1\"" | json_text until)" +%s) -
		$(date +%s)))
}

# banned ADDRESS: by the trap port
banned()
{
	touch_trap "$1" && wait_until 5 "$1 is banned" listed ban "$1"
}

check_event()
{
	check "event: $1" wait_event "^\{\"kind\": \"$1\", \"time\": \"2026-[^\"]*Z\", $2, \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null\}$"
}

ban()
{
	check "a touch of the trap port bans" banned 10.0.0.2
	check_event banned '"door": null, "key": null, "address": "10.0.0.2", "id": null, "cause": "rule", "until": "2026-[^"]*Z"'
	check "for as long as the rule says" [ "$(until_of 10.0.0.2)" -gt 400 ]
	must fw4 server -R INPUT 1 -p tcp --dport 23 -j KNOCK --ban 1h
	touch_trap 10.0.0.2
	longer()
	{
		[ "$(until_of 10.0.0.2)" -gt 3400 ]
	}
	check "again, for longer: the later end counts" wait_until 5 "the ban lasts longer" longer
	must fw4 server -R INPUT 1 -p tcp --dport 23 -j KNOCK --ban 10m
	touch_trap 10.0.0.2
	check_eq "one address is banned" 1 "$(status_number bans)"
	fresh
	assert_reason "a fresh knock opens all the same" opened=1 send client "$FRESH"
	check_event pardoned '"door": "ssh", "key": "alice", "address": "10.0.0.2", "id": null, "cause": "knock", "until": null'
	check_not "and lifts the ban" listed ban 10.0.0.2
	expect_tcp "he is in" open client 10.0.0.1 22
	check_eq "three touches were one event" 1 "$(grep -c '"banned"' "$EVENTS")"
}

# With a grant he is not blacklisted, so the ban ends nothing.
ban_beside_grant()
{
	check "banned while the door is open" banned 10.0.0.2
	expect_tcp "he is still in" open client 10.0.0.1 22
	must kctl close ssh 10.0.0.2
	expect_tcp "closed" silent client 10.0.0.1 22
	assert_reason "a replay from elsewhere changes nothing" replay=1 send other "$FRESH"
	fresh
	assert_reason "a fresh knock" opened=1 send client "$FRESH"
	expect_tcp "and he is in" open client 10.0.0.1 22
	check_not "pardoned again" listed ban 10.0.0.2
}

block()
{
	local hashes

	check "blocked" kctl block 10.0.0.2
	expect_tcp "his grant is of no use" silent client 10.0.0.1 22
	hashes=$(status_number hashes)
	fresh
	assert_reason "nor is a fresh knock" blocked=1 send client "$FRESH"
	check_eq "which costs no hash" "$hashes" "$(status_number hashes)"
	check_eq "one is blocked" 1 "$(status_number blocks)"
	check "unblocked" kctl unblock 10.0.0.2
	expect_tcp "he is in at once" open client 10.0.0.1 22
	assert_reason "and the knock that was refused is good" extended=1 send client "$FRESH"
	cmd_fail "nobody is unblocked twice" 1 "neither blocked nor banned" kctl unblock 10.0.0.2
	must kctl block 10.0.0.2 --for 2s
	expect_tcp "blocked for a time" silent client 10.0.0.1 22
	no_blocks()
	{
		[ "$(status_number blocks)" = 0 ]
	}
	check "which is over" wait_until 10 "the block is over" no_blocks
	expect_tcp "and he is in" open client 10.0.0.1 22
}

trust()
{
	must kctl close ssh 10.0.0.2
	check "banned once more" banned 10.0.0.2
	check "trusted" kctl trust 10.0.0.0/24
	check_not "trust lifts the ban" listed ban 10.0.0.2
	fresh
	must send client "$FRESH"
	touch_trap 10.0.0.2
	must fw4 server -I INPUT 1 -p tcp --dport 24 -j KNOCK --close ssh
	on client rawknock --to 10.0.0.1 --from 10.0.0.2 --syn --dport 24 > /dev/null
	expect_tcp "rules close nothing of his" open client 10.0.0.1 22
	check_not "and ban him no more" listed ban 10.0.0.2
	check "trusted no more" kctl untrust 10.0.0.0/24
	on client rawknock --to 10.0.0.1 --from 10.0.0.2 --syn --dport 24 > /dev/null
	expect_tcp "a rule closes" silent client 10.0.0.1 22
	check_event closed '"door": "ssh", "key": "alice", "address": "10.0.0.2", "id": [0-9]+, "cause": "rule", "until": null'
	must fw4 server -D INPUT 1
}

# More than there is room for, the client first and the blocked and granted between.
flood()
{
	must kctl block 10.9.0.9
	must kctl open ssh 10.9.0.8 --for 1h
	check "banned before all others" banned 10.0.0.2
	on client rawknock --to 10.0.0.1 --from 10.9.1.0 --sources "$MAX" --syn --dport 23 \
		--rate "$RATE" > /dev/null
	full()
	{
		[ "$(status_number bans)" = "$MAX" ] && listed ban 10.9.16.255
	}
	check "a flood fills the list and no more" wait_until 20 "the list is full" full
	check_not "the oldest went" listed ban 10.0.0.2
	check "the second oldest did not" listed ban 10.9.1.0
	check "he is banned again" banned 10.0.0.2
	fresh
	assert_reason "his fresh knock works in the flood" opened=1 send client "$FRESH"
	expect_tcp "and he is in" open client 10.0.0.1 22
	check "the block is still there" listed block 10.9.0.9
	check_eq "and the grant" 2 "$(status_number grants)"
	check_eq "unblock --all lifts everything" "lifted $MAX entries" "$(kctl unblock --all)"
	check_eq "nobody is banned" 0 "$(status_number bans)"
}

need_module
plan 48
RATE=4000
[ ! -e /sys/kernel/debug/kmemleak ] || RATE=400
net_setup
set_clock "2026-11-22 12:30:05"
fw_drop server ssh
must fw4 server -I INPUT 1 -p tcp --dport 23 -j KNOCK --ban 10m
must fw4 server -I INPUT 2 -m knock --blacklisted -j DROP
start_sshd server
must kctl add-door ssh --opens tcp/22 --open-for 1h
# With such a skew one address has a knock for each of many minutes at once.
new_key ssh alice --skew 300
FIRST=$(($(minute_now) - 4)) USED=0
start_monitor
run_stage "a ban" ban
run_stage "a ban beside a grant" ban_beside_grant
run_stage "a block" block
run_stage "trust" trust
run_stage "a flood" flood
end_scenario
