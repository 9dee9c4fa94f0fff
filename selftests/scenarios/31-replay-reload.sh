#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What was used stays used although everything that remembered it is gone: after
# the module was removed and inserted, the namespace made anew, the door or the key
# deleted and added again. The guard refuses it, and passes the next minute's.
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

door_again()
{
	must kctl add-door ssh --opens tcp/22
}

key_again()
{
	must key_of_secret "$SECRET" ssh alice
}

again_by_key()
{
	must kctl del-key ssh alice
	key_again
}

again_by_door()
{
	must kctl del-door ssh
	door_again
	key_again
}

again_by_namespace()
{
	must ip netns del server
	# Its interface goes with it, some time after its name.
	gone()
	{
		! ip -n lan link show server
	}
	must wait_until 30 "the old server is gone" gone
	must net_host server 1
	must ip -n server route add 10.9.0.0/16 via 10.0.0.2
	must wait_until 10 "the LAN carries packets" on client ping -c 1 -W 1 10.0.0.1
	door_again
	key_again
}

again_by_module()
{
	must rmmod xt_knock
	forget_doors
	must insmod "$KNOCK_KO"
	door_again
	key_again
}

# The debug kernel needs nearly a minute for what follows; others then wait for its end.
second=$([ -e /sys/kernel/debug/kmemleak ] && echo 05 || echo 30)

# fresh_door: a door and a key that has no past, early enough in a minute for all
# that follows; the guard of what is loaded again then ends with that minute
fresh_door()
{
	kctl del-door ssh > /dev/null 2>&1
	set_clock "2026-11-22 12:30:$second"
	door_again
	new_key ssh alice
	used=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
	unused=$(digest "$(minute_now)" 10.0.0.3 "$SECRET")
}

# survives HOW
survives()
{
	fresh_door
	assert_reason "by $1: the knock opens" opened=1 send client "$used"
	"again_by_$1"
	no_grant "by $1"
	assert_reason "by $1: the used knock is from before the guard" guard=1 send client "$used"
	assert_reason "by $1: so is one that never arrived" guard=1 send other "$unused"
	no_grant "by $1, replayed"
}

opens_again()
{
	wait_clock 60 "2026-11-22 12:31:00"
	assert_reason "it still is when the next minute has begun" guard=1 send client "$used"
	assert_reason "and that minute's knock opens" opened=1 \
		send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 23
net_setup
for how in key door namespace module; do
	diag "by $how"
	survives "$how"
done
run_stage "the guard's end" opens_again
# The secret alone proves nothing: with another one the same bytes are strange.
must kctl del-key ssh alice
new_key ssh alice
assert_reason "a new secret does not know the used knock" unproved=1 send client "$used"
end_scenario
