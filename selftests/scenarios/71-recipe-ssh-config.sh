#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/ssh-config.rst is true, on a server as the other recipes make it.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

# shellcheck disable=SC2317 # page_typed calls it
served()
{
	must on server modprobe xt_knock
	must on server bash -c "knockctl add-door ssh --opens tcp/22"
	fw_drop server ssh
}

page_typed recipes/ssh-config.rst "closed=4 opened=6" server served
