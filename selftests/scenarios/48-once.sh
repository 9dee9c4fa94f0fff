#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A once sequence opens once. Who repeats it is recorded and banned, and a fresh one
# pardons; numbers that were passed over are over.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# is_listed KIND ADDRESS: is it on the blacklist
is_listed()
{
	kctl --json blacklist | grep -q "\"address\": \"$2\", \"kind\": \"$1\""
}

# After 5 s the same from the same address is no duplicate any more.
is_past()
{
	[ "$(now_ms)" -gt "$USED_AT" ]
}

opens_once()
{
	must seq_add ssh alice --once "$SEQ_SECRET" --armed 3
	check_eq "three are armed" 3 "$(status_number sequences)"
	assert_reason "the first opens" "opened=1 step=7" once 1
	USED_AT=$(($(now_ms) + 5500))
	check "event: used" wait_event '"kind": "used".*"key": "alice", "address": "10.0.0.2".*"number": 1'
	expect_tcp "the door is open" open client 10.0.0.1 22
	assert_reason "a copy at once is a duplicate" "duplicate=1 step=7" once 1
	check_not "which bans nobody" is_listed ban 10.0.0.2
	check "why says whose it was" grep -q 'sequence of the once key alice of the door ssh' \
		<(kctl why 10.0.0.2)
	grant_ends
	check_eq "it is listed as old" 1 "$(kctl --json old | grep -c '"key": "alice", "type": "sequence", "address": "10.0.0.2", "number": 1,')"
	wait_until 10 "5 s are over" is_past
	assert_reason "later it is a replay" "replay=1 step=7" once 1
	check "with its source" wait_event '"kind": "replay".*"key": "alice", "address": "10.0.0.2".*"number": 1'
	check "that bans" is_listed ban 10.0.0.2
	check "and says so" wait_event '"kind": "banned".*"door": "ssh", "key": "alice", "address": "10.0.0.2"'
	expect_tcp "the door is closed" silent client 10.0.0.1 22
}

pardons()
{
	assert_reason "the next opens" "opened=1 step=7" once 2
	check_not "and lifts the ban" is_listed ban 10.0.0.2
	check "event: pardoned" wait_event '"kind": "pardoned".*"key": "alice", "address": "10.0.0.2"'
	grant_ends
}

# The other host has heard all of it.
from_elsewhere()
{
	assert_reason "a replay from another address is known" "replay=1 step=7" \
		steps other --once "$SEQ_SECRET" --number 2 --address 10.0.0.2
	check "and bans that one" is_listed ban 10.0.0.3
	assert_reason "with a forged source" "replay=1 step=7" steps other --from 10.9.0.7 \
		--once "$SEQ_SECRET" --number 1 --address 10.0.0.2
	check "it bans the forged one" is_listed ban 10.9.0.7
	must kctl unblock --all
	must kctl trust 10.0.0.3
	assert_reason "a trusted one may repeat it" "replay=1 step=7" \
		steps other --once "$SEQ_SECRET" --number 2 --address 10.0.0.2
	check_not "and is not banned" is_listed ban 10.0.0.3
	must kctl untrust 10.0.0.3
}

armed()
{
	assert_reason "a number beyond the armed ones is nothing" "no_step=8" once 4
	must on server seqkey arm ssh alice 6
	assert_reason "an armed one may be passed over" "opened=1 step=7" once 5
	assert_reason "what was passed over is over" "no_step=8" once 4
	grant_ends
	must on server seqkey arm ssh alice 0
	assert_reason "disarmed: nothing is good" "no_step=8" once 6
	must on server seqkey arm ssh alice 6
	assert_reason "and armed again" "opened=1 step=7" once 6
	grant_ends
	cmd_fail "17 ahead are too many" 1 "at most 16 numbers are armed" \
		on server seqkey arm ssh alice 23
}

bound()
{
	must on server seqkey arm ssh alice 9
	assert_reason "the tail is of the address" "no_step=5 step=3" \
		steps other --once "$SEQ_SECRET" --number 7 --address 10.0.0.2
	assert_reason "by IPv6" "opened=1 step=7" on client seqknock --to 2001:db8::1 \
		--from 2001:db8::2 --once "$SEQ_SECRET" --number 8
	must kctl close ssh 2001:db8::2
	must once 9 --order 1,2,3,4,5
	assert_reason "two families at once: one opens" "opened=1 step=7" on client seqknock \
		--to 2001:db8::1 --from 2001:db8::2 --once "$SEQ_SECRET" --number 9
	assert_reason "the other is late" "stale=1 step=2" once 9 --order 6,7,8
	check_not "which bans nobody" is_listed ban 10.0.0.2
	must kctl close ssh 2001:db8::2
	must seq_add ssh bob --once "${SEQ_SECRET/#00/ff}" --unbound --armed 1
	assert_reason "an unbound one is of no address" "opened=1 step=7" \
		steps other --once "${SEQ_SECRET/#00/ff}" --unbound --number 1
	must kctl close ssh 10.0.0.3
	cmd_fail "a secret is one key's" 1 "another key of this namespace has this secret" \
		seq_add ssh carol --once "$SEQ_SECRET"
}

need_module
plan 35
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
start_monitor
run_stage "a sequence opens once" opens_once
run_stage "a pardon" pardons
run_stage "replays from elsewhere" from_elsewhere
run_stage "what is armed" armed
run_stage "whose it is" bound
stop_monitor
end_scenario
