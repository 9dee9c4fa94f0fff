#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Four copies of a sealed knock, two on each of two CPUs at the same moment, a
# thousand times with one key: each time exactly one of them opens.
# Runs: stock
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"
. "$(dirname "$0")/../lib/race.sh"

need_module
[ "$(nproc)" -ge 2 ] || skip_all "one CPU"
plan 4
net_setup
must kctl add-door ssh --opens tcp/22 --max-grants "$ROUNDS" --open-for 1h
new_sealed ssh alice --max-grants "$ROUNDS" --skew 300
sealed --address 10.9.0.1 --addresses "$ROUNDS" --count "$ROUNDS" > /tmp/rounds
assert_race "" --from 10.9.0.1 --lines < /tmp/rounds
check_eq "a grant for each" "$ROUNDS" "$(status_number grants)"
end_scenario
