#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten thousand once keys: a packet costs what it costs with ten, scans open nothing, and
# strays keep nobody out.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

KEYS=10000
[ ! -e /sys/kernel/debug/kmemleak ] || KEYS=1000

# memory: bytes that the kernel holds and will not give up. What is free is not asked for:
# pages that a processor keeps at hand count neither as free nor as used by anybody.
memory()
{
	awk '{ kb[$1] = $2 } END {
		print (kb["SUnreclaim:"] + kb["VmallocUsed:"] + kb["Percpu:"]) * 1024
	}' /proc/meminfo
}

# next_key: one that was not used, in $KEY
next_key()
{
	KEY=$((KEY + 1))
}

# lookups_of COMMAND...: how many look-ups packets took meanwhile
lookups_of()
{
	local before

	before=$(status_number lookups)
	"$@"
	echo $(($(status_number lookups) - before))
}

load()
{
	local before began after

	# What comes with the first key is there.
	must seq_add ssh first --once "${SEQ_SECRET/#00/ff}" --armed 3
	before=$(memory)
	began=$(now_ms)
	must seq_add ssh k --count "$KEYS" --once "$SEQ_SECRET" --armed 3
	after=$(memory)
	diag "$KEYS keys in $(($(now_ms) - began)) ms, $(((after - before) / KEYS / 3)) bytes an armed sequence"
	check_eq "all are armed" $((3 * KEYS + 3)) "$(status_number sequences)"
	[ -e /sys/kernel/debug/kmemleak ] && { skip "memory" "the debug kernel needs more"; return; }
	check "at most 512 bytes an armed sequence" [ $(((after - before) / KEYS / 3)) -le 512 ]
}

lookups()
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		once 1 --index "$i" --order 1
	done
	check_eq "who has begun eight costs nine look-ups" 9 \
		"$(lookups_of steps client --static 1)"
	check_eq "who has begun nothing costs one" 1 "$(lookups_of steps other --static 1)"
	check "no packet costs more" [ "$(lookups_of once 3 --index 20 --strays 900 --seed 1)" -le $((908 * 9)) ]
	grant_ends
}

# opens NAME STRAYS SEED: ten keys' knocks, each with so many strays
opens()
{
	local i before opened

	before=$(reason opened)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		next_key
		once 1 --index "$KEY" --strays "$2" --seed $(($3 + i))
		kctl close ssh 10.0.0.2 > /dev/null
	done
	opened=$(($(reason opened) - before))
	check_eq "$1" 10 "$opened"
}

strays()
{
	local n seed=$RANDOM

	diag "seed $seed"
	for n in 0 1 3 10 31; do
		opens "with $n strays, ten of ten open" "$n" "$seed"
	done
}

nat()
{
	local before a b

	before=$(reasons)
	next_key
	a=$KEY
	next_key
	b=$KEY
	once 1 --index "$a" --delay 50 &
	once 1 --index "$b" --delay 70 &
	wait
	check_eq "two clients behind one address" 2 \
		"$(sum_of "$(reasons_since "$before")" opened extended)"
	grant_ends
	next_key
	once 1 --index "$KEY" --order 1,2,3,4,5
	before=$(reason opened)
	once 1 --index "$KEY"
	check_eq "a knock after one that was aborted" $((before + 1)) "$(reason opened)"
	grant_ends
}

scans()
{
	local before

	# nmap's are 60-scan-once's.
	before=$(reasons)
	steps client --flood 65536 --sources 1 --seed 7
	steps other --static "$(seq -s, 65000 -1 64969)"
	check_eq "scans open nothing" 0 "$(status_number grants)"
	diag "$(reasons_since "$before")"
	next_key
	assert_reason "and keep nobody out" "opened=1 step=7" once 1 --index "$KEY"
	grant_ends
}

flood()
{
	local i opened before

	steps other --from 10.9.0.1 --flood 100000000 --sources 60000 --seed 3 &
	before=$(reason opened)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		next_key
		once 1 --index "$KEY" --delay 50
		kctl close ssh 10.0.0.2 > /dev/null
	done
	opened=$(($(reason opened) - before))
	kill %% 2>/dev/null
	wait
	check_eq "in a flood of forged SYNs, ten of ten open" 10 "$opened"
	diag "$(reasons), $(status_number sources) sources"
}

need_module
plan 15
KEY=100
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "loading" load
run_stage "look-ups" lookups
run_stage "strays" strays
run_stage "behind one address" nat
run_stage "scans" scans
run_stage "a flood" flood
end_scenario
