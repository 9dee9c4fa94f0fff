# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# KTAP for scenarios: results, commands with an expected answer, and waiting for a
# condition. Source it first; call ktap_end last.

ktap_number=0
ktap_failed=0

echo "KTAP version 1"

# plan N: how many results will come
plan()
{
	echo "1..$1"
}

diag()
{
	printf '%s\n' "$*" | sed 's/^/# /'
}

# ok NAME
ok()
{
	ktap_number=$((ktap_number + 1))
	echo "ok $ktap_number $*"
}

# not_ok NAME [DIAGNOSTIC]
not_ok()
{
	ktap_number=$((ktap_number + 1))
	ktap_failed=$((ktap_failed + 1))
	echo "not ok $ktap_number $1"
	[ -z "${2:-}" ] || diag "$2"
	return 1
}

# skip NAME WHY
skip()
{
	ktap_number=$((ktap_number + 1))
	echo "ok $ktap_number $1 # SKIP $2"
}

# skip_all WHY: instead of a plan, and ends the scenario
skip_all()
{
	echo "1..0 # SKIP $*"
	exit 4
}

# bail WHY: what comes next makes no sense
bail()
{
	echo "Bail out! $*"
	exit 1
}

ktap_end()
{
	[ "$ktap_failed" = 0 ]
	exit
}

# check NAME COMMAND...: one result, passed if COMMAND succeeds; its output is the
# diagnostic of a failure
check()
{
	local name=$1 out status

	shift
	out=$("$@" 2>&1)
	status=$?
	[ $status = 0 ] && { ok "$name"; return 0; }
	not_ok "$name" "$* ended with status $status${out:+:
$out}"
}

# check_not NAME COMMAND...: passed if COMMAND fails
check_not()
{
	local name=$1 out

	shift
	out=$("$@" 2>&1) || { ok "$name"; return 0; }
	not_ok "$name" "$* succeeded${out:+:
$out}"
}

# check_eq NAME WANT GOT
check_eq()
{
	[ "$2" = "$3" ] && { ok "$1"; return 0; }
	not_ok "$1" "wanted: $2
got:    $3"
}

# cmd_ok NAME COMMAND...: exit status 0
cmd_ok()
{
	check "$@"
}

# cmd_fail NAME STATUS TEXT COMMAND...: exactly this exit status, and all that
# COMMAND says on standard error contains TEXT (a fixed string) in one line
cmd_fail()
{
	local name=$1 want=$2 text=$3 out status

	shift 3
	out=$("$@" 2>&1 >/dev/null)
	status=$?
	if [ $status != "$want" ]; then
		not_ok "$name" "$* ended with status $status, not $want: $out"
	elif [[ $out != *"$text"* ]]; then
		not_ok "$name" "$* said: $out
without: $text"
	elif [ "$want" = 1 ] && [ "$(printf '%s\n' "$out" | wc -l)" != 1 ]; then
		not_ok "$name" "$* said more than one line: $out"
	else
		ok "$name"
	fi
}

# must COMMAND...: preparation that has to work; no result of its own
must()
{
	local out

	out=$("$@" 2>&1) || bail "cannot prepare: $*: $out"
}

# run_stage NAME FUNCTION: announces it, and reports it if it left no result behind
run_stage()
{
	local before=$ktap_number

	diag "$1"
	"${@:2}"
	[ "$ktap_number" -gt "$before" ] || not_ok "$1" "the stage gave no result"
}

# now_ms: boot time in milliseconds; a set wall clock does not move it
now_ms()
{
	local up

	read -r up _ < /proc/uptime
	echo $((10#${up/./} * 10))
}

# wait_until SECONDS WHAT COMMAND...: asks COMMAND every 30 ms until it succeeds.
# The only waiting scenarios do, besides blocking on an event.
wait_until()
{
	local limit what=$2

	limit=$(($(now_ms) + $1 * 1000))
	shift 2
	until "$@" > /dev/null 2>&1; do
		if [ "$(now_ms)" -ge "$limit" ]; then
			diag "gave up waiting until $what"
			return 1
		fi
		sleep 0.03
	done
}
