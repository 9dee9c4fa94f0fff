#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What was refused last is on record by its source, with the reason that was counted
# for it; what is no knock, and what was accepted, is not.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/packet.sh"

# recorded: the reason on record for $FROM, and the port
recorded()
{
	kctl --json why "$FROM" 2>&1 | tr -d '\n' |
		sed -n 's/.*"port": *\([0-9]*\).*"reason": *"\([a-z_]*\)".*/\2 \1/p'
}

# on_record NAME REASON OPTION...: of rawknock, from a new address
on_record()
{
	packet "$1" "$2=1" "${@:3}"
	check_eq "IPv$V: on record: $1" "$2 8675" "$(recorded)"
}

# off_record NAME OPTION...: from a new address
off_record()
{
	elsewhere 1
	assert_reason "IPv$V: $1" "$2" raw "${@:3}"
	cmd_fail "IPv$V: off the record: $1" 1 "is on record" kctl why "$FROM"
}

unreadable()
{
	on_record "a bad checksum" checksum --bogus --checksum bad
	on_record "no knock's length" size --random 20
	on_record "the wrong form" form --random 76
	on_record "a fragment" fragment --bogus --fragments 0:64
	on_record "lengths that differ" header --bogus --udp-length 80
	on_record "what may be a sealed knock" unknown_hint --random 88
}

refused()
{
	on_record "a digest that nobody made" unproved --bogus
	elsewhere 1
	assert_reason "IPv$V: a knock" opened=1 raw --secret "$SECRET"
	cmd_fail "IPv$V: off the record: what was accepted" 1 "is on record" kctl why "$FROM"
	digest=$(digest "$(minute_now)" "$FROM" "$SECRET")
	elsewhere 1
	assert_reason "IPv$V: from elsewhere" replay=1 raw --digest "$digest"
	check_eq "IPv$V: on record: a replay" "replay 8675" "$(recorded)"
	assert_reason "IPv$V: something else then" size=1 raw --random 20
	check_eq "IPv$V: on record: the latest" "size 8675" "$(recorded)"
}

# With a grant, no hash, no room: what decides is on record.
full()
{
	must kctl add-door small --opens tcp/25 --max-grants 1 --knock-port 9999
	new_key small bob
	must kctl open small 192.0.2.1 --for 1h
	packet "a knock at a full door" door_full=1 --secret "$SECRET" --dport 9999
	check_eq "IPv$V: on record: a full door" "door_full 9999" "$(recorded)"
	must kctl del-door small
}

others()
{
	off_record "another port" "" --bogus --dport 53
	packet "before" unproved=1 --bogus
	must on other knockctl add-door ssh --opens tcp/22
	cmd_fail "another namespace has records of its own" 1 "is on record" \
		on other knockctl why "$FROM"
	must kctl del-door ssh
	cmd_fail "they go with the last door" 1 "is on record" kctl why "$FROM"
}

# More sources than slots: each has its own or none, nobody another's.
many()
{
	local i wrong=0 right=0

	elsewhere 1
	must on client rawknock --to 10.0.0.1 --from 10.9.100.1 --sources 3000 --random 20 --rate 3000
	for i in 10.9.100.1 10.9.110.200 10.9.111.{1..40}; do
		FROM=$i
		case $(recorded) in
		"size 8675") right=$((right + 1)) ;;
		"") ;;
		*) wrong=$((wrong + 1)) ;;
		esac
	done
	check_eq "nobody has another's" 0 "$wrong"
	check "the latest are there ($right of 42)" [ "$right" -gt 0 ]
}

need_module
plan 51
net_setup
set_clock "2026-11-22 12:30:05"
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_key ssh alice
family 4
run_stage "many" many
for v in 4 6; do
	family "$v"
	run_stage "IPv$V: not to be read" unreadable
	run_stage "IPv$V: refused" refused
	secret=$SECRET
	run_stage "IPv$V: full" full
	SECRET=$secret
done
family 4
run_stage "others" others
end_scenario
