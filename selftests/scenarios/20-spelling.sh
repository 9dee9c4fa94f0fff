#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A TUMBLER1 datagram opens in every spelling that is allowed and in no other; one
# digest is good once, however it is spelled.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

# All that is allowed: two beginnings, three ways to write digits, three ends.
allowed=()
for tag in 'TUMBLER1:' 'TUMBLER1: '; do
	for digits in %d %D %m; do
		allowed+=("$tag$digits" "$tag$digits\\n" "$tag$digits\\r\\n")
	done
done

# Of a length that a knock may have, but wrong.
wrong=('tumbler1: %d' 'Tumbler1: %d' 'TUMBLER2: %d' 'TUMBLER1; %d' 'TUMBLER1 :%d' ' TUMBLER1:%d'
	'\nTUMBLER1:%d' '\0TUMBLER1:%d' 'XTUMBLER1:%d' 'TUMBLER1:\t%d' 'TUMBLER1:\0%d' 'TUMBLER1:\n%d'
	'TUMBLER1:-%d' 'TUMBLER1:  %d' 'TUMBLER1: \t%d' 'TUMBLER1:\t %d' 'TUMBLER1: %d ' 'TUMBLER1:%d '
	'TUMBLER1: %d\t' 'TUMBLER1: %d\r' 'TUMBLER1:%d\r' 'TUMBLER1: %d\r\r' 'TUMBLER1: %d\n\n'
	'TUMBLER1: %d\n\r' 'TUMBLER1:%d\r\n\n' 'TUMBLER1:%d \r\n' 'TUMBLER1: %d\0' 'TUMBLER1:%d\0'
	'TUMBLER1: %d\n\0' 'TUMBLER1: %d\0\n' 'TUMBLER1: %d0' 'TUMBLER1:%d0' 'TUMBLER1:0%d'
	'TUMBLER1: 0%d' 'TUMBLER1: %d0\n' 'TUMBLER1: %d00' 'TUMBLER1:%d00' 'TUMBLER1:0x%d'
	'TUMBLER1:%d000')

# Of no length that a knock has.
longer=('TUMBLER1:  %d\r\n' 'TUMBLER1: %d\r\n\n' 'TUMBLER1: %d\r\n\0' 'TUMBLER1: %d\n%d' 'TUMBLER1: %d0\r\n'
	'TUMBLER1:' '%d' 'TUMBLER1 %d\n\n\n\n')

# templates TEXT...: as options, in $templates
templates()
{
	local text

	templates=()
	for text; do
		templates+=(--template "$text")
	done
}

# broken_digits: the digest with, at each place, something that is no hex digit; in
# $templates. Neighbours of the digits in ASCII, their full bytes, and signs.
broken_digits()
{
	local strange=(/ : @ G '`' g ' ' '\0' '\n' x O l - + _ . $'\xb1' $'\xe1' '\r' '\t')
	local digest i

	digest=$(printf '%s' "$TEXT" | sed 's/.* //')
	templates=()
	for ((i = 0; i < 64; i++)); do
		templates+=(--template
			"TUMBLER1: ${digest:0:i}${strange[i % ${#strange[@]}]}${digest:i+1}")
	done
}

# text_now: what the client's program would send from $FROM, in $TEXT
text_now()
{
	TEXT=$(on client tumbler --print --source "$FROM" --open "tumbler://$SECRET@${TO/*:*/[$TO]}/")
	[ ${#TEXT} = 74 ] || bail "tumbler --print said: $TEXT"
}

# spell RESULT REASON TEXT...: each text from an address of its own, in one burst;
# which of them it was is only asked when something is wrong
spell()
{
	local name=$1 reason=$2 text before

	shift 2
	templates "$@"
	clock_second 5
	elsewhere $#
	assert_reason "IPv$V: $name" "$reason=$#" raw --secret "$SECRET" --sources $# \
		"${templates[@]}" && return
	for text; do
		before=$(reasons)
		elsewhere 1
		raw_and_marker --secret "$SECRET" --template "$text"
		diag "'$text' gave $(reasons_since "$before")"
	done
}

spell_twice()
{
	templates "${allowed[@]}"
	clock_second 5
	elsewhere 1
	text_now
	assert_reason "IPv$V: one digest in all spellings opens once" "duplicate=17 opened=1" \
		raw --secret "$SECRET" "${templates[@]}"
	elsewhere 1
	assert_reason "IPv$V: and is a replay from elsewhere in each" "replay=18" \
		raw --digest "${TEXT#* }" "${templates[@]}"
}

# The same digest, rightly spelled, is still good after all that.
spell_digits()
{
	clock_second 5
	elsewhere 1
	text_now
	broken_digits
	assert_reason "IPv$V: no digit may be another sign" "form=64" raw "${templates[@]}"
	templates "${TEXT%?}" "${TEXT%?}\\n" "${TEXT%?}\\r\\n" "${TEXT}0" "${TEXT/ /}0"
	assert_reason "IPv$V: nor be missing, nor one too many" "form=5" raw "${templates[@]}"
	templates "${TEXT:0:9}${TEXT:11}" "${TEXT:0:9}${TEXT:12}"
	assert_reason "IPv$V: 63 and 62 digits without a space" "size=2" raw "${templates[@]}"
	assert_reason "IPv$V: the digest itself is still good" "opened=1" raw --template "$TEXT"
}

need_module
plan 22
net_setup
for v in 4 6; do
	family "$v"
	door_with_key
	spell "every spelling that is allowed opens" opened "${allowed[@]}"
	check_eq "IPv$V: and each has its grant" 18 "$(status_number grants)"
	run_stage "IPv$V: one digest in many spellings" spell_twice
	run_stage "IPv$V: digits" spell_digits
	spell "no other spelling of that length does" form "${wrong[@]}"
	spell "nor any of another length" size "${longer[@]}"
	check_eq "IPv$V: none of these left a grant" 20 "$(status_number grants)"
	must kctl del-door ssh
done
end_scenario
