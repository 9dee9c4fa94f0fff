#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A thousand derived knocks, every tenth of which is lost: each of the others opens. After
# twenty at a server that is switched off the next one does, in the next slot at the latest.
# Runs: icount
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

TENS=${TENS:-100}

# knocks N: so many, one after another
knocks()
{
	on client env HOME=/tmp/user bash -c \
		"for i in \$(seq $1); do tumbler --open ssh --delay 1 || exit; done"
}

# lost COMMAND...: no step of it leaves the client
lost()
{
	must fw4 client -A OUTPUT -p tcp --syn -j DROP
	"$@"
	must fw4 client -F OUTPUT
}

thousand()
{
	local i before risen

	before=$(reasons)
	for i in $(seq "$TENS"); do
		must knocks 9
		lost must knocks 1
	done
	risen=$(reasons_since "$before")
	diag "$risen"
	check_eq "all of them opened but those that were lost" $((9 * TENS)) \
		"$(sum_of "$risen" opened extended)"
	check_eq "none was taken for a replay" 0 "$(sum_of "$risen" replay)"
}

is_made()
{
	local before

	before=$(reasons)
	steps client --derived "$SEQ_SECRET" --counter 3 --order 1
	[ "$(reasons_since "$before")" = "step=1" ]
}

switched_off()
{
	local before

	clock_second 5
	must wait_until 10 "the heads are made" is_made
	must ip -n server link set eth0 down
	must knocks 20
	must ip -n server link set eth0 up
	must wait_until 10 "the server is there" on server ping -c 1 -W 1 10.0.0.2
	before=$(reasons)
	must knocks 1
	check_eq "20 too far ahead, it opens nothing in this slot" 0 \
		"$(sum_of "$(reasons_since "$before")" opened extended)"
	clock_second 0
	must wait_until 10 "the heads are made" is_made
	assert_reason "in the next slot it opens" "extended=1 step=7" knocks 1
}

need_module
command -v xxd > /dev/null || skip_all "the guest has no xxd"
plan 4
a_user
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1d
clock_second 5
must seq_add ssh alice --derived "$SEQ_SECRET" --fresh
# Without a service, which would be looked for each time.
# shellcheck disable=SC2119 # the usual secret
derived_profile | grep -v service | on client env HOME=/tmp/user tumbler import - > /dev/null
must wait_until 10 "the heads are made" is_made
run_stage "a thousand knocks" thousand
run_stage "a server that is off" switched_off
end_scenario
