# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# What the kernel has to say about a boot, as diagnostics and a verdict.

DMESG_BAD='WARNING|BUG[: ]|Oops|KASAN|UBSAN|possible (recursive|circular|irq|deadlock)'
DMESG_BAD="$DMESG_BAD|lock order|inconsistent lock|suspicious RCU|lockdep is turned off"
DMESG_BAD="$DMESG_BAD|unreferenced object|hung task|blocked for more than|Call Trace|general protection"
DMESG_BAD="$DMESG_BAD|ODEBUG|refcount_t|sleeping function|scheduling while atomic|stall(s|ed)|soft lockup"
DMESG_BAD="$DMESG_BAD|leaked reference|unregister_netdevice: waiting"

# The taint bits that tell of trouble: machine check, bad page, died, warning,
# soft lockup. An out-of-tree, unsigned module is none.
TAINT_BAD=$((1 << 4 | 1 << 5 | 1 << 7 | 1 << 9 | 1 << 14))

# Only what happens from here on counts: what a kernel says of its own hardware
# while it boots is none of ours.
dmesg_begin()
{
	taint_before=$(($(cat /proc/sys/kernel/tainted) & TAINT_BAD))
	[ -e /sys/kernel/debug/kmemleak ] && echo clear > /sys/kernel/debug/kmemleak
	echo "scenarios begin" > /dev/kmsg
}

# dmesg_ours: the log without what nf_tables of the debug kernel has to say of itself: it
# walks its lists of sets and rules under its mutex, and does not tell PROVE_RCU_LIST so.
# The place is the third line of a report; only the two words that are looked for go.
dmesg_ours()
{
	awk '
	/WARNING: suspicious RCU usage/ { held = $0; line = 0; next }
	held != "" && ++line == 3 {
		if (/net\/netfilter\/(nf_tables_api|nft_set_[a-z]+)\.c:[0-9]+ RCU-list traversed/)
			own = 1
		else
			print held
		held = ""
	}
	own && /Call Trace:/ { own = 0; next }
	{ print }
	END { if (held != "") print held }'
}

dmesg_check()
{
	local found tainted

	found=$(dmesg | sed -n '/scenarios begin/,$p' | dmesg_ours | grep -E -n -A 60 "$DMESG_BAD" |
		head -n 400 | sed 's/^/# /')
	tainted=$(($(cat /proc/sys/kernel/tainted) & TAINT_BAD))
	[ -z "$found" ] && [ "$tainted" = "$taint_before" ] && return 0
	echo "$found"
	echo "# taint bits now $tainted, before $taint_before"
	return 1
}

# Twice: the first scan only finds what may be garbage, and kmemleak does not
# report an object younger than 5 s.
leak_check()
{
	local i

	echo scan > /sys/kernel/debug/kmemleak
	for ((i = 0; i < 70; i++)); do
		sleep 0.1
	done
	echo scan > /sys/kernel/debug/kmemleak
	grep -q . /sys/kernel/debug/kmemleak || return 0
	sed 's/^/# /' /sys/kernel/debug/kmemleak | head -n 200
	return 1
}

lockdep_check()
{
	grep -E 'debug_locks: +1' /proc/lockdep_stats > /dev/null && return 0
	echo "# $(grep debug_locks /proc/lockdep_stats)"
	return 1
}
