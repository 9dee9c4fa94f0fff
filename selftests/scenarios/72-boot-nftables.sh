#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/boot-nftables.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed recipes/boot-nftables.rst "opened=2"
