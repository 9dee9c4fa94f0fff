#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A sealed key from enrol to ssh and back: its profile opens the door over both
# families as often as wanted, and closes it; with two doors each has its own; a key
# that is made of key pairs does the same, and another server key locks it out until
# its client is told.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

export HOME=/tmp/home
PROFILE=/tmp/profile
SERVER_KEY=/etc/netns/server/knock/server.key

# client ARGUMENT...: the client's program
client()
{
	on client tumbler "$@"
}

# fingerprint_of DOOR KEY: as the module shows it
fingerprint_of()
{
	kctl --json keys "$1" | grep "\"$2\"" | json_text fingerprint
}

# shown NAME: as the client shows it
shown()
{
	client --check "$1" | sed -n 's/^fingerprint  //p'
}

# enrolled DOOR KEY NAME HOST [OPTION]...: the key's profile, at the client
enrolled()
{
	kctl enrol "$1" "$2" --host "$4" > "$PROFILE"
	client import "$PROFILE" --name "$3" --force "${@:5}" > /dev/null
}

# story FAMILY ADDRESS: open, ssh, open again, close
story()
{
	must enrolled ssh alice "$1" "$2"
	expect_tcp "$1: closed before" silent client "$2" 22
	assert_reason "$1: it opens, copies are copies" "duplicate=2 opened=1" client --open "$1"
	check_eq "$1: ssh works" through "$(ssh_run client "$2" echo through)"
	expect_tcp "$1: for nobody else" silent other "$2" 22
	assert_reason "$1: the next knock is a new one" "duplicate=2 extended=1" client --open "$1"
	assert_reason "$1: it closes" "closed=1 duplicate=2" client --close "$1"
	expect_tcp "$1: closed after" silent client "$2" 22
	assert_reason "$1: nothing is open" "duplicate=2 nothing_open=1" client --close "$1"
}

families()
{
	local key

	kctl add-key ssh alice --type sealed --host 10.0.0.1 > "$PROFILE"
	check "what add-key prints is a profile" client import "$PROFILE" --name first
	check_eq "of the key that the module has" "$(fingerprint_of ssh alice)" "$(shown first)"
	story IPv4 10.0.0.1
	story IPv6 2001:db8::1
	# A name that has both.
	printf '10.0.0.1 both\n2001:db8::1 both\n' > /tmp/hosts
	must mount --bind /tmp/hosts /etc/hosts
	must enrolled ssh alice both both
	assert_reason "a host with both gets both" "duplicate=4 opened=2" client --open both
	must client --close both
	assert_reason "or one" "duplicate=2 opened=1" client --open both -6
	must client --close both -6
	assert_reason "--for: for so long" "duplicate=2 opened=1" client --open IPv4 --for 7s
	key=$(kctl --json grants | json_text until)
	check "and not as long as the door says" test $(($(date -d "$key" +%s) - $(date +%s))) -le 7
	must client --close IPv4
	check "--wait waits for the service" client --open IPv4 --wait
	must client --close IPv4
}

doors()
{
	must kctl add-door web --opens tcp/80
	must kctl add-key web alice --type sealed
	must enrolled web alice web 10.0.0.1
	assert_reason "the other door" "duplicate=2 opened=1" client --open web
	check_eq "and no more" '"web"' "$(kctl --json grants | sed -n 's/.*"door": \("[a-z]*"\).*/\1/p')"
	must client --close web
	sed -i 's/^door = web/door = ssh/' "$HOME/.config/tumbler/web.conf"
	assert_reason "a profile that names another door" "other_door=3" client --open web
}

pairs()
{
	local first before

	must eval 'umask 077; tumbler genkey > /tmp/private'
	must kctl add-key ssh pair --type sealed --public-key "$(tumbler pubkey /tmp/private)"
	must enrolled ssh pair pair 10.0.0.1 --private-key /tmp/private
	first=$(shown pair)
	check_eq "both sides make the same secret" "$(fingerprint_of ssh pair)" "$first"
	check_eq "load knows it again" "nothing to change" "$(kctl load)"
	assert_reason "it opens" "duplicate=2 opened=1" client --open pair
	before=$(cat "$SERVER_KEY")
	must mount --bind "$SERVER_KEY" "$SERVER_KEY"
	cmd_fail "a key that cannot be replaced" 1 "all is as it was" kctl rotate-server-key
	must umount "$SERVER_KEY"
	check_eq "stays, with all that came of it" "$before $first" \
		"$(cat "$SERVER_KEY") $(fingerprint_of ssh pair)"
	check "rotate-server-key" kctl rotate-server-key
	check_not "another key" test "$before" = "$(cat "$SERVER_KEY")"
	check_not "another secret" test "$first" = "$(fingerprint_of ssh pair)"
	check_eq "in the module and the file" "nothing to change" "$(kctl load)"
	check_eq "other keys stay" "$(shown first)" "$(fingerprint_of ssh alice)"
	assert_reason "the old profile is of no use" "unknown_hint=3" client --open pair
	must enrolled ssh pair pair 10.0.0.1
	check_eq "the new one is" "$(fingerprint_of ssh pair)" "$(shown pair)"
	assert_reason "at once, since nobody has used it" "duplicate=2 opened=1" client --open pair
}

need_module
plan 39
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "families" families
run_stage "doors" doors
run_stage "pairs" pairs
end_scenario
