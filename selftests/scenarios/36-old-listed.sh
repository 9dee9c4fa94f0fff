#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `knockctl old' shows each used knock once: whose it was, when, and for which minute,
# and nothing that it could be sent again with; forgotten ones no more.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

MANY=300

old()
{
	kctl --json old "$@" | tr -d '\n'
}

one()
{
	local digest minute used

	check_eq "none yet" "[]" "$(old)"
	minute=$(minute_now)
	digest=$(digest "$minute" 10.0.0.2 "$SECRET")
	assert_reason "a knock" opened=1 send client "$digest"
	used=$(old | json_text used)
	check_eq "is listed" "[ {\"door\": \"ssh\", \"key\": \"alice\", \"type\": \"tumbler\", \
\"address\": \"10.0.0.2\", \"number\": $minute, \"used\": \"$used\", \"slot\": null}]" "$(old)"
	check "with the moment ($used)" grep -q '^2026-11-22T12:3[0-9]:[0-9]*Z$' <<< "$used"
	check_not "and without its digest" grep -q "${digest:0:16}" <<< "$(old; kctl old)"
	assert_reason "a replay" replay=1 send other "$digest"
	check_eq "changes nothing" 1 "$(old | grep -o '"address"' | wc -l)"
	set_clock "2026-11-23 12:30:30"
	check_eq "the moment is told by the clock of now" "2026-11-23T12:30" \
		"$(old | json_text used | cut -c -16)"
	set_clock "2026-11-22 12:30:30"
}

# shown: how often each of many was: "times knocks"
shown()
{
	kctl --json old "$@" | grep -o '"address": "10\.9\.[0-9.]*"' | sort | uniq -c |
		awk '{ n[$1]++ } END { for (t in n) print t, n[t] }' | xargs
}

many()
{
	must kctl add-door web --opens tcp/80 --max-grants "$MANY"
	new_key web bob --max-grants "$MANY"
	knocks()
	{
		on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources "$MANY" \
			--secret "$SECRET" --rate 200 > /dev/null
	}
	assert_reason "$MANY knocks" "opened=$MANY" knocks
	check_eq "each once" "1 $MANY" "$(shown)"
	check_eq "also of their door alone" "1 $MANY" "$(shown web)"
	check_eq "of the other, its own" "10.0.0.2" "$(old ssh | json_text address)"
	check_eq "as many as status counts" $((MANY + 1)) "$(status_number old)"
	cmd_fail "no such door" 1 "no such door" kctl old none
	must kctl del-key web bob
	check_eq "with their key they go" "" "$(shown)"
	check_eq "the other's stays" "10.0.0.2" "$(old | json_text address)"
}

# A sealed key remembers its own, the last sixteen.
sealed_ones()
{
	local now

	must kctl add-door seal --opens tcp/25
	new_sealed seal carol
	now=$(date +%s)
	assert_reason "a sealed knock" opened=1 sealed_knock --door seal --address 10.0.0.2
	used=$(old seal | json_text used)
	check "is listed with the second it was made" grep -qE "^\[ *\{\"door\": \"seal\", \
\"key\": \"carol\", \"type\": \"sealed\", \"address\": \"10.0.0.2\", \
\"number\": (${now%?}.|$((now / 10 + 1)).), \"used\": \"2026-11-22T12:3[0-9]:[0-9]*Z\", \
\"slot\": null\}\]$" <<< "$(old seal)"
	check_eq "with the moment" "$used" "$(kctl --json keys seal | json_text used)"
	assert_reason "twenty more" extended=20 sealed_knock --door seal --address 10.0.0.2 --count 20
	check_eq "the last sixteen are told" 16 "$(old seal | grep -o '"type": "sealed"' | wc -l)"
	check_eq "of the other door, nothing new" "10.0.0.2" "$(old ssh | json_text address)"
}

need_module
plan 22
net_setup
set_clock "2026-11-22 12:30:05"
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_key ssh alice
run_stage "one" one
run_stage "many" many
run_stage "sealed" sealed_ones
end_scenario
