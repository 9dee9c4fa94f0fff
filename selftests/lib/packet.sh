# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Packets that `client' makes by hand for the server, in one family at a time, from
# addresses that nobody has used before; and what of them a rule admits.
# Wants ktap.sh, net.sh and knock.sh.

PACKET_HOST=0
PACKET_HOSTS=1

# family 4|6: of all packets from here on
family()
{
	V=$1
	[ "$V" = 4 ] && TO=10.0.0.1 || TO=2001:db8::1
	elsewhere 1
}

# elsewhere N: the first of N addresses behind the client that were not used yet, in
# $FROM
elsewhere()
{
	PACKET_HOST=$((PACKET_HOST + PACKET_HOSTS))
	PACKET_HOSTS=$1
	if [ "$V" = 4 ]; then
		FROM=10.9.$((PACKET_HOST / 200)).$((PACKET_HOST % 200 + 1))
	else
		FROM=$(printf '2001:db8:9::%x' "$PACKET_HOST")
	fi
}

# fw HOST RULE...: of the family
fw()
{
	"fw$V" "$@"
}

# raw_sent OPTION...: packets from $FROM, and how many
raw_sent()
{
	on client rawknock --to "$TO" --from "$FROM" "$@"
}

# raw OPTION...: the same in silence
raw()
{
	raw_sent "$@" > /dev/null
}

# packet RESULT WANT OPTION...: from a new address, and its reasons
packet()
{
	local name=$1 want=$2

	shift 2
	elsewhere 1
	assert_reason "IPv$V: $name" "$want" raw "$@"
}

# A counted datagram that comes behind the others: what they did is done.
raw_and_marker()
{
	raw "$@" && raw --random 88
}

# packet_unseen RESULT OPTION...: from a new address, and nothing is counted
packet_unseen()
{
	local name=$1

	shift
	elsewhere 1
	assert_reason "IPv$V: $name" "unknown_hint=1" raw_and_marker "$@"
}

# door_with_key: a door `ssh' and, in $SECRET, the secret of its key
door_with_key()
{
	must kctl add-door ssh --opens tcp/22 --open-for 1d
	new_key ssh alice
}

# nothing_opened NAME: no grant is left by all that
nothing_opened()
{
	check_eq "IPv$V: $1" 0 "$(status_number grants)"
}

# probe_chain TABLE CHAIN MATCH...: packets that match are shown to the chain PROBE
probe_chain()
{
	PROBE_TABLE=$1
	must fw server -t "$1" -N PROBE
	must fw server -t "$1" -A "$2" "${@:3}" -j PROBE
}

# probe_end CHAIN: the chain is gone
probe_end()
{
	must fw server -t "$PROBE_TABLE" -F "$1"
	must fw server -t "$PROBE_TABLE" -F PROBE
	must fw server -t "$PROBE_TABLE" -X PROBE
}

# probe_rule OPTION...: it counts what `-m knock OPTION...' matches, then everything
probe_rule()
{
	probe_match -m knock "$@"
}

# probe_match MATCH...: the same for any match
probe_match()
{
	must fw server -t "$PROBE_TABLE" -F PROBE
	must fw server -t "$PROBE_TABLE" -A PROBE "$@"
	must fw server -t "$PROBE_TABLE" -A PROBE
	PROBE_MATCHED=0 PROBE_SEEN=0
}

# probe_saw N: N packets more than at the last call that could say so were seen; how
# many of them the rule matched, as "M of N" in $PROBED
probe_saw()
{
	local matched seen

	read -r matched seen < <(fw server -t "$PROBE_TABLE" -nvxL PROBE |
		awk 'NR > 2 { printf "%s ", $1 } END { print "" }')
	PROBED="$((matched - PROBE_MATCHED)) of $((seen - PROBE_SEEN))"
	[ $((seen - PROBE_SEEN)) -ge "$1" ] || return
	PROBE_MATCHED=$matched PROBE_SEEN=$seen
}

# probe NAME WANT COMMAND...: sends packets ("sent N"), of which WANT ("1 of 1") are
# admitted
probe()
{
	local sent

	sent=$("${@:3}" | sed -n 's/^sent //p')
	wait_until 5 "all packets were seen" probe_saw "$sent"
	check_eq "IPv$V $PROBE_TABLE: $1" "$2" "$PROBED"
}

# admits NAME WANT OPTION...: of rawknock, from $FROM
admits()
{
	probe "$1" "$2" raw_sent "${@:3}"
}
