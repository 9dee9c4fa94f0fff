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
# on each CPU, one opens, and each CPU had its share
assert_race()
{
	local name=$1 before=() cpu share

	shift
	for cpu in 0 1; do
		before[cpu]=$(received $cpu)
	done
	assert_reason "${name}of four copies one opens" "duplicate=$((3 * ROUNDS)) opened=$ROUNDS" \
		race "$@"
	for cpu in 0 1; do
		share=$(($(received $cpu) - before[cpu]))
		check "${name}CPU $cpu received its share ($share packets)" \
			[ "$share" -ge $((2 * ROUNDS)) ]
	done
}
