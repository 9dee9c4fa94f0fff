#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# iptables-restore of the whole ruleset again and again, during traffic and knocks:
# grants stay, no admitted packet is lost and no other let in, and what the rules hold
# is given back. Restoring swaps tables; it never empties them. ROUNDS=500: `make
# check-long'.
# shellcheck disable=SC2016 # fields of awk
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

rounds=${ROUNDS:-$([ -e /sys/kernel/debug/kmemleak ] && echo 10 || echo 50)}
GRANTED_4=10.0.0.2 GRANTED_6=2001:db8::2

# What passed the rules is counted behind them, in a table that nobody restores; and what
# came at all, so that one sees where a packet was lost.
audit()
{
	on server nft -f - <<-EOF
		table inet audit {
			chain before {
				type filter hook prerouting priority -400
				udp dport 5000 ip saddr $GRANTED_4 counter comment "came_4"
				udp dport 5000 ip6 saddr $GRANTED_6 counter comment "came_6"
			}
			chain behind {
				type filter hook input priority 100;
				udp dport 5000 ip saddr $GRANTED_4 counter accept comment "granted_4"
				udp dport 5000 ip6 saddr $GRANTED_6 counter accept comment "granted_6"
				meta l4proto { tcp, udp } counter comment "others"
			}
		}
	EOF
}

# seen granted_4|granted_6|others: packets that passed the rules; came_4|came_6: that came
seen()
{
	on server nft list table inet audit | sed -n "/$1/s/.*packets \([0-9]*\) .*/\1/p"
}

# sends FAMILY: admitted datagrams in a stream until told to stop; how many is left in
# a file. Nothing answers them, so to conntrack each is new, and asks the rule.
sends()
{
	local to=10.0.0.1 from=$GRANTED_4 sent=0 n

	[ "$1" = 4 ] || to=2001:db8::1 from=$GRANTED_6
	: > "/tmp/sending.$1"
	while [ -e /tmp/go ]; do
		n=$(on client rawknock --to "$to" --from "$from" --random 20 --dport 5000 \
			--count 100 --rate 200 | sed -n 's/^sent //p')
		sent=$((sent + n))
	done
	echo "$sent" > "/tmp/sent.$1"
}

# What nobody let in: SYNs, datagrams to the service, scans of the knock port; and
# knocks, that open for a moment, from addresses that have not knocked in this minute.
strangers()
{
	local i=10

	[ "$IPTABLES" = iptables-legacy ] || i=110

	while [ -e /tmp/go ]; do
		on client rawknock --to 10.0.0.1 --from 10.9.1.1 --sources 50 --rate 200 \
			--syn --dport 5000
		on client rawknock --to 2001:db8::1 --from 2001:db8:9:1::1 --sources 50 \
			--rate 200 --random 20 --dport 5000
		on client rawknock --to 10.0.0.1 --from 10.9.2.1 --sources 50 --rate 200 --bogus
		on client rawknock --to 10.0.0.1 --from "10.9.$i.1" --sources 20 \
			--secret "$SECRET"
		i=$((i % 100 == 9 ? i - 99 : i + 1))
	done > /dev/null 2>&1
}

# The rules as they are saved, without their counters.
rules()
{
	local v

	for v in "$IPTABLES-save" "${IPTABLES/#ip/ip6}-save"; do
		on server "$v" 2> /dev/null | sed -e '/^#/d' -e 's/\[[0-9:]*\]//'
	done
}

restore_all()
{
	on server "$IPTABLES-save" > /tmp/rules.v4 2> /dev/null
	on server "${IPTABLES/#ip/ip6}-save" > /tmp/rules.v6 2> /dev/null
	on server bash -c 'for ((i = 1; i <= $0; i++)); do
			"$1-restore" /tmp/rules.v4 && "$2-restore" /tmp/rules.v6 && continue
			echo "round $i of $0"
			exit 1
		done' "$rounds" "$IPTABLES" "${IPTABLES/#ip/ip6}"
}

