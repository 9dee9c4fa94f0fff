#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/iptables-nft.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed recipes/iptables-nft.rst "opened=2"
