#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/quick-start.rst is true: what it has one type is typed as it is
# printed there, and prints what the page says.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"

need_module
typed_begin quick-start.rst
plan $((TYPED_LINES + 2))
net_setup
typed_furnish
start_sshd server
typed_page
check_eq "two opened, as many as were shown" "opened=2" \
	"$(reasons | tr ' ' '\n' | grep '^opened=')"
check "no knock was taken for another's" test "$(reason unproved)" = 0
fw_open server
end_scenario