# by_hand: the grants that were there before all of it
by_hand()
{
	kctl --json grants | grep '"key": null' | sort
}

references()
{
	cat /sys/module/xt_knock/refcnt
}

# numbers: of what the module holds, but for what the knocks opened
numbers()
{
	kctl --json status | tr -d ' \t\n' | grep -o '"\(doors\|keys\)":[0-9]*' | xargs
}

# dropped: by queues of processors, before any rule, since a busy host kept one waiting
dropped()
{
	local n all=0

	while read -r _ n _; do
		all=$((all + 16#$n))
	done < /proc/net/softnet_stat
	echo "$all"
}

# since FAMILY: how many came since $before_4 and $before_6, and passed since $seen_4 and $seen_6
since()
{
	local before=before_$1 passed=seen_$1

	echo "$(($(seen "came_$1") - ${!before})) $(($(seen "granted_$1") - ${!passed}))"
}

all_came()
{
	local came_4 came_6

	read -r came_4 _ < <(since 4)
	read -r came_6 _ < <(since 6)
	[ $((came_4 + came_6 + $(dropped) - lost)) -ge $(($(cat /tmp/sent.4) + $(cat /tmp/sent.6))) ]
}

all_passed()
{
	local v came passed

	for v in 4 6; do
		read -r came passed < <(since "$v")
		[ "$came" = "$passed" ] || return
	done
}

knocks_over()
{
	[ "$(kctl --json grants | grep -c '"alice"')" = 0 ]
}

# story: with $IPTABLES
story()
{
	local before_rules before_grants before_numbers opened held others pids=()
	local before_4 before_6 seen_4 seen_6 lost

	before_rules=$(rules) before_grants=$(by_hand) before_numbers=$(numbers)
	held=$(references)
	# shellcheck disable=SC2034 # since names them by their family
	before_4=$(seen came_4) before_6=$(seen came_6) lost=$(dropped)
	# shellcheck disable=SC2034
	seen_4=$(seen granted_4) seen_6=$(seen granted_6) others=$(seen others)
	opened=$(reason opened)
	: > /tmp/go
	sends 4 & pids+=($!)
	sends 6 & pids+=($!)
	strangers & pids+=($!)
	must wait_until 20 "all send" test -e /tmp/sending.4 -a -e /tmp/sending.6
	check "$IPTABLES: $rounds times restored under traffic" restore_all
	rm /tmp/go
	wait "${pids[@]}"
	check "$IPTABLES: knocks opened meanwhile" [ "$(reason opened)" -gt "$opened" ]
	check "$IPTABLES: all that is sent comes" wait_until 20 "all came" all_came
	check "$IPTABLES: each packet that is admitted passes" \
		wait_until 20 "all passed" all_passed
	diag "sent $(cat /tmp/sent.4) by IPv4, $(cat /tmp/sent.6) by IPv6," \
		"came and passed $(since 4) and $(since 6), $(($(dropped) - lost)) dropped"
	check_eq "$IPTABLES: and not one of the others" "$others" "$(seen others)"
	check_eq "$IPTABLES: the grants are those of before" "$before_grants" "$(by_hand)"
	check_eq "$IPTABLES: so are the rules" "$before_rules" "$(rules)"
	check_eq "$IPTABLES: and what they hold of the module" "$held" "$(references)"
	check "$IPTABLES: what was knocked ended by itself" wait_until 60 "it is over" knocks_over
	check_eq "$IPTABLES: doors and keys are as many as before" "$before_numbers" "$(numbers)"
}

need_module
plan 20
net_setup
must kctl add-door service --opens udp/5000 --open-for 2s --max-grants 4096
new_key service alice --max-grants 4096
must kctl open service "$GRANTED_4" --for 1d
must kctl open service "$GRANTED_6" --for 1d
must audit
for IPTABLES in iptables-legacy iptables-nft; do
	fw_drop server service
	run_stage "$IPTABLES" story
	fw_open server
done
end_scenario
