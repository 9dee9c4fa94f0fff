#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Behind a knock the client is given its next sequences, over TLS, and ssh through the same
# connection: only with its own key, from where it knocked, while its grant lives.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/agent.sh"

PROFILE=/tmp/user/.config/tumbler/ssh.conf
BOOK=/tmp/user/.config/tumbler/ssh.book
rounds=${ROUNDS:-4}

# in_book: the numbers, rising
in_book()
{
	sed -n 's/^sequence = \([0-9]*\) .*/\1/p' "$BOOK" | xargs
}

# on_disk: how far numbers were handed out
on_disk()
{
	sed -n 's/^handed \([0-9]*\) .*/\1/p' /var/lib/knock/once/????????????????
}

# through HOST COMMAND...: by ssh, which goes through tumbler
through()
{
	local to=$1

	shift
	on client ssh -q -n -F none -i /tmp/ssh/user -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null \
		-o "ProxyCommand=env HOME=/tmp/user tumbler --connect $NAME %h %p 2>> /tmp/client" \
		"root@$to" "$@"
}

# connects PROFILE [HOST]: what tumbler says, if nothing goes through
connects()
{
	on "${2:-client}" env HOME=/tmp/user timeout 60 tumbler --connect "$1" < /dev/null 2>&1
}

# is_open N: so many grants live
is_open()
{
	[ "$(kctl --json grants ssh | grep -c '"id"')" = "$1" ]
}

imports()
{
	on client env HOME=/tmp/user tumbler import "$@" > /tmp/imported 2>&1 ||
		bail "$(cat /tmp/imported)"
}

closed()
{
	local address

	for address in 10.0.0.2 10.0.0.3 2001:db8::2; do
		kctl close ssh "$address" > /dev/null 2>&1
	done
	must wait_until 10 "the grants have ended" is_open 0
}

furnish()
{
	must kctl add-door ssh --opens none --agent 8676 --open-for 60s
	mkdir -p /tmp/user
	kctl add-key ssh alice --once --host 10.0.0.1 > /tmp/profile
	kctl add-key ssh bob --type sealed --host 10.0.0.1 > /tmp/profile.bob
	imports /tmp/profile
	imports /tmp/profile.bob --name bob
	printf '%s\n' '[door ssh]' 'forward = 127.0.0.1:22' > "$CONF"
	NAME=ssh
}

enrolled()
{
	check_eq "the profile says how the agent is known" "agent tls-key tls-server" \
		"$(sed -n 's/^\(agent\|tls-[a-z]*\) = .*/\1/p' /tmp/profile | sort | xargs)"
	check_eq "and that of a key with a secret needs no other" "agent tls-server" \
		"$(sed -n 's/^\(agent\|tls-[a-z]*\) = .*/\1/p' /tmp/profile.bob | sort | xargs)"
	check_eq "the agent's port is a service of the door" "tcp/8676" \
		"$(kctl --json doors | sed -n 's/.*"opens": \[\(.*\)\].*/\1/p' | tr -d '"')"
	check_eq "load finds nothing to do" "" "$(kctl load | grep -v '^nothing\|accepted')"
	expect_tcp "the agent is silent before a knock" silent client 10.0.0.1 8676
	check_eq "the book has what was handed out" "$(seq 16 | xargs)" "$(in_book)"
}

first()
{
	check_eq "ssh goes through" hallo "$(through 10.0.0.1 echo hallo)"
	check_eq "and nothing was wrong" "" "$(cat /tmp/client)"
	check_eq "the next number is in the book" "$(seq 2 17 | xargs)" "$(in_book)"
	check_eq "and the server knows that it is out" 17 "$(on_disk)"
	check_eq "armed rises" "1 4" "$(key_row alice number armed)"
	check "it is logged" says "served: door ssh, key alice, address 10.0.0.2, 1 sequences"
	expect_tcp "the service itself is silent, though the door is open" silent client 10.0.0.1 22
	check_eq "by one knock" "opened=1" "$(reasons | tr ' ' '\n' | grep '^opened')"
}

# The process that speaks with the client.
unprivileged()
{
	local pid

	closed
	mkfifo /tmp/hold
	through 10.0.0.1 cat /tmp/hold > /tmp/through &
	must wait_until 30 "the agent serves" served_by_child
	pid=$(child)
	check_eq "the process that speaks is nobody" "65534 65534 65534 65534" \
		"$(awk '$1 == "Uid:" { print $2, $3, $4, $5 }' "/proc/$pid/status")"
	check_eq "without capabilities" "0000000000000000 0000000000000000 0000000000000000" \
		"$(awk '/^Cap(Prm|Eff|Amb)/ { print $2 }' "/proc/$pid/status" | xargs)"
	check_eq "and can have none again" 1 "$(awk '/^NoNewPrivs/ { print $2 }' "/proc/$pid/status")"
	echo hallo > /tmp/hold
	wait "$!"
	check_eq "it passes on what the service says" hallo "$(cat /tmp/through)"
	check "and ends with its client" wait_until 10 "it is gone" test ! -e "/proc/$pid"
}

# child: of tumblerd, where it serves one client
child()
{
	awk -v parent="$AGENT" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2> /dev/null
}

served_by_child()
{
	[ -n "$(child)" ]
}

