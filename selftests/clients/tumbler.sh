# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
# shellcheck disable=SC2154 # knock.sh assigns what is not assigned here
# TUMBLER1, with what knock.sh read from its arguments.

# time_of MINUTE: YYYMMDDHHmm. POSIX date can't tell of any time but now; the day is
# found in eras of 400 years that begin in March.
time_of()
{
	day=$(($1 / 1440 + 719468)) left=$(($1 % 1440))
	era=$((day / 146097)) day=$((day % 146097))
	year=$(((day - day / 1460 + day / 36524 - day / 146096) / 365))
	day=$((day - (365 * year + year / 4 - year / 100)))
	month=$(((5 * day + 2) / 153))
	day=$((day - (153 * month + 2) / 5 + 1))
	# From 0 for March to 0 for January.
	month=$(((month + 2) % 12)) year=$((year + era * 400))
	[ $month -gt 1 ] || year=$((year + 1))
	printf '%03d%02d%02d%02d%02d' $((year - 1900)) $month $day $((left / 60)) $((left % 60))
}

# tumbler_digest MINUTE: 64 digits
tumbler_digest()
{
	{
		time_of "$1"
		printf %s "$(hex_to_address "$address")"
		hex_to_bytes "$secret"
	} | openssl dgst -sha256 -binary | bytes_to_hex
}

tumbler_make()
{
	[ -n "$secret" ] || fail "$file has no secret"
	text="TUMBLER1: $(tumbler_digest $((seconds / 60)))"
	# shellcheck disable=SC2034 # for knock.sh
	datagram=$(printf %s "$text" | bytes_to_hex)
}

# read_digest: from $datagram to $digest, or a refusal
read_digest()
{
	digits=${datagram#54554d424c4552313a}
	[ "$digits" != "$datagram" ] || refuse form
	digits=${digits#20}
	digest=
	while [ ${#digest} -lt 64 ]; do
		case $digits in
		3[0-9]* | 4[1-6]* | 6[1-6]*) ;;
		*) refuse form ;;
		esac
		digest=$digest$(hex_to_bytes "${digits%"${digits#??}"}")
		digits=${digits#??}
	done
	case $digits in '' | 0a | 0d0a) ;; *) refuse form ;; esac
	digest=$(printf %s "$digest" | tr A-F a-f)
}

tumbler_verify()
{
	datagram=$(bytes_to_hex)
	read_digest
	first=0
	[ "$seconds" -lt "$skew" ] || first=$(((seconds - skew) / 60))
	last=$(((seconds + skew) / 60))
	while [ $first -le $last ]; do
		if [ "$(tumbler_digest $first)" = "$digest" ]; then
			[ $((first * 60)) -ge "$guard" ] || refuse guard
			echo "good $(time_of $first) $(hex_to_address "$address")"
			exit 0
		fi
		first=$((first + 1))
	done
	refuse unproved
}
