#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What knockctl prints of a sequence key is all that tumbler needs, for each kind; and
# rotate refills the book of who knocked while nobody listened.
# Takes: 80
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# enrolled KEY OPTION...: a new key of the door ssh, and its client
enrolled()
{
	kctl add-key ssh "$@" --host 10.0.0.1 | user import --name "$1" - > /dev/null
}

# counted NAME WANT COMMAND...: what the packets were, but for those that look whether the
# service answers
counted()
{
	local name=$1 want=$2 before

	shift 2
	before=$(reasons)
	"$@" > /tmp/said 2>&1
	check_eq "$name" "$want" "$(reasons_since "$before" | tr ' ' '\n' | grep -v '^no_step' | xargs)" ||
		diag "$(cat /tmp/said)"
}

each_kind()
{
	must enrolled walk --static 42,196/udp,69
	counted "static" "opened=1 step=2" user --open walk
	grant_ends
	must enrolled dora --derived --location "60.17, 24.94" --avoid 20000-29999 --steps 10 \
		--slot 1h
	counted "derived" "opened=1 step=9" user --open dora
	counted "and again in the same slot" "extended=1 step=9" user --open dora
	must enrolled shut --derived --action close
	counted "derived, to close" "closed=1 step=7" user --close shut
	must enrolled una --once --unbound --steps 7
	counted "once, bound to no address" "opened=1 step=6" user --open una
	grant_ends
	must enrolled carol --once --avoid 1024-30000
	counted "once" "opened=1 step=7" user --open carol
	grant_ends
}

# left: sequences in the book
left()
{
	user --check carol | sed -n 's/^left  *//p'
}

refilled()
{
	local i before

	must kctl load
	must ip -n server link set eth0 down
	for i in {1..20}; do
		user --open carol --delay 1 > /dev/null 2>&1
	done
	must ip -n server link set eth0 up
	must wait_until 10 "the server is there" on server ping -c 1 -W 1 10.0.0.2
	before=$(reason opened)
	user --open carol --wait > /dev/null
	# A port of those that are tried in vain may be a first step of another.
	check_eq "20 knocks at nobody, then one round: in" $((before + 1)) "$(reason opened)"
	grant_ends
	check "rotate has more for the book" grep -q '^sequences added' \
		<(kctl rotate ssh carol --host 10.0.0.1 | user import --name carol -)
	must kctl load
	counted "and it opens" "opened=1 step=7" user --open carol --wait
	grant_ends
	diag "$(left) left"
}

need_module
plan 9
a_user
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "each kind" each_kind
run_stage "refilled" refilled
end_scenario
