#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/cd00r.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed migration/cd00r.rst "opened=1 step=4"
