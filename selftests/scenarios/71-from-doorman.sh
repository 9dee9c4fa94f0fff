#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/migration/doorman.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed migration/doorman.rst "opened=1"
