#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Four copies of a knock, two on each of two CPUs at the same moment, a thousand
# times: each time exactly one of them opens.
# Runs: stock
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/race.sh"

# run_race NAME FIRST_ADDRESS
run_race()
{
	new_key ssh "$1" --max-grants "$ROUNDS"
	assert_race "$1: " --from "$2" --secret "$SECRET" --rounds "$ROUNDS"
	check_eq "$1: a grant for each" "$ROUNDS" \
		"$(kctl --json grants | grep -o "\"key\": \"$1\".*\"address\": \"[^\"]*\"" | sort -u | wc -l)"
	must kctl del-key ssh "$1"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert with another budget"
[ "$(nproc)" -ge 2 ] || skip_all "one CPU"
plan 9
net_setup
# No copy is to be passed over for want of hashes: each has to lose the race.
must rmmod xt_knock
must insmod "$KNOCK_KO" hashes=100000000
must kctl add-door ssh --opens tcp/22 --max-grants 4096 --open-for 1h
set_clock "2026-11-22 12:30:05"
run_race first 10.9.0.1
set_clock "2026-11-22 12:32:05"
run_race second 10.9.64.1
check_eq "nothing is left of it" 0 "$(status_number grants)"
end_scenario
