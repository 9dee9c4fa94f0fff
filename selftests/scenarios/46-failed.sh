#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Where a call of knockctl's fails, or an answer of the module is lost, what it was to do
# is done whole or taken back: file and module agree at once.
# Runs: stock
# Takes: 100
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/fault.sh"

# failed WORD...: two results
failed()
{
	at_each error=EIO as_before settled "$@"
	check "$*: failed at $POINTS places" test "$POINTS" -ge 8
	check_eq "$*: file and module agree each time" "" "$BAD"
}

need_module
plan 6
net_setup
a_door
failed add-key ssh carol --type tumbler
failed del-key ssh alice
failed del-door ssh
end_scenario
