#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# block, unblock, trust and untrust: what is listed is what was typed, what is wrong is
# refused with the mend, and why points to a block.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

# listed VERB: the listing as JSON, without space at the ends of lines
listed()
{
	kctl --json "$1" | tr -d '\n'
}

blocks()
{
	local until

	check_eq "nobody" "[]" "$(listed blacklist)"
	check_eq "nobody to unblock" "nobody was on the blacklist" "$(kctl unblock --all)"
	must kctl block ::ffff:192.0.2.7
	check_eq "an IPv4 address, until it is lifted" \
		'[ {"address": "192.0.2.7", "kind": "block", "until": null}]' "$(listed blacklist)"
	must kctl block 2001:db8::7 --for 1h
	until=$(kctl --json blacklist | sed -n 's/.*2001:db8::7.*"until": "\(.*\)".*/\1/p')
	check "an IPv6 address, for an hour" [ "$(($(date -d "$until" +%s) - $(date +%s) - 3600))" -ge -20 ]
	check_eq "status counts them" 2 "$(status_number blocks)"
	cmd_fail "no address" 2 "is no address" kctl block server
	cmd_fail "a network" 2 "is no address" kctl block 192.0.2.0/24
	must kctl unblock 192.0.2.7
	check_eq "unblock --all, for programs" '{"count": 1}' "$(kctl --json unblock --all)"
	check_eq "nobody again" 0 "$(status_number blocks)"
}

trusts()
{
	must kctl trust 10.9.0.0/16
	must kctl trust ::ffff:192.0.2.0/120
	must kctl trust 2001:db8::/32
	must kctl trust 203.0.113.9
	check_eq "as they were typed" "10.9.0.0/16 192.0.2.0/24 2001:db8::/32 203.0.113.9" \
		"$(kctl trusted | sed 1d | sort | paste -s -d ' ')"
	check_eq "status counts them" 4 "$(status_number trusted)"
	cmd_fail "bits behind the length" 2 "write 10.9.8.0/24 for the whole network" \
		kctl trust 10.9.8.7/24
	cmd_fail "no such length" 2 "it is 0 to 32 there" kctl trust 10.0.0.0/33
	must kctl untrust 192.0.2.0/24
	cmd_fail "not trusted" 1 "knockctl: " kctl untrust 192.0.2.0/24
	check_eq "the others stay" 3 "$(status_number trusted)"
}

blocked()
{
	must kctl block 10.0.0.2
	assert_reason "a blocked knock" blocked=3 knock client "$SECRET"
	check "why says so" grep -qF "knockctl unblock" <<< "$(kctl why 10.0.0.2 2>&1)"
}

need_module
plan 17
net_setup
must kctl add-door ssh --opens tcp/22
new_key ssh alice
run_stage "blocks" blocks
run_stage "trust" trusts
run_stage "blocked" blocked
end_scenario
