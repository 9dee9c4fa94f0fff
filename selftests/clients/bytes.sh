# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# Bytes as hex digits, since a shell's variables can't hold a NUL, and addresses.

bytes_to_hex()
{
	od -A n -v -t x1 | tr -d ' \n'
}

# hex_to_bytes HEX: by printf's octal numbers
hex_to_bytes()
{
	hex=$1 octal=
	while [ -n "$hex" ]; do
		byte=$((0x${hex%"${hex#??}"}))
		octal="$octal\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
		hex=${hex#??}
	done
	# shellcheck disable=SC2059 # a format on purpose
	printf "$octal"
}

# slice HEX FIRST LENGTH: in bytes
slice()
{
	printf %s "$1" | cut -c "$(($2 * 2 + 1))-$((($2 + $3) * 2))"
}

# zeros N: digits
zeros()
{
	printf "%0${1}d" 0
}

ipv4_to_hex()
{
	(
		set -f
		case $1 in *.) exit 1 ;; esac
		IFS=.
		# shellcheck disable=SC2086 # at the points
		set -- $1
		[ $# -eq 4 ] || exit 1
		for part; do
			case $part in
			'' | *[!0-9]* | 0?* | ????*) exit 1 ;;
			esac
			[ "$part" -le 255 ] || exit 1
			printf %02x "$part"
		done
	)
}

# groups_to_hex TEXT: groups between colons, without ::
groups_to_hex()
{
	(
		set -f
		IFS=:
		# shellcheck disable=SC2086 # at the colons
		set -- $1
		for group; do
			case $group in
			'' | *[!0-9A-Fa-f]* | ?????*) exit 1 ;;
			esac
			printf %04x "0x$group"
		done
	)
}

ipv6_to_hex()
{
	text=$1
	case $text in
	*.*)
		last=$(ipv4_to_hex "${text##*:}") || return
		text=${text%:*}:${last%????}:${last#????}
		;;
	esac
	case $text in
	*::*::* | *:::*) return 1 ;;
	*::*)
		head=$(groups_to_hex "${text%%::*}") && tail=$(groups_to_hex "${text#*::}") || return
		[ $((${#head} + ${#tail})) -le 28 ] || return
		printf '%s%s%s' "$head" "$(zeros $((32 - ${#head} - ${#tail})))" "$tail"
		;;
	:* | *:) return 1 ;;
	*)
		head=$(groups_to_hex "$text") && [ ${#head} -eq 32 ] || return
		printf %s "$head"
		;;
	esac
}

# address_to_hex TEXT: 16 bytes, IPv4 as ::ffff:a.b.c.d
address_to_hex()
{
	case $1 in
	*:*) ipv6_to_hex "$1" ;;
	*) four=$(ipv4_to_hex "$1") && echo "00000000000000000000ffff$four" ;;
	esac
}

# hex_to_ipv4 HEX
hex_to_ipv4()
{
	echo "$((0x$(slice "$1" 0 1))).$((0x$(slice "$1" 1 1))).$((0x$(slice "$1" 2 1))).$((0x$(slice "$1" 3 1)))"
}

# hex_to_address HEX: as TUMBLER1 wants it, with `::' for the first of the longest runs
# of two or more groups of zeros
hex_to_address()
{
	case $1 in
	00000000000000000000ffff*) hex_to_ipv4 "${1#????????????????????????}"; return ;;
	0000000000000000????????????????) ;;
	esac
	rest=$1 text='' run=0 best=1 at='' i=0
	while [ $i -lt 8 ]; do
		group=${rest%"${rest#????}"}
		rest=${rest#????}
		i=$((i + 1))
		if [ "$group" = 0000 ]; then
			run=$((run + 1))
			[ $run -le $best ] || { best=$run; at=$((i - run)); }
		else
			run=0
		fi
		text=$text${text:+ }$(printf %x "0x$group")
	done
	if [ "$at" = 0 ] && [ $best = 6 ]; then
		echo "::$(hex_to_ipv4 "${1#????????????????????????}")"
		return
	fi
	# shellcheck disable=SC2086 # eight words
	join_groups "${at:-8}" $best $text
}

# join_groups AT RUN GROUP...: RUN groups from AT on are `::'
join_groups()
{
	at=$1 run=$2 i=0 out=
	shift 2
	for group; do
		if [ $i = "$at" ]; then
			out="${out%:}::"
		elif [ $i -lt "$at" ] || [ $i -ge $((at + run)) ]; then
			out=$out$group:
		fi
		i=$((i + 1))
	done
	case $out in
	*::) echo "$out" ;;
	*) echo "${out%:}" ;;
	esac
}
