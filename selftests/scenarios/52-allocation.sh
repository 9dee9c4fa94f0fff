#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The packet path allocates and frees nothing: the kernel's own trace points of
# every allocator are counted by stack, and no stack has the module in it, but for
# the work item that sends events, and the one that makes derived sequences. (A stack is
# its innermost 16 frames.) What a used sequence frees, RCU frees.
# Runs: stock
# Takes: 45
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

TRACE=/sys/kernel/tracing
STACKS=hist:keys=stacktrace:size=8192
GOOD=1000
SEQUENCES=40 STRAYS=3000
BOGUS=${BOGUS:-10000}
WRONG=$((BOGUS * 7 / 10)) SEALED_SIZED=$((BOGUS / 10)) WRONG_FORM=$((BOGUS / 10)) WRONG_SIZE=$((BOGUS / 10))

# All trace points of slab, page and per-CPU allocators; rss_stat is none of them.
allocator_events()
{
	local e

	for e in "$TRACE"/events/{kmem,percpu}/*/; do
		[ "$(basename "$e")" = rss_stat ] || echo "${e%/}"
	done
}

# each_trigger ACTION: pause, clear or cont for all of them. To make one is thousands of
# allocations, so none counts before all are made. (Who truncates the file removes it.)
each_trigger()
{
	local e

	for e in $ALLOCATORS; do
		echo "$STACKS:$1" >> "$e/trigger" || bail "$e takes no trigger"
	done
}

# Between the two no knockctl runs: what it asks for is allocated by the module.
watch_begin()
{
	each_trigger clear
	each_trigger cont
}

watch_end()
{
	local e

	each_trigger pause
	rm -f /tmp/stacks
	for e in $ALLOCATORS; do
		echo "event $(basename "$e")" >> /tmp/stacks
		cat "$e/hist" >> /tmp/stacks
	done
}

watch_no_more()
{
	local e

	for e in $ALLOCATORS; do
		echo "!$STACKS" > "$e/trigger"
	done
}

# A stack is cut where an interrupt came in: what it interrupted allocates nothing.
# Prints MODULE WORKER ALL, events with the module in their stack, those among them
# of the work item, and all; and on standard error what is neither.
judge_stacks()
{
	awk '
	/^event / { event = $2 }
	/^[{] (common_)?stacktrace:/ { stack = ""; cut = ours = 0; next }
	/^[}] hitcount:/ {
		n = $3
		all += n
		if (ours) {
			module += n
			if (stack ~ /knock_event_send/ && stack ~ /process_one_work/)
				worker += n
			else if (stack ~ /knock_deriveds_work/ && stack ~ /process_one_work/)
				deriver += n
			else if (event == "kmem_cache_free" && stack ~ /rcu_do_batch/)
				reader += n
			else
				print event, n stack > "/dev/stderr"
		}
		next
	}
	/^ +asm_(sysvec|common_interrupt|exc)/ { cut = 1 }
	/^ +[a-zA-Z_]/ && !cut { stack = stack " < " $1; if (/\[xt_knock\]/) ours = 1 }
	/^ +Dropped: [1-9]/ { print event, "lost stacks: " $2 > "/dev/stderr"; module++ }
	END { print module + 0, worker + 0, all + 0 }' /tmp/stacks 2> /tmp/stacks.bad
}

# allocates_nothing NAME COMMAND...: with it nothing but the work item allocates
allocates_nothing()
{
	local name=$1 module worker all

	shift
	watch_begin
	"$@"
	# On the hub it is behind them in the same queue, so all have been looked at.
	must on client taskset -c 0 ping -q -c 1 -W 10 10.0.0.3
	[ -z "$listening" ] || "$listening"
	watch_end
	read -r module worker all <<< "$(judge_stacks)"
	diag "$name: $all allocator events, $module with the module, $worker of its work item"
	check "$name: the trace points fire" [ "$all" -gt 1000 ]
	check_eq "$name: the packet path allocates nothing" "" "$(head -n 20 /tmp/stacks.bad)"
	check "$name: its work item only if somebody listens" \
		[ "${listening:+y}" = "$([ "$worker" -gt 0 ] && echo y)" ]
}

raw()
{
	must on client taskset -c 0 rawknock --to 10.0.0.1 --from 10.9.0.1 "$@"
}

bogus_knocks()
{
	raw --bogus --sources 20000 --count "$WRONG"
	raw --random 88 --sources 500 --count "$SEALED_SIZED"
	raw --bogus --template 'TUMBLER2: %d' --sources 500 --count "$WRONG_FORM"
	raw --bogus --length 90 --sources 500 --count "$WRONG_SIZE"
}

good_knocks()
{
	raw --secret "$SECRET" --sources "$GOOD"
}

good_knocks6()
{
	must on client taskset -c 0 rawknock --to 2001:db8::1 --from 2001:db8:9::1 \
		--secret "$SECRET" --sources "$GOOD"
}

bogus_stage()
{
	local before rose

	before=$(reasons)
	allocates_nothing "$1, bogus" bogus_knocks
	rose=$(reasons_since "$before")
	check_eq "$1, bogus: all were looked at" "$WRONG $SEALED_SIZED $WRONG_FORM $WRONG_SIZE" \
		"$(sum_of "$rose" unproved budget) $(sum_of "$rose" unknown_hint) $(
			sum_of "$rose" form) $(sum_of "$rose" size)"
}

# good_stage NAME COMMAND
good_stage()
{
	local before

	clock_second 2
	before=$(reasons)
	allocates_nothing "$1, good" "$2"
	check_eq "$1, good: each opened" "opened=$GOOD" "$(reasons_since "$before")"
}

new_door()
{
	kctl del-door ssh > /dev/null 2>&1
	must kctl add-door ssh --opens tcp/22 --max-grants 1024 --open-for 10m
	new_key ssh many --max-grants 1024
}

sequence_keys()
{
	kctl del-door ssh > /dev/null 2>&1
	must kctl add-door ssh --opens tcp/22 --open-for 10m
	must seq_add ssh once --count "$SEQUENCES" --once "$SEQ_SECRET" --armed 3
	must seq_add ssh list --static 42,196,69
	clock_second 5
	must seq_add ssh slots --derived "${SEQ_SECRET/#00/ff}" --fresh
}

sequence()
{
	must on client taskset -c 0 seqknock --to 10.0.0.1 --from 10.0.0.2 "$@"
}

# By their owner, and once more by who has seen them; strangers, and scans.
sequence_packets()
{
	local i

	sequence --static 42,196,69
	for ((i = 1; i <= SEQUENCES; i++)); do
		sequence --once "$SEQ_SECRET" --number $((1 + i % 2)) --index "$i"
	done
	for ((i = 1; i <= SEQUENCES; i += 10)); do
		sequence --once "$SEQ_SECRET" --number $((1 + i % 2)) --index "$i" \
			--from "10.9.8.$i" --address 10.0.0.2
	done
	for i in 0 1 2; do
		sequence --derived "${SEQ_SECRET/#00/ff}" --counter "$i"
	done
	sequence --from 10.9.0.1 --flood "$STRAYS" --sources 60000
	sequence --flood 2000 --sources 1
}

all_used()
{
	wait_event '"used"' 30 $((SEQUENCES + 3))
}

sequence_stage()
{
	local before rose

	sequence_keys
	before=$(reasons)
	allocates_nothing "$1, sequences" sequence_packets
	rose=$(reasons_since "$before")
	diag "$rose"
	check_eq "$1, sequences: each opened or extended" $((SEQUENCES + 4)) \
		"$(sum_of "$rose" opened extended)"
	check_eq "$1, sequences: every tenth was replayed" $((SEQUENCES / 10)) \
		"$(sum_of "$rose" replay)"
}

all_events()
{
	wait_event '"opened"' 30 "$GOOD"
}

# What the trace points show where the module does allocate.
positive_control()
{
	local module worker all

	watch_begin
	must kctl add-door control --opens tcp/23
	must kctl del-door control
	watch_end
	read -r module worker all <<< "$(judge_stacks)"
	diag "control: $all allocator events, $module with the module, $worker of its work item"
	check "adding a door is seen to allocate" grep -q '^kmalloc.* knock_' /tmp/stacks.bad
	check "deleting it is seen to free" grep -q '^kfree.* knock_' /tmp/stacks.bad
	check_eq "none of that by the work item" 0 "$worker"
}

need_module
[ -d "$TRACE/events/kmem" ] || skip_all "this kernel has no allocator trace points"
[ -e "$TRACE/events/kmem/kfree/hist" ] || skip_all "this kernel counts no stacks at trace points"
plan 29
net_setup
ALLOCATORS=$(allocator_events)
each_trigger pause
fw_drop server ssh
listening=
run_stage "control" positive_control
new_door
bogus_stage "nobody listens"
good_stage "nobody listens" good_knocks
sequence_stage "nobody listens"
new_door
start_monitor
listening=all_events
good_stage "monitor listens" good_knocks6
listening=
bogus_stage "monitor listens"
listening=all_used
sequence_stage "monitor listens"
stop_monitor
watch_no_more
end_scenario
