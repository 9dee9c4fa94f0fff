# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Sealed keys and knocks. Wants ktap.sh, net.sh, knock.sh and datagram.sh.

# hex: of base64 on standard input
hex()
{
	base64 -d | od -An -v -tx1 | tr -d ' \n'
}

# new_sealed DOOR KEY [OPTION]...: a sealed key with a generated secret, in $SEALED, hex
new_sealed()
{
	SEALED=$(kctl --json add-key "$@" --type sealed --generate | json_text secret | hex)
	[ "${#SEALED}" = 64 ] || bail "no sealed key $2 for door $1"
}

# sealed [OPTION]...: knocks of the key $SEALED, as sealedknock makes them, for client
sealed()
{
	sealedknock --key "$SEALED" "$@"
}

# shellcheck disable=SC2120 # some callers have options
# deliver [OPTION]...: what standard input has, from client's address at once
deliver()
{
	on client rawknock --to 10.0.0.1 --from 10.0.0.2 --lines "$@" > /dev/null
}

# sealed_knock [OPTION]...: one such knock, from client
sealed_knock()
{
	# shellcheck disable=SC2119 # these are options of sealed
	sealed "$@" | deliver
}

# from_other: the same from the other host, on standard input
from_other()
{
	on other rawknock --to 10.0.0.1 --from 10.0.0.3 --from-mac 02:0:0:0:0:3 --lines > /dev/null
}

# bytes PLACE VALUE COUNT: as options of sealedknock
bytes()
{
	local i

	for ((i = 0; i < $3; i++)); do
		printf -- '--byte %d:%d ' $(($1 + i)) "$2"
	done
}
