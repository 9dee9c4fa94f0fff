#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/fwknop.rst is true: what it has one type is typed as it is
# printed there, and prints what the page says.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"

need_module
typed_begin migration/fwknop.rst
plan $((TYPED_LINES + 1))
net_setup
typed_furnish
start_sshd server
typed_page
check_eq "one was opened and closed, and nothing was refused" "closed=1 duplicate=4 opened=1" \
	"$(reasons)"
fw_open server
end_scenario
