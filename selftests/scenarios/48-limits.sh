#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Sequences of every kind are taken from the prefixes of --from alone, until --not-after,
# no slower than --within, and with 31 strays between their steps, not with 32.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# What a key avoids unless told: the door's service, and its knock port.
AVOID=22,8675
UNTIL=$(date -u -d "@$(($(date +%s) + 7200))" +%Y-%m-%dT%H:%M:%SZ)

new()
{
	must kctl add-key ssh "$@" --from 10.0.0.3,10.0.0.4/30 --not-after "$UNTIL"
}

# from KIND STEPS COMMAND...: that knocks, given a host
from()
{
	local kind=$1 steps=$2

	shift 2
	assert_reason "$kind: from elsewhere" "from=1 step=$steps" "$1" client "${@:2}"
	assert_reason "$kind: from there" "opened=1 step=$steps" "$1" other "${@:2}"
	must kctl close ssh 10.0.0.3
}

walk()
{
	steps "$1" --static 42,196,69
}

# one HOST NUMBER [OPTION]...
one()
{
	steps "$1" --once "$(seq_secret one)" --number "$2" --avoid "$AVOID" "${@:3}"
}

slot()
{
	steps "$1" --derived "$(seq_secret slot)" --counter 0 --avoid "$AVOID"
}

made()
{
	[ "$(status_number sequences)" = "$1" ]
}

limits()
{
	new walk --static 42,196,69
	from "static" 2 walk
	new one --once
	from "once" 7 one 1
	clock_second 10
	new slot --derived
	must wait_until 10 "its sequences are made" made 12
	from "derived" 7 slot
}

slow()
{
	must seq_add ssh quick --once "${SEQ_SECRET/#00/aa}" --within 1 --armed 1 --avoid "$AVOID"
	assert_reason "once: too slow" "step=7 too_slow=1" steps other --delay 200 \
		--once "${SEQ_SECRET/#00/aa}" --number 1 --avoid "$AVOID"
	assert_reason "once: in time" "opened=1 step=7" steps other \
		--once "${SEQ_SECRET/#00/aa}" --number 1 --avoid "$AVOID"
	must kctl close ssh 10.0.0.3
}

# strays COUNT NUMBER: two steps, so many that are none, which no such key has below 1024, the rest
strays()
{
	one other "$2" --order 1,2
	steps other --static "$(seq -s, 900 $((899 + $1)))"
	one other "$2" --order 3,4,5,6,7,8
}

strayed()
{
	assert_reason "31 strays do no harm" "no_step=31 opened=1 step=7" strays 31 2
	must kctl close ssh 10.0.0.3
	assert_reason "with 32 it is given up" "no_step=37 step=2 strayed=1" strays 32 3
}

late()
{
	must date -u -s "$UNTIL"
	must date -s "@$(($(date +%s) + 1))"
	assert_reason "static: too late" "not_after=1 step=2" walk other
	assert_reason "once: too late" "not_after=1 step=7" one other 3
}

need_module
plan 12
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "from where" limits
run_stage "how slow" slow
run_stage "how many strays" strayed
run_stage "until when" late
end_scenario
