#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A knock that could not be sent has not used up its minute: the next one opens.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

need_module
plan 4
net_setup
set_clock "2026-11-23 12:30:05"
must kctl add-door ssh --opens tcp/22
new_key ssh alice
fw4 client -A OUTPUT -p udp --dport 8675 -j DROP
cmd_fail "its own firewall keeps it" 1 "could not be sent" knock client "$SECRET"
fw4 client -D OUTPUT -p udp --dport 8675 -j DROP
assert_reason "the same minute" "duplicate=2 opened=1" knock client "$SECRET"
cmd_fail "which is used now" 1 "the next knock is possible at 12:31 UTC" knock client "$SECRET"
assert_reason "so nothing was sent" "" true
end_scenario
