#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/knockd.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed migration/knockd.rst "closed=1 opened=3 step=6"
