#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Each allocation for each request fails once: it is done all the same, or refused with a
# sentence, and nothing is changed; and the same while packets come.
# Runs: debug
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

FAULTS=/sys/kernel/debug

# Those that may wait for memory, too, which is nearly all; the kernel shall not print
# where, which would look like a fault.
all_may_fail()
{
	local d

	for d in "$FAULTS"/fail{slab,_page_alloc}; do
		must eval "echo N > $d/ignore-gfp-wait; echo 0 > $d/verbose"
	done
	pages_fail 11
}

# pages_fail ORDER: from that on; 11 are more than there are. What slabs take of pages is
# another number each time, and so would be that of each allocation.
pages_fail()
{
	must eval "echo $1 > $FAULTS/fail_page_alloc/min-order"
}

# each_fails NAME [OPTION]...: one result
each_fails()
{
	check "$1" eval "on server nlfail ${*:2} > /tmp/failed"
	diag "$(grep -v '^KTAP\|^1\.\.' /tmp/failed)"
}

# were_done REQUEST...: those of them that were never refused with a sentence
were_done()
{
	local request

	for request; do
		grep -q "^ok [0-9]* $request: refused [1-9]" /tmp/failed || printf '%s, ' "$request"
	done
}

# Datagrams that prove nothing, and first steps of the static sequence.
traffic()
{
	become client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 200 --bogus --rate 200 \
		--for 3600 > /dev/null &
	become client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 200 --syn --dport 42 \
		--rate 200 --for 3600 > /dev/null &
}

need_module
[ -e /proc/self/fail-nth ] || skip_all "this kernel fails no allocations on request"
plan 4
net_setup
all_may_fail
each_fails "no memory, each time"
check_eq "it was the module, too, that lacked it" "" "$(were_done door-add door-set \
	key-add "key-add sealed" "key-add static" "key-add once" "key-add derived" key-arm \
	grant-open "blacklist-add block" trust-add)"
traffic
pages_fail 0
each_fails "pages, too, and while packets come" --traffic
check_eq "all is gone" "[]" "$(kctl --json doors | tr -d ' \n')"
end_scenario
