#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/fwknop.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed migration/fwknop.rst "closed=1 opened=1"
