#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A datagram is good once: a copy opens nothing in any other spelling, from another
# source, later, after the door was closed, or after the grant's time is over.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

SPELLINGS=('TUMBLER1:%d' 'TUMBLER1:%D' 'TUMBLER1: %d' 'TUMBLER1: %D'
	'TUMBLER1:%d\n' 'TUMBLER1:%D\n' 'TUMBLER1: %d\n' 'TUMBLER1: %D\n'
	'TUMBLER1:%d\r\n' 'TUMBLER1:%D\r\n' 'TUMBLER1: %d\r\n' 'TUMBLER1: %D\r\n')

# both FROM FIRST SECOND: one digest in two spellings, one right behind the other
both()
{
	local d

	d=$(digest "$minute" "$1" "$SECRET")
	send client "$d" --from "$1" --template "$2" && send client "$d" --from "$1" --template "$3"
}

spellings()
{
	local i n=${#SPELLINGS[@]}

	for ((i = 0; i < n; i++)); do
		assert_reason "${SPELLINGS[i]} opens, ${SPELLINGS[(i + 5) % n]} is the same knock" \
			"duplicate=1 opened=1" \
			both "10.9.0.$i" "${SPELLINGS[i]}" "${SPELLINGS[(i + 5) % n]}"
	done
}

all_spellings()
{
	local s

	for s in "${SPELLINGS[@]}"; do
		send client "$mine" --template "$s" || return
	done
}

# Who listened to the datagram sends it from where he is.
elsewhere()
{
	minute=$(minute_now)
	mine=$(digest "$minute" 10.0.0.2 "$SECRET")
	assert_reason "the knock opens" opened=1 send client "$mine"
	assert_reason "from elsewhere it is a replay at once" replay=1 send other "$mine"
	expect_tcp "and opens nothing there" silent other 10.0.0.1 22
	must later 5
	assert_reason "after 5 s every spelling is a replay" "replay=${#SPELLINGS[@]}" all_spellings
	check_eq "one grant came of all that" 1 "$(kctl --json grants | grep -c '"10.0.0.2"')"
}

closed()
{
	must kctl close ssh 10.0.0.2
	assert_reason "closed by hand, it stays closed" replay=1 send client "$mine"
	expect_tcp "for the one who had opened" silent client 10.0.0.1 22
	later_mine=$(digest $((minute + 1)) 10.0.0.2 "$SECRET")
	close_mine=$(digest "$minute" 10.0.0.2 "$CLOSE_SECRET")
	assert_reason "opened anew" opened=1 send client "$later_mine"
	assert_reason "closed by a knock, and a copy right behind it is a copy" "closed=1 duplicate=1" \
		send client "$close_mine" --copies 2
	must later 5
	assert_reason "what had opened it is a replay" replay=1 send client "$later_mine"
	assert_reason "what had closed it as well" replay=1 send client "$close_mine"
	expect_tcp "closed" silent client 10.0.0.1 22
}

expired()
{
	must kctl set-door ssh --open-for 6s
	mine=$(digest $((minute - 1)) 10.0.0.2 "$SECRET")
	assert_reason "opened for 6 s" opened=1 send client "$mine"
	check "they pass" wait_event '"expired".*"10.0.0.2"' 30
	assert_reason "expired, it stays closed" replay=1 send client "$mine"
	expect_tcp "for who had opened it" silent client 10.0.0.1 22
}

need_module
plan 29
net_setup
start_sshd server
fw_drop server ssh
# Minutes either way are good as well, so that one address has three knocks now, and
# a slow guest all the time it takes.
set_clock "2026-11-22 12:30:10"
must kctl add-door ssh --opens tcp/22 --open-for 10m
new_key ssh bob --skew 300
minute=$(minute_now)
run_stage "spellings" spellings
must kctl del-key ssh bob
start_monitor
new_key ssh alice-close --action close --skew 300
CLOSE_SECRET=$SECRET
new_key ssh alice --skew 300
set_clock "2026-11-22 12:30:10"
run_stage "from elsewhere and later" elsewhere
run_stage "after close" closed
run_stage "after expiry" expired
no_grant "in the end"
end_scenario