# However often: the book does not run out.
again()
{
	local round failed=""

	for ((round = 1; round <= rounds; round++)); do
		closed
		[ "$(through 10.0.0.1 echo "$round")" = "$round" ] || failed+=" $round"
	done
	check_eq "$rounds times in a row" "" "$failed"
	check_eq "the book is as full as before" 16 "$(in_book | wc -w)"
	check_eq "and the newest is on the server's disk" "$(in_book | awk '{ print $NF }')" "$(on_disk)"
}

# lose_knocks HOST: none arrives, but what is open is open
lose_knocks()
{
	must on "$1" iptables -A OUTPUT -p tcp --syn ! --dport 8676 -d 10.0.0.1 -j DROP
}

strangers()
{
	local before

	closed
	cp -a "$PROFILE" /tmp/kept
	before="$(on_disk) $(key_row alice number armed)"
	# A grant that no knock of alice has made, from where she knocks.
	must kctl open ssh 10.0.0.2 --for 60s
	lose_knocks client
	check "without a knock there is nothing" \
		grep -q "the agent has nothing for this client" <(connects ssh)
	must on client iptables -F OUTPUT
	check_eq "no number is handed out for that" "$before" "$(on_disk) $(key_row alice number armed)"
	closed
	# She has knocked, but who connects has another key.
	sed -i 's|^tls-key = .*|tls-key = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=|' "$PROFILE"
	before=$(in_book)
	check "with another key there is nothing" \
		grep -q "the agent has nothing for this client" <(connects ssh)
	check_eq "nothing comes into the book" "$before" "$(in_book)"
	cp -a /tmp/kept "$PROFILE"
	# Her key, her grant, another address.
	must kctl open ssh 10.0.0.3 --for 60s
	lose_knocks other
	check "nor from a neighbour's address" \
		grep -q "the agent has nothing for this client" <(connects ssh other)
	must on other iptables -F OUTPUT
	sed -i 's|^tls-server = .*|tls-server = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=|' "$PROFILE"
	closed
	check "a server with another key is told nothing" \
		grep -q "is no agent with the key that the profile says" <(connects ssh)
	cp -a /tmp/kept "$PROFILE"
}

# tls OPTION...: openssl's client, from where the port is open
tls()
{
	on client timeout 20 openssl s_client -connect 10.0.0.1:8676 "$@" < /dev/null 2>&1
}

garbage()
{
	local i

	closed
	must kctl open ssh 10.0.0.2 --for 60s
	check "TLS 1.2 is refused" grep -q "alert protocol version" <(tls -tls1_2 -alpn tumbler/1)
	check "another protocol in TLS, too" grep -q "alert" <(tls -alpn h2)
	for ((i = 0; i < 6; i++)); do
		on client timeout 20 bash -c 'head -c 4096 /dev/urandom > /dev/tcp/10.0.0.1/8676'
	done
	# As many as one address may, which say nothing.
	must kctl open ssh 10.0.0.3 --for 60s
	for ((i = 0; i < 6; i++)); do
		on other bash -c 'exec 3<> /dev/tcp/10.0.0.1/8676 && sleep 60' 2> /dev/null &
	done
	kctl close ssh 10.0.0.2 > /dev/null
	check_eq "and the owner gets in all the same" hallo "$(through 10.0.0.1 echo hallo)"
}

# counted: since $before, but for connections, which are no steps
counted()
{
	reasons_since "$before" | tr ' ' '\n' | grep -v 'no_step\|strayed' | xargs
}

has_counted()
{
	[ "$(counted)" = "$1" ]
}

# Of a sealed key, which closes what it has opened; and by the other family.
sealed()
{
	local before

	closed
	NAME=bob
	before=$(reasons)
	check "a sealed knock opens" through 10.0.0.1 true
	wait_until 10 "it is closed" has_counted "closed=1 duplicate=4 opened=1"
	check_eq "and closes behind it" "closed=1 duplicate=4 opened=1" "$(counted)"
	check_eq "nothing is open" 0 "$(kctl --json grants ssh | grep -c '"id"')"
	NAME=ssh
	check_eq "IPv6 as well" hallo "$(through 2001:db8::1 echo hallo)"
}

# killed: the server anew, with its files
restarted()
{
	stop_agent KILL
	start_agent --doors /etc/netns/server/knock
	closed
	check_eq "a tumblerd that was killed is back" hallo "$(through 10.0.0.1 echo hallo)"
	kctl rotate-server-key > /tmp/rotated
	closed
	check "another key of the server is noticed at once" \
		grep -q "is no agent with the key that the profile says" <(connects ssh)
	kctl enrol ssh alice --host 10.0.0.1 > /tmp/profile
	imports /tmp/profile --force
	closed
	check_eq "and the profile anew is good" hallo "$(through 10.0.0.1 echo hallo)"
}

need_module
plan 38
net_setup
fw_drop server ssh
start_sshd server
furnish
start_agent --doors /etc/netns/server/knock
run_stage "enrolled" enrolled
run_stage "the first time" first
run_stage "who speaks" unprivileged
run_stage "again and again" again
run_stage "strangers" strangers
run_stage "what is no client" garbage
run_stage "a sealed key" sealed
run_stage "killed" restarted
end_scenario
