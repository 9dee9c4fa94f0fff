# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # knock.sh assigns what is not assigned here
# Sealed knocks, with what knock.sh read from its arguments.

# hmac KEY MESSAGE
hmac()
{
	hex_to_bytes "$2" | openssl mac -digest SHA256 -macopt "hexkey:$1" -binary HMAC | bytes_to_hex
}

text_to_hex()
{
	printf %s "$1" | bytes_to_hex
}

# base64_to_hex TEXT: of 32 bytes
base64_to_hex()
{
	decoded=$(printf '%s\n' "$1" | openssl base64 -d 2> /dev/null | bytes_to_hex)
	[ ${#decoded} -eq 64 ] || return
	echo "$decoded"
}

# x25519 PRIVATE PUBLIC: what they share, then the public key of PRIVATE; openssl takes
# keys as files alone, and refuses to share nothing
x25519()
{
	(
		umask 077
		dir=${TMPDIR:-/tmp}/knock.$$.$(openssl rand -hex 8)
		mkdir "$dir" || exit 1
		trap 'rm -rf "$dir"' EXIT
		hex_to_bytes "302e020100300506032b656e04220420$1" > "$dir/private"
		hex_to_bytes "302a300506032b656e032100$2" > "$dir/public"
		openssl pkeyutl -derive -keyform DER -inkey "$dir/private" -peerform DER \
			-peerkey "$dir/public" -out "$dir/shared" 2> /dev/null || exit 1
		bytes_to_hex < "$dir/shared"
		openssl pkey -inform DER -in "$dir/private" -pubout -outform DER |
			tail -c 32 | bytes_to_hex
	)
}

# derive PRIVATE PUBLIC: the key for $door
derive()
{
	both=$(x25519 "$1" "$2") || return
	shared=$(slice "$both" 0 32)
	own=$(slice "$both" 32 32)
	case $shared in
	*[!0]*) ;;
	*) return 1 ;;
	esac
	salt=$2$own
	[ -z "$as_server" ] || salt=$own$2
	info=$(text_to_hex "xt_knock sealed v1")$(printf %02x ${#door})$(text_to_hex "$door")
	hmac "$(hmac "$salt" "$shared")" "${info}01"
}

# sealed_key: to $key
sealed_key()
{
	[ -n "$door" ] || usage "the door is missing"
	own=$(base64_to_hex "$(cat "$file")") || fail "$file is not base64 of 32 bytes"
	case $kind in
	--key-file) key=$own ;;
	--private-file)
		other=$(base64_to_hex "$other_public") || usage "--public is not base64 of 32 bytes"
		key=$(derive "$own" "$other")
		;;
	*) usage "sealed knocks take a key, not a secret" ;;
	esac
}

hint_of()
{
	slice "$(hmac "$key" "$(text_to_hex hint)$(printf %016x "$1")")" 0 8
}

# chacha20 KEY COUNTER: standard input, with a nonce of 0
chacha20()
{
	openssl enc -chacha20 -K "$1" -iv "0$2$(zeros 30)"
}

# tag_of KEY SEALED: Poly1305 over no further data, SEALED, and both lengths
tag_of()
{
	one_time=$(hex_to_bytes "$(zeros 64)" | chacha20 "$1" 0 | bytes_to_hex)
	hex_to_bytes "$2$(zeros 16)3000000000000000" |
		openssl mac -macopt "hexkey:$one_time" -binary Poly1305 | bytes_to_hex
}

sealed_make()
{
	case $action in
	open) action=1 ;;
	close) action=2 ;;
	*) usage "--open or --close is missing" ;;
	esac
	plaintext=010${action}0000$(printf %08x "$open_for")
	plaintext=$plaintext$(printf %016x $((4611686018427387904 + 10 + seconds)))
	plaintext=$plaintext$(printf %08x "$(printf %s "$nanoseconds" | sed 's/^0*\(.\)/\1/')")
	plaintext=${plaintext}00000000$address
	plaintext=$plaintext$(slice "$(printf %s "$door" | openssl dgst -sha256 -binary | bytes_to_hex)" 0 8)
	[ -n "$random" ] || random=$(openssl rand -hex 32)
	hint=$(hint_of $((seconds / 60)))
	salt=$(slice "$(hmac "$key" "$(text_to_hex salt)$random$plaintext")" 0 16)
	seal_key=$(hmac "$key" "$(text_to_hex seal)$hint$salt")
	sealed=$(hex_to_bytes "$plaintext" | chacha20 "$seal_key" 1 | bytes_to_hex)
	datagram=$hint$salt$sealed$(tag_of "$seal_key" "$sealed")
}

# find_minute: whose hint is $hint, to $minute
find_minute()
{
	minute=0
	[ "$seconds" -lt "$skew" ] || minute=$(((seconds - skew) / 60))
	while [ $minute -le $(((seconds + skew) / 60 + 1)) ]; do
		[ "$(hint_of $minute)" != "$hint" ] || return 0
		minute=$((minute + 1))
	done
	refuse unknown-hint
}

# check_form: of $plaintext; its parts go to variables
check_form()
{
	label=$(slice "$plaintext" 8 8)
	nanoseconds=$((0x$(slice "$plaintext" 16 4)))
	open_for=$((0x$(slice "$plaintext" 4 4)))
	case $plaintext in
	01010000*) action=open ;;
	0102000000000000*) action=close ;;
	*) refuse content ;;
	esac
	[ "$(slice "$plaintext" 20 4)" = 00000000 ] || refuse content
	[ $nanoseconds -lt 1000000000 ] || refuse content
	case $label in
	# Too big for a shell's numbers, too.
	[89a-f]*) refuse content ;;
	esac
	sent=$((0x$label - 4611686018427387904 - 10))
	[ $sent -ge 0 ] || refuse content
}

sealed_verify()
{
	datagram=$(bytes_to_hex)
	[ ${#datagram} -eq 176 ] || refuse size
	hint=$(slice "$datagram" 0 8)
	find_minute
	seal_key=$(hmac "$key" "$(text_to_hex seal)$(slice "$datagram" 0 24)")
	sealed=$(slice "$datagram" 24 48)
	[ "$(tag_of "$seal_key" "$sealed")" = "$(slice "$datagram" 72 16)" ] || refuse tag
	plaintext=$(hex_to_bytes "$sealed" | chacha20 "$seal_key" 1 | bytes_to_hex)
	check_form
	[ $((sent / 60)) -eq $minute ] || refuse content
	[ $sent -ge $((seconds - skew)) ] || refuse too-old
	[ $sent -le $((seconds + skew)) ] || refuse not-yet
	[ $sent -ge "$guard" ] || refuse guard
	bound=$(slice "$plaintext" 24 16)
	[ "$bound" = "$address" ] || { [ -n "$roaming" ] && [ "$bound" = "$(zeros 32)" ]; } ||
		refuse other-address
	[ "$(slice "$plaintext" 40 8)" = \
		"$(slice "$(printf %s "$door" | openssl dgst -sha256 -binary | bytes_to_hex)" 0 8)" ] ||
		refuse other-door
	printf 'good %s %s %s.%09d %s\n' "$action" $open_for $sent $nanoseconds \
		"$(hex_to_address "$bound")"
	exit 0
}
