# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# TUMBLER1 datagrams as Documentation/protocol.rst describes them, made by date and
# sha256sum and not by the code on trial, and the clock that they go by.
# Wants ktap.sh, net.sh and knock.sh.

# set_clock TIME: UTC, as date reads it: "2026-11-22 12:30:10", @SECONDS
set_clock()
{
	must date -u -s "$1"
}

# step_clock SECONDS: forward, or back where negative
step_clock()
{
	must date -u -s "$1 seconds"
}

# minute_now: minutes since 1970
minute_now()
{
	echo $(($(date +%s) / 60))
}

# wait_clock SECONDS TIME: until the wall clock has reached TIME
wait_clock()
{
	local at

	at=$(date -u -d "$2" +%s)
	clock_reached()
	{
		[ "$(date +%s)" -ge "$at" ]
	}
	wait_until "$1" "it is $2" clock_reached
}

# digest MINUTE ADDRESS SECRET: 64 hex digits
digest()
{
	local year month rest

	read -r year month rest <<< "$(date -u -d "@$(($1 * 60))" '+%Y %m %d%H%M')"
	printf '%03d%02d%s%s%s' $((year - 1900)) $((10#$month - 1)) "$rest" "$2" "$3" |
		sha256sum | cut -c 1-64
}

# send HOST DIGEST [OPTION]...: a datagram from the host's own address, unless
# --from says otherwise
send()
{
	local host=$1 digest=$2 n=2

	shift 2
	[ "$host" != other ] || n=3
	on "$host" rawknock --to 10.0.0.1 --from "10.0.0.$n" --from-mac "02:0:0:0:0:$n" \
		--digest "$digest" "$@" > /dev/null
}

# later SECONDS: until boot time is that much later; of boot time there is no event
later()
{
	local end

	end=$(($(now_ms) + $1 * 1000))
	time_is_up()
	{
		[ "$(now_ms)" -ge "$end" ]
	}
	wait_until $(($1 + 60)) "$1 s have passed" time_is_up
}

# no_grant NAME: one result: nothing is open
no_grant()
{
	check_eq "$1: nothing is open" 0 "$(status_number grants)"
}

# key_of_secret SECRET DOOR KEY [OPTION]...: a tumbler key whose secret is not made now
# but given, so that it has a guard; what knockctl says
key_of_secret()
{
	local secret=$1

	shift
	kctl --json add-key "$@" --type tumbler - <<< "$secret"
}

# json_text NAME: the first text under NAME in the JSON on standard input
json_text()
{
	sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1
}
