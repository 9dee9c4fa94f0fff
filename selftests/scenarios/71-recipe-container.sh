#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/recipes/container.rst is true.
# Runs: icount
. "$(dirname "$0")/../lib/page.sh"

# shellcheck disable=SC2034 # for status
STATUS_HOST=inner
page_typed recipes/container.rst "opened=2" inner
