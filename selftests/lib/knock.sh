# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# The module's side of a scenario: counters and events of the host `server'.
# Wants ktap.sh and net.sh.

# need_module: ends the scenario where the guest was booted without it
need_module()
{
	[ -d /sys/module/xt_knock ] || skip_all "the guest has no xt_knock.ko"
}

# kctl ARGUMENT...: knockctl on the server
kctl()
{
	on server knockctl "$@"
}

# json_number NAME: first number under NAME in the JSON on standard input
json_number()
{
	tr -d ' \t\n' | sed -n "s/.*\"$1\":\([0-9][0-9]*\).*/\1/p"
}

# new_key DOOR KEY [OPTION]...: a tumbler key with a generated secret, in $SECRET
new_key()
{
	SECRET=$(kctl add-key "$@" --type tumbler --generate | awk '$1 == "secret" { print $2 }')
	[ -n "$SECRET" ] || bail "no key $2 for door $1"
}

# knock HOST SECRET [ADDR [OPTION]...]: the client's program, at the server
knock()
{
	local host=$1 secret=$2 to=${3:-10.0.0.1}

	shift 2
	[ $# -eq 0 ] || shift
	[[ $to != *:* ]] || to="[$to]"
	on "$host" tumbler "$@" --open "tumbler://$secret@$to/"
}

# What follows is asked for after nearly every step, and in an emulated machine each
# program that is started costs: one is, and the shell does the rest.

# Whose counters they are
STATUS_HOST=server

# status: what `knockctl --json status' says of $STATUS_HOST, without blanks
status()
{
	local text

	text=$(inhost "$STATUS_HOST" knockctl --json status)
	echo "${text//[[:space:]]/}"
}

# status_number NAME: a number of it, e.g. hashes
status_number()
{
	local n

	n=$(status)
	[[ $n == *"\"$1\":"[0-9]* ]] || { diag "knockctl --json status has no $1"; n=-1; }
	n=${n##*"\"$1\":"}
	echo "${n%%[!0-9-]*}"
}

# reason NAME: how often the packet path had this reason (names with underscores)
reason()
{
	inhost "$STATUS_HOST" reasons "$1" || echo -1
}

# sorted WORD...: in the order of the alphabet
sorted()
{
	local ordered=() word i

	for word; do
		for ((i = ${#ordered[@]}; i > 0; i--)); do
			[[ ${ordered[i - 1]} > $word ]] || break
			ordered[i]=${ordered[i - 1]}
		done
		ordered[i]=$word
	done
	echo "${ordered[*]}"
}

# Options for reasons, as --hashes.
COUNTED=()

# reasons: all counters of $STATUS_HOST that are not 0, as "name=count name=count"
reasons()
{
	inhost "$STATUS_HOST" reasons "${COUNTED[@]}"
}

# reasons_since BEFORE: what was counted since `BEFORE=$(reasons)', same form
reasons_since()
{
	inhost "$STATUS_HOST" reasons "${COUNTED[@]}" --since "$1"
}

# sum_of COUNTERS REASON...: how many of "a=1 b=2" those reasons are
sum_of()
{
	awk -v all="$1" -v names="${*:2}" 'BEGIN {
		n = split(all, a, " ")
		for (i = 1; i <= n; i++) {
			split(a[i], p, "=")
			count[p[1]] = p[2]
		}
		n = split(names, name, " ")
		for (i = 1; i <= n; i++)
			sum += count[name[i]]
		print sum + 0
	}'
}

# assert_reason RESULT_NAME WANT COMMAND...: runs COMMAND in this shell; passed if
# exactly the counters of WANT ("unproved=1", "opened=1 duplicate=2", "" for none)
# rose by that much within 5 s and no other did
assert_reason()
{
	local name=$1 want=$2 before risen

	shift 2
	before=$(reasons)
	"$@" || { not_ok "$name" "$* failed"; return 1; }
	risen=$(inhost "$STATUS_HOST" reasons "${COUNTED[@]}" --since "$before" \
		--want "$want") &&
		{ ok "$name"; return 0; }
	not_ok "$name" "wanted: $want
got:    $risen"
}

# start_monitor: events of the server go to $EVENTS, one JSON object a line
EVENTS=/tmp/events
start_monitor()
{
	become server knockctl --json monitor > "$EVENTS" 2> "$EVENTS.err" &
	MONITOR_PID=$!
	wait_until 10 "knockctl monitor listens" monitor_listens
}

# Its socket has joined a multicast group of generic netlink.
monitor_listens()
{
	# shellcheck disable=SC2016 # fields of awk
	on server awk '$2 == 16 && $4 != "00000000" { found = 1 } END { exit !found }' /proc/net/netlink
}

stop_monitor()
{
	kill "$MONITOR_PID" 2>/dev/null
	wait "$MONITOR_PID" 2>/dev/null
}

# wait_event PATTERN [SECONDS [NTH]]: until the NTH event line matches the extended
# regular expression
wait_event()
{
	wait_until "${2:-10}" "event ${3:-1} matches $1" event_seen "$1" "${3:-1}" && return 0
	diag "events so far:" "$(cat "$EVENTS" "$EVENTS.err")"
	return 1
}

event_seen()
{
	[ "$(grep -c -E "$1" "$EVENTS")" -ge "$2" ]
}

# hashes_of COMMAND...: how many hashes the packet path computed meanwhile
hashes_of()
{
	local before

	before=$(status_number hashes)
	"$@" > /dev/null
	echo $(($(status_number hashes) - before))
}

# clock_second N: the wall clock goes on from that second of the next minute
clock_second()
{
	must date -s "@$(($(date +%s) / 60 * 60 + 60 + $1))"
}

# module_with PARAMETER=VALUE...: the module anew, with other parameters; nothing
# may name it in a rule, and all doors are gone
module_with()
{
	must rmmod xt_knock
	forget_doors
	must insmod "$KNOCK_KO" "$@"
}
