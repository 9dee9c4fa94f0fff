# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Instructions that a function of the kernel takes, by its function graph, whose clock is
# the number of instructions where the guest runs with --icount. Wants ktap.sh.

TRACE=/sys/kernel/tracing
# What each run took, the least first, of the last cost_of.
COSTS=/tmp/costs

# cost_of FUNCTION COMMAND...: the median of FUNCTION's runs while COMMAND sends packets:
# a timer's interrupt adds to some. Only one function is traced at a time, for the
# tracer, too, takes instructions.
cost_of()
{
	echo nop > "$TRACE"/current_tracer
	must eval "echo $1 > $TRACE/set_ftrace_filter"
	echo 1 > "$TRACE"/max_graph_depth
	must eval "echo function_graph > $TRACE/current_tracer"
	must "${@:2}"
	echo 0 > "$TRACE"/tracing_on
	awk '{ for (i = 2; i <= NF; i++) if ($i == "us") printf "%d\n", $(i - 1) * 1000 + 0.5 }' \
		"$TRACE"/trace | sort -n > "$COSTS"
	awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] + 0 }' "$COSTS"
	echo nop > "$TRACE"/current_tracer
	echo > "$TRACE"/set_ftrace_filter
	echo 1 > "$TRACE"/tracing_on
}

# alike NAME PERCENT A B: differ by at most so much of A
alike()
{
	local d=$(($3 - $4))

	check "$1: $3 and $4" [ "$3" -gt 0 -a $((${d#-} * 100)) -le $(($2 * $3)) ]
}
