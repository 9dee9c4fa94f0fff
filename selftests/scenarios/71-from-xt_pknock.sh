#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/xt_pknock.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed migration/xt_pknock.rst "closed=1 opened=2 step=2"
