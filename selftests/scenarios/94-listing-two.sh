#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The article's listing two, as it stands, and its script of three lines: open, use ssh,
# close. The comments of the file are in other words, and the script has this server's name.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/agent.sh"

LOG=/var/log/tumblerd.log
RULE="-A INPUT -s 10.0.0.2/32 -p tcp -m tcp --dport 22 -j ACCEPT"

furnish()
{
	cat > "$CONF" <<-'END'
		# What is common to all doors: the UDP port that the daemon has its knocks on,
		#  and a file for its log
		[common]
		   port = 8675
		   log = /var/log/tumblerd.log
		# Then one section for each door. This one opens the port of SSH,
		# and the other closes it
		#
		# A door has a secret, which is a part of its knock,
		# and a command, in which %IP% is the address of who knocked, and %NAME% is
		# what the door is called: here that is open-ssh
		[door-open-ssh]
		   secret = open-pAsSwOrD
		   command = iptables -I INPUT -p tcp -s %IP% --dport 22 -j ACCEPT
		[door-close-ssh]
		   secret = close-pAsSwOrD
		   command = iptables -D INPUT -p tcp -s %IP% --dport 22 -j ACCEPT
	END
	cat > /tmp/script <<-'END'
		tumbler --open tumbler://open-pAsSwOrD@server.example:8675/
		ssh server.example
		tumbler --open tumbler://close-pAsSwOrD@server.example:8675/
	END
	printf '10.0.0.1 server.example\n' > /tmp/hosts
	must mount --bind /tmp/hosts /etc/hosts
	must mount -t tmpfs none /root
	mkdir -m 700 /root/.ssh
	printf '%s\n' 'IdentityFile /tmp/ssh/user' 'StrictHostKeyChecking no' 'LogLevel ERROR' \
		> /root/.ssh/config
	rm -f "$LOG"
}

# A firewall that lets in nothing but what goes on, as the article takes for granted.
close_all()
{
	must on server iptables -A INPUT -i lo -j ACCEPT
	must on server iptables -A INPUT -p tcp ! --syn -m conntrack --ctstate ESTABLISHED -j ACCEPT
	must on server iptables -P INPUT DROP
}

since_ms()
{
	[ "$(now_ms)" -ge "$1" ]
}

rules()
{
	on server iptables -S INPUT
}

has_rule()
{
	rules | grep -q -x -F -e "$RULE"
}

has_no_rule()
{
	! has_rule
}

# use: the script, at whose shell of the server somebody types two lines
use()
{
	printf 'echo I am in\niptables -S INPUT\n' | on client sh /tmp/script > /tmp/session 2>&1
}

session()
{
	assert_reason "the script knocks twice" "duplicate=4 opened=2" use
	check_eq "between them is a shell on the server" "I am in" "$(head -n 1 /tmp/session)"
	check "before whose firewall is the open door's rule" grep -q -x -F -e "$RULE" /tmp/session
	check_eq "as its first" "$RULE" "$(sed -n 3p /tmp/session)"
	check "which the other door's command takes away" wait_until 10 "it does" has_no_rule
	expect_tcp "so all is closed" silent client 10.0.0.1 22
}

logged()
{
	check "the log has the one door" \
		grep -q "Z opened: door open-ssh, key tumblerd, address 10.0.0.2" "$LOG"
	check "and the other" \
		grep -q "Z opened: door close-ssh, key tumblerd, address 10.0.0.2" "$LOG"
	check_eq "and that both commands went well" 2 "$(grep -c 'ended with status 0' "$LOG")"
}

need_module
plan 17
net_setup
legacy_where_watched
start_sshd server
furnish
close_all
expect_tcp "the port is closed" silent client 10.0.0.1 22
cmd_fail "a file that others can read" 1 "chmod 600 it" on server tumblerd --config "$CONF" --check
chmod 600 "$CONF"
check "as root's own it is right" on server tumblerd --config "$CONF" --check
start_agent
STARTED=$(now_ms)
check_eq "nothing listens: no socket has the port" "" "$(on server ss -Hlun 'sport = :8675')"
must wait_until 30 "the guard is over" since_ms $((STARTED + 7000))
clock_second 1
run_stage "open, use ssh, close" session
run_stage "the log" logged
clock_second 1
assert_reason "a minute later it does again" "duplicate=4 opened=2" use
check_eq "the same" "I am in" "$(head -n 1 /tmp/session)"
check "and closes" wait_until 10 "it does" has_no_rule
kill "$AGENT"
wait "$AGENT"
check_eq "SIGTERM ends the daemon" 0 $?
end_scenario
