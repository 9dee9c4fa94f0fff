#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Twenty namespaces, each with a door, a key and a grant of the same names, clients of
# the same address, and a listener: no key, grant, event or count of one is another's.
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/net.sh"

N=20

# each COMMAND: with every number, from the first that fails on with none
each()
{
	local i

	for ((i = 1; i <= N; i++)); do
		"$1" "$i" || { diag "$1 $i failed"; return 1; }
	done
}

# A namespace is its own client: what it sends to itself passes PREROUTING as well.
begin()
{
	ip netns add "n$1" && ip -n "n$1" link set lo up &&
	on "n$1" knockctl add-door ssh --opens "tcp/$((2200 + $1))" --open-for 1h &&
	on "n$1" knockctl --json add-key ssh alice --type tumbler > "/tmp/key.$1" &&
	sed -n 's/.*"secret": *"\([^"]*\)".*/\1/p' "/tmp/key.$1" > "/tmp/secret.$1" &&
	on "n$1" knockctl --json keys > "/tmp/keys.$1"
}

listen()
{
	become "n$1" knockctl --json monitor > "/tmp/events.$1" 2> "/tmp/events.$1.err" &
	wait_until 30 "n$1 listens" grep -q listening "/tmp/events.$1.err"
}

# knock_with I J: to namespace I, with the secret of J
knock_with()
{
	on "n$1" rawknock --dev lo --to-mac 0:0:0:0:0:0 --from-mac 0:0:0:0:0:0 --to 127.0.0.1 \
		--from 127.0.0.1 --secret "$(cat "/tmp/secret.$2")" > /dev/null
}

own()
{
	knock_with "$1" "$1"
}

next()
{
	knock_with "$1" $(($1 % N + 1))
}

by_hand()
{
	on "n$1" knockctl open ssh "192.0.2.$1" --for 1h > /dev/null
}

both_counted()
{
	[ "$(on "n$1" reasons)" = "opened=1 unproved=1" ]
}

counted()
{
	wait_until 20 "n$1 counts both" both_counted "$1"
}

# Doors, keys and grants of namespace $1 as they have to be, and nothing else.
dumps()
{
	[ "$(on "n$1" knockctl --json doors | grep -o '"opens": \[*"[^"]*"')" = \
		"$(printf '"opens": ["tcp/%d"' $((2200 + $1)))" ] &&
	[ "$(on "n$1" knockctl --json keys | sed 's/"used": [^,}]*//')" = \
		"$(sed 's/"used": [^,}]*//' "/tmp/keys.$1")" ] &&
	[ "$(on "n$1" knockctl --json grants | grep -o '"address": "[^"]*"' | sort | xargs)" = \
		"address: 127.0.0.1 address: 192.0.2.$1" ]
}

two_heard()
{
	[ "$(wc -l < "/tmp/events.$1")" -ge 2 ]
}

heard()
{
	wait_until 20 "n$1 has heard two" two_heard "$1" &&
	[ "$(grep -o '"address": "[^"]*"' "/tmp/events.$1" | sort | xargs)" = \
		"address: 127.0.0.1 address: 192.0.2.$1" ]
}

ids()
{
	cat /tmp/events.{1..20} | sed -n "s/.*\"id\": *\([0-9]*\).*/\1/p" | sort -u | wc -l
}

need_module
plan 13
check "$N namespaces with doors and keys of one name" each begin
check_eq "no two secrets are the same" "$N" "$(cat /tmp/secret.* | sort -u | wc -l)"
check_eq "nor fingerprints" "$N" "$(grep -h -o '"fingerprint": "[^"]*"' /tmp/keys.* | sort -u | wc -l)"
each listen || bail "not all can listen"
check "each is knocked at with its neighbour's secret" each next
check "and with its own" each own
check "and opened by hand" each by_hand
check "one knock opened, one proved nothing, everywhere" each counted
check "each lists its own door, key and grants, and no others" each dumps
check "each heard of its own two grants, and of nothing else" each heard
check_eq "of which no two have one id" $((2 * N)) "$(ids)"
must ip netns del n1
check "of one that has gone" eval '! on n1 true 2> /dev/null'
check "its neighbour misses nothing" dumps 2
check "nor does the last" dumps "$N"
end_scenario
