#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a packet costs, in instructions: an ordinary one and a bogus knock the same
# with one live grant as with a hundred thousand, and little more than without any
# door; also while a door has a mark, for which each packet is looked up. Counted by
# the kernel's function graph, whose clock here is the number of instructions.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/trace.sh"

GRANTS=100000
PACKETS=300

# cost FUNCTION OPTION...: of a packet as rawknock makes it
cost()
{
	cost_of "$1" on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources "$PACKETS" "${@:2}"
}

# count_all LABEL: costs of both kinds of packet, all of IP input and the hook alone
count_all()
{
	ordinary=$(cost ip_rcv --dport 53 --bogus)
	syn=$(cost ip_rcv --dport 22 --syn)
	bogus=$(cost ip_rcv --bogus)
	diag "$1: a datagram $ordinary, a SYN $syn, a bogus knock $bogus instructions in IP input"
	diag "$1: of these $(cost knock_hook --dport 53 --bogus), $(cost knock_hook --dport 22 --syn) and \
$(cost knock_hook --bogus) in the hook, $(cost knock_mt --dport 22 --syn) in a rule for a SYN"
}

# count_marked LABEL: costs of what is looked up for its mark, with all of IP input
count_marked()
{
	must kctl set-door ssh --mark 0x100/0x100
	marked_ordinary=$(cost ip_rcv --dport 53 --bogus)
	marked_syn=$(cost ip_rcv --dport 22 --syn)
	diag "$1, a mark: a datagram $marked_ordinary, a SYN $marked_syn instructions in IP input"
	must kctl set-door ssh --mark none
}

without_doors()
{
	count_all "no door"
	check "IP input is seen" [ "$ordinary" -gt 500 ]
	none_ordinary=$ordinary none_syn=$syn
}

few_grants()
{
	must kctl add-door ssh --opens tcp/22 --max-grants $((GRANTS + 1)) --open-for 7d
	must kctl add-key ssh alice --type tumbler
	clock_second 2
	must on server nlmany grant ssh 600000 192.0.2.1 1
	count_all "a door, 1 grant"
	# What is new is the hook, and that the rule has something to look up.
	alike "a door costs a stranger's datagram little" 15 "$none_ordinary" "$ordinary"
	alike "and a stranger's SYN" 15 "$none_syn" "$syn"
	check "a bogus knock costs a hash more" [ "$bogus" -gt $((ordinary + 3000)) ]
	count_marked "a door, 1 grant"
	alike "a mark costs a stranger's datagram little" 20 "$ordinary" "$marked_ordinary"
	alike "and a stranger's SYN" 20 "$syn" "$marked_syn"
	few_marked_ordinary=$marked_ordinary few_marked_syn=$marked_syn
	few_ordinary=$ordinary few_syn=$syn few_bogus=$bogus
}

many_grants()
{
	must on server nlmany grant ssh 600000 172.16.0.0 "$GRANTS"
	check_eq "that many are live" $((GRANTS + 1)) "$(status_number grants)"
	clock_second 2
	count_all "$GRANTS grants more"
	alike "an ordinary datagram costs the same" 5 "$few_ordinary" "$ordinary"
	alike "a SYN, which is looked up" 10 "$few_syn" "$syn"
	alike "a bogus knock" 5 "$few_bogus" "$bogus"
	count_marked "$GRANTS grants more"
	alike "with a mark, a datagram" 10 "$few_marked_ordinary" "$marked_ordinary"
	alike "and a SYN" 10 "$few_marked_syn" "$marked_syn"
}

need_module
plan 12
net_setup
# The LAN is a hub: else the other host's share would be counted, too.
must ip -n lan link set other down
fw_drop server ssh
run_stage "no door" without_doors
run_stage "a door" few_grants
run_stage "many grants" many_grants
end_scenario
