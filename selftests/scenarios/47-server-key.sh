#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Another key of the server, whatever befalls the program that makes it: what fails is
# taken back, in the module and the file together; where it is killed, knockctl load
# puts right what is left, and no half of a key lies about.
# Runs: stock
# Takes: 50
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/fault.sh"

SERVER_KEY=$CONFIG/server.key

# agreed: the module, the file and the client's profile are of one key
agreed()
{
	local module profile

	module=$(kctl --json keys ssh | sed -n 's/.*"pair".*"fingerprint": "\([^"]*\)".*/\1/p')
	profile=$(kctl enrol ssh pair --host h | sed -n 's/.*, fingerprint \([0-9a-f]*\)$/\1/p')
	[ -n "$module" ] && [ "$module" = "$profile" ]
}

keep_key()
{
	BEFORE=$(cat "$SERVER_KEY")
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
	at_each signal=KILL keep_key mended rotate-server-key
	check "it was killed at every step" test "$POINTS" -ge 15
	check_eq "and load mended it each time" "" "$BAD"
	check_eq "for good" "nothing to change" "$(kctl load)"
	ip netns exec server strace -qq -o /tmp/calls -e trace=write,fsync,rename,sendmsg \
		knockctl rotate-server-key > /dev/null
	check_eq "it is on the disk before the module is asked, and in its place after" \
		"write fsync sendmsg rename fsync" \
		"$(sed -n '/^write/,$p' /tmp/calls | sed 's/(.*//' | uniq | head -n 5 | xargs)"
	at_each error=EIO keep_key undone rotate-server-key
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
