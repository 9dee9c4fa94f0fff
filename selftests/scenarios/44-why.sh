#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `why' says in words what was wrong with a refused knock: clock, month, address,
# door, secret; and what it says makes the next knock good.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

CONFIG=/tmp/knock
THEN=g2x7k4q9w3z8h5v6n2m7r4t9y3p8s5j6

# configured DOOR PORT KEY SECRET [KEY SECRET]: the door's file
configured()
{
	local file=$CONFIG/doors/$1.conf

	must mkdir -p "$CONFIG/doors"
	printf '[door]\nopens = tcp/22\nknock-port = %s\n' "$2" > "$file"
	must chmod 600 "$file"
	shift 2
	while [ $# -gt 0 ]; do
		printf '[key %s]\ntype = tumbler\nsecret = %s\n' "$1" \
			"$(printf %s "$2" | base64 -w 0)" >> "$file"
		shift 2
	done
}

why()
{
	on server knockctl --config "$CONFIG" "$@" why 10.0.0.2
}

# why_says NAME TEXT [FAULTS]: it is in what people read; and what programs read
why_says()
{
	local said

	said=$(why 2>&1)
	check "$1" grep -qF -e "$2" <<< "$said" || diag "$said"
	[ $# -lt 3 ] || check_eq "$1: for programs" "[$3]" \
		"$(why --json | sed -n 's/.*"faults": \(\[[^]]*\]\).*/\1/p')"
}

# As digest, by who counts months from 1.
digest_from_one()
{
	printf '%03d%s%s%s' $(($(date -u -d "@$(($1 * 60))" +%Y) - 1900)) \
		"$(date -u -d "@$(($1 * 60))" +%m%d%H%M)" "$2" "$3" | sha256sum | cut -c 1-64
}

# at TIME: that day, and NOW is its minute
at()
{
	set_clock "2026-11-23 $1"
	NOW=$(minute_now)
}

# mistaken NAME DIGEST
mistaken()
{
	assert_reason "$1" unproved=1 send client "$2"
}

mistakes()
{
	at 12:30:10
	mistaken "a clock behind" "$(digest $((NOW - 10)) 10.0.0.2 "$ALICE")"
	why_says "the clock" "s behind this host's, where the key allows 5 s" '"clock"'
	why_says "whose" "made with the key alice of the door ssh"
	at 12:30:10
	mistaken "local time" "$(digest $((NOW + 120)) 10.0.0.2 "$ALICE")"
	why_says "the zone" "2 h 00 min: the time has to be UTC" '"clock"'
	at 12:30:10
	mistaken "January as 01" "$(digest_from_one "$NOW" 10.0.0.2 "$ALICE")"
	why_says "the month" "in the time that is hashed January is 00" '"month"'
	at 12:30:10
	mistaken "the web's key" "$(digest "$NOW" 10.0.0.2 "$WEB")"
	why_says "the port" "That door's knock port is 9000" '"port"'
	must kctl open ssh 198.51.100.77 --for 1h
	at 12:30:10
	mistaken "another client's address" "$(digest "$NOW" 198.51.100.77 "$ALICE")"
	why_says "one that holds a grant" "made for the address 198.51.100.77" '"address"'
}

# The client's own program, which believes to be behind another NAT than it is.
translated()
{
	at 12:32:10
	assert_reason "the wrong --source" unproved=3 \
		knock client "$ALICE" 10.0.0.1 --source 192.168.0.9
	why_says "the address" "made for the address 192.168.0.9 and came from 10.0.0.2" '"address"'
	why_says "the mend" "knock with --source 10.0.0.2"
	at 12:34:10
	assert_reason "mended" "duplicate=2 opened=1" \
		knock client "$ALICE" 10.0.0.1 --source 10.0.0.2
	why_says "what is open" "What is open for this address now: ssh"
}

# Of the minute that was used before.
used()
{
	local digest

	digest=$(digest "$NOW" 10.0.0.2 "$ALICE")
	must kctl close ssh 10.0.0.2
	later 6
	assert_reason "again" replay=1 send client "$digest"
	why_says "the next knock" "a secret knocks once a minute, next at 2026-11-23T12:35:00Z"
	assert_reason "from elsewhere" replay=1 send other "$digest"
	check "whose it was" grep -qF "It is a copy of a knock from 10.0.0.2" <<< "$(
		on server knockctl --config "$CONFIG" why 10.0.0.3)"
}

guarded()
{
	local from

	at 12:40:10
	from=$(key_of_secret "$THEN" ssh old | json_text accepted_from)
	assert_reason "a key from before" guard=1 \
		send client "$(digest "$NOW" 10.0.0.2 "$THEN")"
	why_says "from when" "Its knocks are accepted from $from, in "
	why_says "and whose" "made with the key old of the door ssh"
}

# Without the secrets there is no more than the reason.
unknown()
{
	assert_reason "nobody's secret" unproved=1 on client rawknock --to 2001:db8::1 \
		--from 2001:db8::2 --bogus
	check "another secret" grep -qF "the client has another secret" <<< "$(
		on server knockctl --config "$CONFIG" why 2001:db8::2)"
	check "no secrets" grep -qF "More could be told with the secrets of the configuration, but $CONFIG.not/doors: " <<< "$(
		on server knockctl --config "$CONFIG.not" why 2001:db8::2)"
	cmd_fail "who did not knock" 1 "is on record" kctl why 192.0.2.1
	cmd_fail "no address" 2 "is no address" kctl why somebody
}

need_module
plan 34
net_setup
at 12:30:05
must kctl add-door ssh --opens tcp/22 --open-for 1h
must kctl add-door web --opens tcp/80 --knock-port 9000
new_key ssh alice
ALICE=$SECRET
new_key web anna
WEB=$SECRET
configured ssh 8675 alice "$ALICE" old "$THEN"
configured web 9000 anna "$WEB"
run_stage "what clients get wrong" mistakes
run_stage "translated" translated
run_stage "used" used
run_stage "guarded" guarded
run_stage "unknown" unknown
end_scenario
