#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Another key of the server, whatever befalls the program that makes it: what fails is
# taken back, in the module and the file together; where it is killed, knockctl load
# puts right what is left, and no half of a key lies about.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

CONFIG=/etc/netns/server/knock
SERVER_KEY=$CONFIG/server.key
# What changes anything: the file on its way, and what is asked of the module.
CALLS="write fsync rename unlink unlinkat sendmsg"

# rotated_with FAULT CALL N: rotate-server-key, with FAULT at its Nth such call; failed if
# there was such a call
rotated_with()
{
	ip netns exec server strace -qq -o /tmp/calls -e "trace=$2" \
		-e "inject=$2:$1:when=$3" knockctl rotate-server-key > /tmp/said 2>&1 &&
		! grep -q INJECTED /tmp/calls
}

# agreed: the module, the file and the client's profile are of one key
agreed()
{
	local module profile

	module=$(kctl --json keys ssh | sed -n 's/.*"pair".*"fingerprint": "\([^"]*\)".*/\1/p')
	profile=$(kctl enrol ssh pair --host h | sed -n 's/.*, fingerprint \([0-9a-f]*\)$/\1/p')
	[ -n "$module" ] && [ "$module" = "$profile" ]
}

# at_each FAULT COMMAND: COMMAND judges each rotation with FAULT at another call; those
# where it fails are in $BAD, how many there were in $POINTS
at_each()
{
	local call n

	BAD='' POINTS=0
	for call in $CALLS; do
		for ((n = 1; n < 100; n++)); do
			BEFORE=$(cat "$SERVER_KEY")
			rotated_with "$1" "$call" "$n" 2> /dev/null && break
			POINTS=$((POINTS + 1))
			"$2" || BAD+=" $call $n"
		done
	done
}

mended()
{
	kctl load > /tmp/said && agreed && [ ! -e "$CONFIG/.server.key.new" ]
}

# It is what it was, unless all was done and no more failed than to say or note that.
undone()
{
	agreed && [ ! -e "$CONFIG/.server.key.new" ] || return
	[ "$(cat "$SERVER_KEY")" = "$BEFORE" ] || ! grep -q 'nothing was changed\|all is as' /tmp/said
}

falls()
{
	at_each signal=KILL mended
	check "it was killed at every step" test "$POINTS" -ge 15
	check_eq "and load mended it each time" "" "$BAD"
	check_eq "for good" "nothing to change" "$(kctl load)"
	ip netns exec server strace -qq -o /tmp/calls -e trace=write,fsync,rename,sendmsg \
		knockctl rotate-server-key > /dev/null
	check_eq "it is on the disk before the module is asked, and in its place after" \
		"write fsync sendmsg rename fsync" \
		"$(sed -n '/^write/,$p' /tmp/calls | sed 's/(.*//' | uniq | head -n 5 | xargs)"
	at_each error=EIO undone
	check "every step failed once" test "$POINTS" -ge 10
	check_eq "and it was taken back, or done" "" "$BAD"
}

mistrusts()
{
	chown 1000 "$SERVER_KEY"
	cmd_fail "another user's key" 1 "belongs to user 1000" kctl rotate-server-key
	cmd_fail "is no server's" 1 "belongs to user 1000" kctl enrol ssh pair
	chown 0 "$SERVER_KEY"
	check "and stays" agreed
	rm "$SERVER_KEY"
	check "one that is lost is made anew" kctl rotate-server-key
	check "with all that comes of it" agreed
	check_eq "in the files too" "nothing to change" "$(kctl load)"
}

need_module
plan 12
net_setup
must kctl add-door ssh --opens tcp/22
must eval 'umask 077; tumbler genkey > /tmp/private'
must kctl add-key ssh pair --type sealed --public-key "$(tumbler pubkey /tmp/private)"
run_stage "falls" falls
run_stage "mistrusts" mistrusts
end_scenario
