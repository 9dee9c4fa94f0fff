#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What `knockctl import knockd' makes of a knockd.conf does what knockd did, for the knock
# client that Debian has: doors open and close, and commands are run.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/agent.sh"

CONF=/tmp/knockd.conf
NOTED=/tmp/noted
SAID=/tmp/said

configure()
{
	cat > "$CONF" <<-'END'
		[options]
			logfile = /tmp/knockd.log
			interface = eth0

		[openSSH]
			sequence    = 7000:tcp,9000:udp,8000
			seq_timeout = 5
			command     = /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT
			tcpflags    = syn

		[closeSSH]
			sequence    = 8000,7000,9000
			seq_timeout = 5
			command     = /sbin/iptables -D INPUT -s %IP% -p tcp --dport 22 -j ACCEPT
			tcpflags    = syn

		[web for a moment]
			sequence      = 5000:udp,4000:udp,6000:udp
			start_command = iptables -I INPUT 1 -p tcp -s %IP% --dport 2222 -j ACCEPT
			cmd_timeout   = 3
			stop_command  = iptables -D INPUT -p tcp -s %IP% --dport 2222 -j ACCEPT

		[note]
			sequence      = 1200,1100,1300
			start_command = echo "it's" %IP% >> /tmp/noted; echo and more  ; echo >> /tmp/noted
			cmd_timeout   = 1
			stop_command  = /bin/sh -c 'echo over for %IP% >> /tmp/noted'

		[once]
			one_time_sequences = /etc/knockd/sequences
			command = /bin/false
	END
	: > "$NOTED"
}

# hits PORT...: as Debian's client sends them, not faster than a host in the net can see
hits()
{
	on client knock -d 50 10.0.0.1 "$@"
}

imports()
{
	check "it is imported" on server knockctl import knockd "$CONF" --to /etc/knock
	check "and right" on server knockctl check
	check "and loaded" on server knockctl load
	check_eq "the doors" "note once openSSH web_for_a_moment" \
		"$(kctl --json doors | sed -n 's/.*"name": "\([^"]*\)".*/\1/p' | sort | xargs)"
	check_eq "it is told what is left out, and where" 1 \
		"$(ip netns exec server grep -c "^# $CONF:30: the sequences of /etc/knockd/sequences are left out" /etc/knock/doors/once.conf)"
	cmd_fail "nothing is replaced" 1 "is there already" \
		on server knockctl import knockd "$CONF" --to /etc/knock
}

opens()
{
	expect_tcp "closed" silent client 10.0.0.1 22
	assert_reason "the client's three ports" "opened=1 step=2" hits 7000:tcp 9000:udp 8000:tcp
	expect_tcp "open" open client 10.0.0.1 22
	expect_tcp "a port, not the host" silent client 10.0.0.1 2222
	expect_tcp "nor for others" silent other 10.0.0.1 22
	assert_reason "and three others" "closed=1 step=2" hits 8000 7000 9000
	expect_tcp "close it" silent client 10.0.0.1 22
	assert_reason "datagrams" "opened=1 step=2" on client knock -u -d 50 10.0.0.1 5000 4000 6000
	expect_tcp "open another" refused client 10.0.0.1 2222
	check "until cmd_timeout" wait_until 20 "the grant is over" has_no_grant
	expect_tcp "is over" silent client 10.0.0.1 2222
}

has_no_grant()
{
	[ "$(kctl --json grants web_for_a_moment | tr -d ' \n')" = "[]" ]
}

has_noted()
{
	grep -q -x -F -e "$1" "$NOTED"
}

runs()
{
	must ip netns exec server cp /etc/knock/tumblerd.conf /tmp/tumblerd.conf
	: > "$SAID"
	become server tumblerd --config /tmp/tumblerd.conf 2> "$SAID" &
	AGENT=$!
	wait_until 10 "tumblerd listens" grep -q '^listening$' "$SAID" || bail "$(cat "$SAID")"
	assert_reason "a sequence with a command" "opened=1 step=2" hits 1200 1100 1300
	check "which is run" wait_until 10 "it is" has_noted "it's 10.0.0.2"
	check "and says what it said" wait_until 10 "it does" grep -q "says: and more" "$SAID"
	check "and the other, when its time is over" wait_until 10 "it is" has_noted "over for 10.0.0.2"
	check_eq "each once" 3 "$(wc -l < "$NOTED")"
	check "the log is where it was" grep -q "opened: door note, key note, address 10.0.0.2" /tmp/knockd.log
	kill "$AGENT"
	wait "$AGENT"
}

need_module
command -v knock > /dev/null || skip_all "the guest has no knock client"
plan 23
net_setup
legacy_where_watched
start_sshd server
configure
run_stage "import" imports
fw_drop server openSSH web_for_a_moment
run_stage "doors" opens
run_stage "commands" runs
end_scenario
