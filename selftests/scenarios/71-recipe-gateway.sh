#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/gateway.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

page_typed recipes/gateway.rst "opened=2" inner
