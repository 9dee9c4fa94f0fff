# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Sequences: keys by seqkey, knocks by seqknock. Wants ktap.sh, net.sh and knock.sh.

# A secret for all keys of a scenario; seqkey and seqknock put a number into it.
SEQ_SECRET=000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f

# seq_add DOOR KEY OPTION...: a sequence key
seq_add()
{
	on server seqkey add "$@"
}

# steps HOST OPTION...: knock at the server; the source is the host's own address
steps()
{
	local host=$1 from=10.0.0.2

	shift
	[ "$host" = client ] || from=10.0.0.3
	on "$host" seqknock --to 10.0.0.1 --from "$from" "$@"
}

# once N [OPTION]...: number N of the key, from the client
once()
{
	local n=$1

	shift
	steps client --once "$SEQ_SECRET" --number "$n" "$@"
}

# syn PORT... : lone SYNs from the client, by hand
syn()
{
	local list

	list=$(IFS=,; echo "$*")
	steps client --static "$list"
}

# key_field KEY NAME: a number that key-get says of a key
key_field()
{
	kctl --json keys | tr '{' '\n' | grep "\"name\": \"$1\"" | json_number "$2"
}

# grant_ends: the client's grant is closed again
grant_ends()
{
	must kctl close ssh 10.0.0.2
}

# base64_of HEX
base64_of()
{
	xxd -r -p <<< "$1" | base64 -w 0
}

# once_profile FIRST LAST [HEX]: sequences of a once key, as the server would hand them to
# a client; by openssl, and by no code of ours
once_profile()
{
	local n message

	printf '%s\n' 'type = once' 'host = 10.0.0.1' 'door = ssh' 'name = ssh' 'service = 22'
	for n in $(seq "$1" "$2"); do
		printf -v message '\\x%02x' 0 0 0 0 0 0 0 "$n"
		printf 'sequence = %s %s\n' "$n" "$(printf 'xt_knock once v1%b' "$message" |
			openssl dgst -sha256 -mac HMAC -macopt "hexkey:${3-$SEQ_SECRET}" -binary |
			base64 -w 0)"
	done
}

# derived_profile [HEX]: of a derived key
derived_profile()
{
	printf '%s\n' 'type = derived' 'host = 10.0.0.1' 'door = ssh' 'name = ssh' 'service = 22' \
		"secret = $(base64_of "${1-$SEQ_SECRET}")"
}

# user ARGUMENT...: the client's program, as a user without any privilege
user()
{
	on client setpriv --reuid 1000 --regid 1000 --clear-groups --bounding-set -all \
		--no-new-privs env HOME=/tmp/user tumbler "$@"
}

# a_user: who has a home
a_user()
{
	mkdir -p /tmp/user
	chown 1000:1000 /tmp/user
}

# seq_secret KEY: that of a once or derived key of the door ssh, from the server's file
seq_secret()
{
	awk -v key="[key $1]" '$0 == key { on = 1 } on && $1 == "secret" { print $3; exit }' \
		/etc/netns/server/knock/doors/ssh.conf | base64 -d | od -An -v -tx1 | tr -d ' \n'
}

# key_row KEY NAME...: fields of a key of the door ssh, as knockctl --json keys has them
key_row()
{
	local row key=$1

	shift
	row=$(kctl --json keys | grep "\"name\": \"$key\"")
	for key; do
		sed -n "s/.*\"$key\": \"\{0,1\}\([^\",}]*\).*/\1/p" <<< "$row"
	done | xargs
}
