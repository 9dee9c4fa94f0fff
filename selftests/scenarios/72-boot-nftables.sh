#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/boot-nftables.rst is true: what it has one type is typed as it is
# printed there, and prints what the page says.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"

need_module
typed_begin recipes/boot-nftables.rst
plan $((TYPED_LINES + 1))
net_setup
typed_furnish
start_sshd server
typed_page
check_eq "IPv4 and IPv6 were opened, and nothing else" "opened=2" \
	"$(reasons | tr ' ' '\n' | grep -E 'opened|closed|unproved')"
end_scenario
