#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 200 user namespaces of a user without privileges, filled with doors and keys until
# the module refuses, stay inside a memory cgroup of 64 MB: each refusal is a sentence,
# nobody is killed, nothing is charged outside, and all of it comes back.
# Runs: stock
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

COUNT=200
LIMIT=$((64 << 20))
# The guest's own comings and goings, while some 60 MB are taken.
TOLERANCE=$((3 << 20))
# What netfilter takes for a hook is charged in any case, by the page.
BEYOND=$((16 << 10))
CGROUP=/tmp/cgroup/tenants

# The cgroup with its limit; who is put into it later has no privileges.
cgroup()
{
	mkdir /tmp/cgroup && mount -t cgroup2 none /tmp/cgroup &&
	echo +memory > /tmp/cgroup/cgroup.subtree_control && mkdir "$CGROUP" &&
	echo "$LIMIT" > "$CGROUP/memory.max"
}

of_cgroup()
{
	cat "$CGROUP/memory.$1"
}

# event NAME: how often it came
event()
{
	awk -v n="$1" '$1 == n { print $2 }' "$CGROUP/memory.events"
}

# free_bytes: of the whole guest, when what waits to be freed is
free_bytes()
{
	echo 3 > /proc/sys/vm/drop_caches
	awk '$1 == "MemFree:" { print $2 * 1024 }' /proc/meminfo
}

tenants()
{
	# shellcheck disable=SC2016 # for the inner shell
	sh -c 'echo $$ > "$0/cgroup.procs" && ulimit -l unlimited && ulimit -n 1024 &&
		exec setpriv --reuid 65534 --regid 65534 --clear-groups -- fillns "$1"' \
		"$CGROUP" "$COUNT" > /tmp/told 2>&1 &
	TENANTS=$!
}

# stopped CALLED: as fillns is then called
stopped()
{
	grep -q '^State:.*T (stopped)' "/proc/$TENANTS/status" &&
		[ "$(cat "/proc/$TENANTS/comm")" = "$1" ]
}

# stops CALLED: or has ended, which is seen next
stops()
{
	stopped "$1" || ! kill -0 "$TENANTS"
}

wait_stop()
{
	wait_until 250 "the tenants have $1" stops "$1"
	stopped "$1" || bail "the tenants ended: $(cat /tmp/told)"
}

# told NAME: a number of what it says at the end
told()
{
	tr ' ' '\n' < /tmp/told | grep -A 1 -x "$1" | tail -n 1
}

near()
{
	[ "$1" -ge $(($2 - TOLERANCE)) ] && [ "$1" -le $(($2 + TOLERANCE)) ]
}

filling()
{
	local free charged

	free=$(free_bytes) charged=$(of_cgroup current)
	diag "$COUNT namespaces: $charged bytes charged"
	check "these alone leave room" [ "$charged" -lt $((LIMIT / 2)) ]
	kill -CONT "$TENANTS"
	wait_stop filled
	free=$((free - $(free_bytes))) charged=$(($(of_cgroup current) - charged))
	diag "filled: $charged bytes charged, $free taken; $(event max) times at the limit"
	check "that took memory" [ "$charged" -gt $((16 << 20)) ]
	check "no more than the limit" [ "$(of_cgroup current)" -le $((LIMIT + BEYOND)) ]
	check "what was taken was charged, and nothing outside ($free, $charged)" \
		near "$free" "$charged"
}

# Outside there is room, and no tenant stands in the way.
others()
{
	check "another namespace still gets a door" kctl add-door ssh --opens tcp/22
	new_key ssh alice
	assert_reason "and hears knocks" "duplicate=2 opened=1" knock client "$SECRET"
}

ending()
{
	kill -CONT "$TENANTS"
	wait "$TENANTS"
	check_eq "the tenants end by themselves" 0 $?
	diag "$(cat /tmp/told)"
	check_eq "each was refused a door" "$COUNT" "$(told refused-a-door)"
	check "some got doors, some keys" [ "$(told doors)" -gt 20 -a "$(told keys)" -gt 0 ]
	check_eq "each refusal was one of memory, with a sentence" "0 0" \
		"$(told without-a-sentence) $(told other-errors)"
	check "such as: no memory" grep -q '^last no memory for' /tmp/told
	check_eq "nobody was killed" "0 0" "$(event oom_kill) $(event oom_group_kill)"
}

given_back()
{
	[ "$(of_cgroup current)" -lt $((LIMIT / 4)) ]
}

need_module
cgroup 2> /dev/null || skip_all "this kernel has no memory cgroups of version 2"
plan 13
net_setup
tenants
wait_stop made
run_stage "filling" filling
run_stage "the others" others
run_stage "the end" ending
check "and all comes back" wait_until 60 "it is freed" given_back
end_scenario
