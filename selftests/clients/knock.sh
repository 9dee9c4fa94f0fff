#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# Knocks, and says whether knocks are good: a client, and half a server, in POSIX sh with
# openssl 3, written from Documentation/protocol.rst alone.
#
# usage: knock.sh tumbler --secret-file FILE WHAT [OPTION]...
#        knock.sh sealed --open DOOR|--close DOOR [--for SECONDS] KEY WHAT [OPTION]...
#        knock.sh key --door DOOR KEY         print the 32 bytes that knocks are made with
#
# WHAT is HOST [PORT]     knock there; PORT is 8675 unless given
#         --print         write the datagram to standard output
#         --verify        read a datagram and print `good', and what it says, or `refused'
#                         and the rule that it breaks; for sealed with --door DOOR
# KEY is  --key-file FILE                         base64 of 32 bytes
#         --private-file FILE --public BASE64     own key for X25519 and the other side's;
#                                                 --as-server: the own one is the server's
#
#   --source ADDR   from where the server sees the datagram come; this script can't know
#   --time T        seconds since 1970, a point and nanoseconds may follow; default: now
#   --skew S        of --verify; default: 5 for tumbler, 90 for sealed
#   --guard T       of --verify: nothing older is good
#   --roaming       of --verify: address :: is good, too
#   --random HEX    of 32 bytes, for tests: never give the same ones twice
#
# Secrets are arguments of openssl, where all users of this machine can read them.
set -u
LC_ALL=C
export LC_ALL
here=$(dirname "$0")
# shellcheck source=selftests/clients/bytes.sh
. "$here/bytes.sh"
# shellcheck source=selftests/clients/tumbler.sh
. "$here/tumbler.sh"
# shellcheck source=selftests/clients/sealed.sh
. "$here/sealed.sh"

fail()
{
	echo "knock.sh: $1" >&2
	exit "${2:-1}"
}

usage()
{
	fail "$1; knock.sh --help tells the options" 2
}

# refuse RULE: of a server
refuse()
{
	echo "refused $1"
	exit 1
}

# number TEXT WHAT: leading zeros would make it octal
number()
{
	case $1 in
	'' | *[!0-9]* | 0?*) usage "$2 is to be a number, not '$1'" ;;
	esac
}

read_arguments()
{
	while [ $# -gt 0 ]; do
		case $1 in
		--open | --close) action=${1#--} door=${2-} ;;
		--door) door=${2-} ;;
		--for) open_for=${2-} ;;
		--secret-file | --key-file | --private-file) file=${2-} kind=$1 ;;
		--public) other_public=${2-} ;;
		--source) source=${2-} ;;
		--time) time=${2-} ;;
		--skew) skew=${2-} ;;
		--guard) guard=${2-} ;;
		--random) random=${2-} ;;
		--as-server | --roaming | --print | --verify)
			case $1 in
			--as-server) as_server=y ;;
			--roaming) roaming=y ;;
			*) what=$1 ;;
			esac
			shift
			continue
			;;
		-*) usage "there is no option $1" ;;
		*)
			what=send host=$1
			[ $# -lt 2 ] || { port=$2; shift; }
			shift
			[ $# -eq 0 ] || usage "'$1' is one argument too many"
			return
			;;
		esac
		[ $# -ge 2 ] || usage "$1 wants an argument"
		shift 2
	done
}

# Seconds and nine digits. Without a clock that has nanoseconds they are 0.
read_time()
{
	[ -n "$time" ] || time=$(date +%s.%N)
	seconds=${time%%.*}
	nanoseconds=000000000
	case $time in *.*) nanoseconds=${time#*.} ;; esac
	case $nanoseconds in
	*[!0-9]*) nanoseconds=000000000 ;;
	esac
	number "$seconds" --time
	nanoseconds=$(printf '%s000000000' "$nanoseconds" | cut -c 1-9)
}

# send: what is in $datagram, in hex, three times at once; copies change nothing
send()
{
	if command -v bash > /dev/null; then
		# shellcheck disable=SC2016 # for bash
		emit() { hex_to_bytes "$datagram" | bash -c 'cat > "/dev/udp/$1/$2"' bash "$host" "$port"; }
	elif command -v nc > /dev/null; then
		emit() { hex_to_bytes "$datagram" | nc -u -w 1 "$host" "$port" > /dev/null; }
	else
		fail "neither bash nor nc is there to send the datagram; use --print"
	fi
	for _ in 1 2 3; do
		emit || fail "the datagram can't be sent to $host port $port"
	done
}

case ${1-} in
--help)
	sed -n '/^# Knocks/,/^set -u/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
	exit 0
	;;
tumbler | sealed | key) type=$1 ;;
*) usage "it is tumbler, sealed or key first" ;;
esac
shift
action='' door='' open_for=0 file='' kind='' other_public='' source='' time='' skew='' guard=0
random='' as_server='' roaming='' what='' host='' port=8675
read_arguments "$@"
read_time
[ -n "$kind" ] || usage "a file with the secret is missing"
[ -r "$file" ] || fail "$file can't be read"
number "$port" PORT
number "$open_for" --for
number "$guard" --guard
if [ "$type" != key ]; then
	[ -n "$what" ] || usage "HOST, --print or --verify is missing"
	[ -n "$source" ] || usage "--source is missing"
	address=$(address_to_hex "$source") || fail "'$source' is no address"
fi

case $type in
key)
	sealed_key || fail "the two keys make none: the public key is no good one"
	echo "$key"
	;;
tumbler)
	number "${skew:=5}" --skew
	secret=$(bytes_to_hex < "$file")
	case $secret in *0d0a) secret=${secret%0d0a} ;; *0a) secret=${secret%0a} ;; esac
	if [ "$what" = --verify ]; then tumbler_verify; else tumbler_make; fi
	;;
sealed)
	number "${skew:=90}" --skew
	sealed_key || fail "the two keys make none: the public key is no good one"
	if [ "$what" = --verify ]; then sealed_verify; else sealed_make; fi
	;;
esac
case $what in
--print) hex_to_bytes "$datagram" ;;
send) send ;;
esac
