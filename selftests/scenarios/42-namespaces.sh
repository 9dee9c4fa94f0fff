#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Network namespaces know nothing of each other: doors of the same name, with their
# keys, grants, events and counters, are each its own; one without doors has no
# hook; one that is deleted takes all with it.
# Takes: 30
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# both ARGUMENT...: what knockctl says on server and on other, in two lines
both()
{
	on server knockctl "$@" | tr -d '\n'
	echo
	on other knockctl "$@" | tr -d '\n'
}

# refused_there HOST TEXT ARGUMENT...
refused_there()
{
	local host=$1 text=$2

	shift 2
	cmd_fail "$host: knockctl $*: $text" 1 "$text" on "$host" knockctl "$@"
}

same_names()
{
	for host in server other; do
		must on "$host" knockctl add-door ssh --opens tcp/22
	done
	new_key ssh alice
	check_eq "a key of one is not of the other" "[]" "$(on other knockctl --json keys)"
	refused_there other "no such key" del-key ssh alice
	# One secret may be used in two namespaces; they do not know of each other.
	SECOND=$(on other knockctl --json add-key ssh alice --type tumbler | json_text secret)
	mine=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
	assert_reason "a knock at the server opens" opened=1 send client "$mine"
	check_eq "and only there" "[]" "$(on other knockctl --json grants)"
	check_eq "counters too" "" "$(on other reasons)"
	must on client rawknock --to 10.0.0.3 --to-mac 02:0:0:0:0:3 --from 10.0.0.2 --digest "$mine"
	counted_there()
	{
		[ "$(on other reasons)" = unproved=1 ]
	}
	check "the other does not know the key" wait_until 5 "other counts unproved=1" counted_there
	must on client rawknock --to 10.0.0.3 --to-mac 02:0:0:0:0:3 --from 10.0.0.2 \
		--digest "$(digest "$(minute_now)" 10.0.0.2 "$SECOND")"
	counted_there()
	{
		[ "$(on other reasons)" = "opened=1 unproved=1" ]
	}
	check "but its own" wait_until 5 "other counts opened=1" counted_there
	check_eq "the server counted nothing of that" "opened=1" "$(reasons)"
}

listen_on()
{
	become "$1" knockctl --json monitor \
		> "/tmp/events.$1" 2> "/tmp/events.$1.err" &
	wait_until 10 "knockctl monitor listens on $1" grep -q listening "/tmp/events.$1.err"
}

events()
{
	listen_on server || bail "nobody listens"
	listen_on other || bail "nobody listens"
	must on server knockctl open ssh 192.0.2.1
	must on other knockctl open ssh 192.0.2.2
	must on server knockctl close ssh 192.0.2.1
	must on other knockctl close ssh 192.0.2.2
	told()
	{
		[ "$(cat /tmp/events.server /tmp/events.other | grep -c closed)" = 2 ]
	}
	check "both tell" wait_until 10 "both have told" told
	check_eq "each hears its own" "2 192.0.2.1 2 192.0.2.2" \
		"$(for h in server other; do
			json_text_all address < "/tmp/events.$h" | sort | uniq -c
		done | xargs)"
}

json_text_all()
{
	sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p"
}

# hooked ADDRESS MAC: how often the module's hook ran for IPv4, anywhere, while three
# datagrams and a ping went there from a host without doors. IPv6 is not counted: the
# hosts' own neighbour and router discovery comes when it likes.
hooked()
{
	local from=other n=3

	[ "$1" != 10.0.0.3 ] || from=client n=2
	echo > "$TRACING/trace"
	must on "$from" rawknock --to "$1" --to-mac "$2" --from "10.0.0.$n" \
		--from-mac "02:0:0:0:0:$n" --bogus --count 3 > /dev/null
	wait_until 5 "$1 got them" on "$from" ping -c 1 -W 1 "$1" > /dev/null
	grep -c 'knock_hook' "$TRACING/trace"
}

# The third argument is struct nf_hook_state: hook and family, a byte each; in older
# kernels four bytes of hook came first.
trace_hooks()
{
	[ -w "$TRACING/kprobe_events" ] || return
	must sh -c "echo 'p:hooked knock_hook family=+1(\$arg3):u8 old=+4(\$arg3):u8' > $TRACING/kprobe_events"
	must sh -c "echo 'family == 2 || (family == 0 && old == 2)' > $EVENT/filter"
	must sh -c "echo 1 > $EVENT/enable"
}

untrace_hooks()
{
	must sh -c "echo 0 > $EVENT/enable"
	must sh -c "echo > $TRACING/kprobe_events"
}

TRACING=/sys/kernel/tracing
EVENT=$TRACING/events/kprobes/hooked
without_doors()
{
	check_eq "without doors nothing is listed" "[][][]" \
		"$(for o in doors keys grants; do on client knockctl --json "$o"; done | tr -d '\n')"
	must on other knockctl del-door ssh
	check_eq "counters go with the last door" "" "$(on other reasons)"
	check_eq "another's stay" "opened=1" "$(reasons)"
	if trace_hooks; then
		check "a namespace with doors has a hook" [ "$(hooked 10.0.0.1 02:0:0:0:0:1)" -ge 3 ]
		check_eq "one that never had any has none" 0 "$(hooked 10.0.0.2 02:0:0:0:0:2)"
		check_eq "nor has one that has none left" 0 "$(hooked 10.0.0.3 02:0:0:0:0:3)"
		untrace_hooks
	else
		for name in "a namespace with doors has a hook" "one that never had any has none" \
			"nor has one that has none left"; do
			skip "$name" "this kernel has no kprobe events"
		done
	fi
}

# With live grants, a ban, a block, rules of all kinds, and someone listening.
deleted()
{
	local i

	for i in 1 2 3; do
		must ip netns add "gone$i"
		must on "gone$i" ip link set lo up
		must on "gone$i" knockctl add-door ssh --opens tcp/22
		must on "gone$i" knockctl add-key ssh alice --type tumbler
		must on "gone$i" iptables-legacy -A INPUT -m knock --door ssh -j ACCEPT
		must on "gone$i" ip6tables-nft -A INPUT -m knock --door ssh -j ACCEPT
		must on "gone$i" knockctl open ssh 127.0.0.1 --for 1h
		must on "gone$i" knockctl block 192.0.2.1
		must on "gone$i" iptables-legacy -A INPUT -p tcp --dport 23 -j KNOCK --ban 1h
		must on "gone$i" ip6tables-nft -A INPUT -p tcp --dport 23 -j KNOCK --ban 1h
		on "gone$i" tcptry 127.0.0.1 23 200 > /dev/null
		must grep -q '"kind": "ban"' <<< "$(on "gone$i" knockctl --json blacklist)"
		listen_on "gone$i" || bail "nobody listens"
		kill $!
		wait $! 2> /dev/null
	done
	for i in 1 2 3; do
		must ip netns del "gone$i"
	done
	check_eq "the others go on" "opened" "$(reasons | cut -d = -f 1)"
	check "with doors" grep -q '"ssh"' <<< "$(kctl --json doors)"
	# The namespaces' own end comes later; rules hold the module until then.
	free_module()
	{
		[ "$(cat /sys/module/xt_knock/refcnt)" = 0 ]
	}
	check "no rule of theirs is left" wait_until 30 "the module is free of rules" free_module
}

need_module
plan 19
net_setup
set_clock "2026-11-22 12:30:05"
run_stage "same names" same_names
run_stage "events" events
run_stage "without doors" without_doors
run_stage "deleted" deleted
end_scenario
