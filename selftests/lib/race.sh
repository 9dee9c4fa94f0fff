# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Copies of a knock on two CPUs at the same moment. Wants ktap.sh, net.sh and knock.sh.
#
# A veth hands a packet to the softirq of the CPU that sent it, and knockrace pins a
# sender to each.

ROUNDS=1000

# received CPU: packets that its softirq took in so far, by its line of softnet_stat
received()
{
	local line

	line=$(sed -n "$(($1 + 1))p" /proc/net/softnet_stat)
	echo $((0x${line%% *}))
}

# race OPTION...: knocks as knockrace makes them, or reads them
race()
{
	on client knockrace --to 10.0.0.1 --threads 2 --copies 2 "$@" > /dev/null
}

# assert_race NAME OPTION...: three results: of ROUNDS knocks of such a race, two copies
# on each CPU, one opens, and each CPU had its share. A copy that comes sixteen sealed
# knocks late, since its CPU was held up, is refused as stale.
assert_race()
{
	local name=$1 before=() cpu share counted risen

	shift
	for cpu in 0 1; do
		before[cpu]=$(received $cpu)
	done
	counted=$(reasons)
	must race "$@"
	# shellcheck disable=SC2317 # wait_until calls it
	all_counted()
	{
		risen=$(reasons_since "$counted")
		[ "$(sum_of "$risen" opened duplicate stale)" -ge $((4 * ROUNDS)) ]
	}
	wait_until 10 "all are counted" all_counted
	check_eq "${name}of four copies one opens, the others are refused" \
		"opened=$ROUNDS others=$((3 * ROUNDS)) duplicate opened" \
		"opened=$(sum_of "$risen" opened) others=$(sum_of "$risen" duplicate stale) $(
			sed 's/ stale=[0-9]*//; s/=[0-9]*//g' <<< "$risen")"
	for cpu in 0 1; do
		share=$(($(received $cpu) - before[cpu]))
		check "${name}CPU $cpu received its share ($share packets)" \
			[ "$share" -ge $((2 * ROUNDS)) ]
	done
}
