#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A clock that is set back, by a minute, an hour or a day, and a reload make nothing
# good that was used before; and after a step hints are right again at once.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

NOON="2026-11-22 12:30:10"

# at SECONDS: so much after noon
at()
{
	set_clock "@$(($(date -u -d "$NOON" +%s) + $1))"
}

# back SECONDS NAME REASON: a knock is used, then the clock is set back, and put right again
back()
{
	at 0
	new_sealed ssh alice
	sealed > /tmp/used
	assert_reason "$2: a knock opens" opened=1 deliver < /tmp/used
	must kctl close ssh 10.0.0.2
	at "-$1"
	sleep 5
	assert_reason "$2 back: it opens nothing" "$3=1" deliver < /tmp/used
	assert_reason "$2 back: nor from elsewhere" "$3=1" from_other < /tmp/used
	assert_reason "$2 back: a new one is good, a second or so after the step" opened=1 \
		sealed_knock
	must kctl close ssh 10.0.0.2
	at 10
	sleep 3
	assert_reason "$2: put right again, the used one is known" replay=1 deliver < /tmp/used
	assert_reason "$2: and the next is good" opened=1 sealed_knock
	must kctl del-key ssh alice
}

# stepped SECONDS: right behind a step the first knock may be lost, its copy is not
stepped()
{
	local opened

	at 0
	new_sealed ssh alice
	at "$1"
	opened=$(reason opened)
	sealed > /tmp/new
	must deliver < /tmp/new
	sleep 0.2
	must deliver < /tmp/new
	check_eq "a step of $1 s: the copy 200 ms later opens" 1 $(($(reason opened) - opened))
	must kctl del-key ssh alice
}

# hints_are COUNT: of the one key there are so many, and of the minute that never comes
hints_are()
{
	[ "$(status_number hints)" = "$1" ]
}

# Minute by minute, without a packet, what is over is forgotten.
minutes()
{
	local i

	at 0
	new_sealed ssh alice
	for i in 1 2 3 4 5; do
		sleep 60
		check "minute $i: there are as many hints" hints_are 6
		assert_reason "minute $i: a knock is good at once" "$([ "$i" = 1 ] && echo opened ||
			echo extended)=1" sealed_knock
	done
	must kctl del-key ssh alice
	check "without keys there are none" hints_are 0
}

# given: the key once more, as a file has it
given()
{
	kctl --json add-key ssh alice --type sealed - <<< "$TEXT"
}

reload()
{
	local from

	at 0
	TEXT=$(kctl --json add-key ssh alice --type sealed --generate | json_text secret)
	SEALED=$(hex <<< "$TEXT")
	sealed > /tmp/used
	sealed --at +1 > /tmp/unused
	assert_reason "before a reload a knock opens" opened=1 deliver < /tmp/used
	module_with hashes=0
	must kctl add-door ssh --opens tcp/22 --open-for 1h
	from=$(date -d "$(given | json_text accepted_from)" +%s)
	check "the key is accepted from 90 s after it was loaded" \
		[ $((from - $(date +%s))) -ge 89 -a $((from - $(date +%s))) -le 91 ]
	assert_reason "the used knock is before that" guard=1 deliver < /tmp/used
	assert_reason "as one that never arrived" guard=1 deliver < /tmp/unused
	assert_reason "the last second before it" guard=1 sealed_knock --at $((from - 1))
	# A clock that is set takes the guard along, so this has to be waited for.
	sleep $((from - $(date +%s)))
	assert_reason "the first that is not" opened=1 sealed_knock --at "$from"
	must kctl del-key ssh alice
}

need_module
plan 39
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
back 60 "a minute" replay
back 3600 "an hour" unknown_hint
back 86400 "a day" unknown_hint
for step in 600 -600 86400 -86400; do
	stepped "$step"
done
run_stage "minutes go by" minutes
run_stage "a reload" reload
end_scenario
