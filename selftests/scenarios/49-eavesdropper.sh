#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Somebody listens, and sees every knock. What he heard he repeats: from his own address,
# from others', at once, later, after a reboot; he holds the owner's last step back and
# searches for it. A static sequence falls to him. Others do not.
# Runs: stock
# Takes: 30
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/eavesdrop.sh"

# is_banned ADDRESS
is_banned()
{
	kctl --json blacklist | grep -q "\"address\": \"$1\", \"kind\": \"ban\""
}

# hear COMMAND...: a knock of the client's, in $LIST as the eavesdropper has it
hear()
{
	local before

	before=$(reasons)
	start_listening other
	"$@" > /dev/null 2>&1
	stop_listening "${LAST:-22}"
	LIST=$(knocks_on 10.0.0.1 | as_list)
	diag "heard: $(knocks_on 10.0.0.1 | head -n 1) ..., $(reasons_since "$before")"
}

# repeat FROM: what he has heard
repeat()
{
	steps other --from "$1" --static "$LIST"
}

# A copy is a replay then, also from the address that used it.
is_late()
{
	[ "$(now_ms)" -gt "$LATE" ]
}

falls()
{
	must seq_add ssh plain --static 42,196,69
	hear user --open knock://10.0.0.1/42,196,69 --wait=22
	check_eq "he hears a static one, and not the connection" "42,196,69" "$LIST"
	grant_ends
	assert_reason "and has what he wants" "opened=1 step=2" repeat 10.0.0.3
	expect_tcp "the door is open" open other 10.0.0.1 22
	must kctl close ssh 10.0.0.3
	must kctl del-key ssh plain --volatile
}

# heard_of NAME: and repeated, what is new each time
heard_of()
{
	LATE=$(($(now_ms) + 5500))
	assert_reason "$1: at once, as the owner: a copy" "duplicate=1 step=7" repeat 10.0.0.2
	check_not "$1: of which he does not suffer" is_banned 10.0.0.2
	assert_reason "$1: at once, from his own address" "replay=1 step=7" repeat 10.0.0.3
	check "$1: he is banned" is_banned 10.0.0.3
	assert_reason "$1: from anywhere" "replay=1 step=7" repeat 10.9.0.7
	check "$1: that is recorded, too" is_banned 10.9.0.7
	grant_ends
	wait_until 10 "5 s are over" is_late
	assert_reason "$1: later, as the owner" "replay=1 step=7" repeat 10.0.0.2
	check "$1: who is banned for it" is_banned 10.0.0.2
	assert_reason "$1: later, from his own address" "replay=1 step=7" repeat 10.0.0.3
	check_eq "$1: and nothing is open" 0 "$(status_number grants)"
	check "$1: the owner gets in" user --open "$2" --wait
	check_not "$1: and is pardoned" is_banned 10.0.0.2
	grant_ends
	must kctl unblock --all
}

by_once()
{
	must seq_add ssh alice --once "$SEQ_SECRET" --armed 3
	once_profile 1 16 | user import - > /dev/null
	hear user --open ssh --wait
	check_eq "he hears all of a once sequence" "$(once 1 --print)" "$LIST"
	heard_of once ssh
	FIRST=$LIST
}

by_derived()
{
	clock_second 5
	must seq_add ssh dora --derived "${SEQ_SECRET/#00/dd}" --fresh
	derived_profile "${SEQ_SECRET/#00/dd}" | user import --name dora - > /dev/null
	must wait_until 10 "its sequences are made" made
	hear user --open dora --wait
	heard_of derived dora
	SECOND=$LIST
}

made()
{
	local before

	before=$(reasons)
	steps client --derived "${SEQ_SECRET/#00/dd}" --counter 3 --order 1
	[ "$(reasons_since "$before")" = "step=1" ]
}

# The module anew, with what a disk keeps of a once key: how far it was armed.
reboot()
{
	local before

	# shellcheck disable=SC2119 # it has no parameters here
	module_with
	must kctl add-door ssh --opens tcp/22 --open-for 1h
	must seq_add ssh alice --once "$SEQ_SECRET" --number 3 --armed 6
	must seq_add ssh dora --derived "${SEQ_SECRET/#00/dd}"
	fw_drop server ssh
	before=$(reasons)
	LIST=$FIRST repeat 10.0.0.3
	LIST=$FIRST repeat 10.0.0.2
	LIST=$SECOND repeat 10.0.0.3
	LIST=$SECOND repeat 10.0.0.2
	check_eq "after a reboot what was heard opens nothing" 0 \
		"$(sum_of "$(reasons_since "$before")" opened extended)"
	check_eq "nothing is open" 0 "$(status_number grants)"
	check "the owner gets in" user --open ssh --wait
	grant_ends
}

# He drops the last step of a knock, and tries to find it: as the owner, whose it is, and
# as himself.
search()
{
	local before risen from seed=$RANDOM

	for from in 10.0.0.2 10.0.0.3; do
		assert_reason "as $from: all but the last step are taken" "step=7" \
			once "$1" --order 1,2,3,4,5,6,7
		before=$(reasons)
		must steps other --from "$from" --flood "$PACKETS" --sources 1 --seed "$seed"
		risen=$(reasons_since "$before")
		diag "as $from, seed $seed: $risen"
		check_eq "as $from: $PACKETS packets open nothing" 0 \
			"$(sum_of "$risen" opened extended)"
	done
	check "which were looked at" [ "$(sum_of "$risen" no_step step step_again)" -gt $((PACKETS / 2)) ]
	check "the owner gets in" user --open ssh --wait
}

PACKETS=200000
[ ! -e /sys/kernel/debug/kmemleak ] || PACKETS=20000

need_module
command -v openssl > /dev/null || skip_all "the guest has no openssl"
command -v xxd > /dev/null || skip_all "the guest has no xxd"
plan 37
a_user
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "a static one" falls
run_stage "a once one" by_once
run_stage "a derived one" by_derived
fw_open server
run_stage "after a reboot" reboot
run_stage "a search for the last step" search "$(($(key_field alice number) + 1))"
end_scenario
