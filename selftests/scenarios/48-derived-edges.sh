#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Derived sequences where a slot ends, and where the moon's phase does with it: clients
# whose clock is a few seconds ahead or behind get in.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# phase SECONDS: the moon's, as protocol.rst has it, in $PHASE
phase()
{
	PHASE=$(((16 * (($1 - 947182440) % 2551443) + 2551443) / 5102886 % 8))
}

# moon_edge: the first slot from now on with another phase than the one before, in $MOON
moon_edge()
{
	MOON=$((($(date +%s) / 60 + 20) * 60))
	phase "$MOON"
	BEFORE=$PHASE
	while [ "$PHASE" = "$BEFORE" ]; do
		MOON=$((MOON + 60))
		phase "$MOON"
	done
}

# client_at NAME SECONDS: what a client knocks whose clock says that
client_at()
{
	must date -s "@$2" > /dev/null
	user --open "$1" --print
}

# is_made SECRET SECONDS: of that slot there are heads
is_made()
{
	local before

	before=$(reasons)
	steps client --derived "$1" --counter 3 --order 1 --at "$2"
	[ "$(reasons_since "$before")" = "step=1" ]
}

is_past()
{
	[ "$(date +%s)" -ge "$1" ]
}

# edge NAME SECONDS: a client ahead, before it by the server's clock; and one behind, after it
edge()
{
	must date -s "@$(($2 - 15))" > /dev/null
	must wait_until 10 "the heads of both slots are made" is_made "$SEQ_SECRET" "$2"
	must wait_until 10 "those of the other key, too" is_made "$OTHER" $(($2 - 1))
	must wait_until 20 "it is time" is_past $(($2 - 4))
	assert_reason "$1: 5 s ahead, in the slot to come" "opened=1 step=7" \
		user --open "knock://10.0.0.1/${AHEAD[$2]}" --delay 1
	must wait_until 20 "it is time" is_past "$2"
	assert_reason "$1: 4 s behind, in the slot that is over" "opened=1 step=7" \
		user --open "knock://10.0.0.1/${BEHIND[$2]}" --delay 1
	grant_ends
}

OTHER=${SEQ_SECRET/#00/dd}

need_module
command -v xxd > /dev/null || skip_all "the guest has no xxd"
plan 6
a_user
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
derived_profile | user import --name ahead - > /dev/null
derived_profile "$OTHER" | user import --name behind - > /dev/null
moon_edge
# Before it, and behind it, a slot's end where the moon stays as it is.
EDGES=($((MOON - 600)) "$MOON" $((MOON + 600)))
diag "the moon's phase is $BEFORE, and $PHASE from $(date -u -d "@$MOON" +%FT%TZ) on"
declare -A AHEAD BEHIND
for at in "${EDGES[@]}"; do
	AHEAD[$at]=$(client_at ahead $((at + 1)))
	BEHIND[$at]=$(client_at behind $((at - 4)))
done
must date -s "@$((EDGES[0] - 60))" > /dev/null
must seq_add ssh alice --derived "$SEQ_SECRET" --fresh
must seq_add ssh bob --derived "$OTHER" --fresh
edge "a slot" "${EDGES[0]}"
edge "the moon" "${EDGES[1]}"
edge "a slot after that" "${EDGES[2]}"
end_scenario
