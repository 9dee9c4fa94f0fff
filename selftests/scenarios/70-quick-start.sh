#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/quick-start.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed quick-start.rst "opened=2"
