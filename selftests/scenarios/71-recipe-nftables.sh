#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/nftables.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed recipes/nftables.rst "opened=2"
