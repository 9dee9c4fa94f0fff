#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/container.rst is true: what it has one type is typed as it is
# printed there, and prints what the page says.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"

need_module
typed_begin recipes/container.rst
plan $((TYPED_LINES + 1))
net_setup
net_inner
typed_furnish
start_sshd inner
typed_page
check_eq "IPv4 and IPv6 were opened, there and not here" "opened=2 " \
	"$(on inner knockctl status | awk '$1 == "opened" { print $1 "=" $2 }') $(reasons)"
end_scenario
