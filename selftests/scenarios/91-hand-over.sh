#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Behind a knock the client is given its next sequences, over TLS, and ssh through the same
# connection: only with its own key, from where it knocked, while its grant lives.
# Takes: 75
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/agent.sh"

PROFILE=/tmp/user/.config/tumbler/ssh.conf
BOOK=/tmp/user/.config/tumbler/ssh.book
rounds=${ROUNDS:-2}

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
	through 10.0.0.1 "echo there; cat /tmp/hold" > /tmp/through &
	# Before it listens to the client it is still root.
	must wait_until 30 "the agent serves" grep -q there /tmp/through
	pid=$(child)
	check_eq "the process that speaks is nobody" "65534 65534 65534 65534" \
		"$(awk '$1 == "Uid:" { print $2, $3, $4, $5 }' "/proc/$pid/status")"
	check_eq "without capabilities" "0000000000000000 0000000000000000 0000000000000000" \
		"$(awk '/^Cap(Prm|Eff|Amb)/ { print $2 }' "/proc/$pid/status" | xargs)"
	check "a client that vanishes is noticed soon" \
		grep -q 'keepalive,\(1min\|[0-9.]*sec\)' <(on server ss -tnoH 'sport = :8676')
	check_eq "nor may others of its user look into it" 0 "$(stat -c %u "/proc/$pid/mem")"
	check_eq "and can have none again" 1 "$(awk '/^NoNewPrivs/ { print $2 }' "/proc/$pid/status")"
	echo hallo > /tmp/hold
	wait "$!"
	check_eq "it passes on what the service says" "there hallo" "$(xargs < /tmp/through)"
	check "and ends with its client" wait_until 10 "it is gone" test ! -e "/proc/$pid"
}

# child: of tumblerd, where it serves one client
child()
{
	awk -v parent="$AGENT" '$4 == parent { print $1 }' /proc/[0-9]*/stat 2> /dev/null
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

# Who tries out by a second ssh what he has loaded must not believe that he is locked out.
unconfirmed()
{
	local handed loading

	closed
	mkfifo /tmp/answer
	sed -i 's/^open-for = .*/open-for = 61s/' /etc/netns/server/knock/doors/ssh.conf
	kctl load --confirm 60s < /tmp/answer > /tmp/loaded 2>&1 &
	loading=$!
	exec 5> /tmp/answer
	must wait_until 10 "load waits for its answer" grep -q "^type yes" /tmp/loaded
	handed=$(on_disk)
	check_eq "ssh goes through while load waits for its answer" hallo \
		"$(through 10.0.0.1 echo hallo)"
	check_eq "no number is handed out meanwhile" "$handed" "$(on_disk)"
	echo yes >&5
	exec 5>&-
	wait "$loading"
	check_eq "load is done" 0 $?
	closed
	check "ssh goes through after it" through 10.0.0.1 true
	check_eq "and brings what was missing" "$((handed + 2)) 16" \
		"$(in_book | awk '{ print $NF, NF }')"
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

# idle HOST COUNT COMMAND...: so many connections to the agent that say nothing, while it runs
idle()
{
	local host=$1 count=$2

	shift 2
	# shellcheck disable=SC2016 # for the other shell
	on "$host" bash -c 'for ((i = 0; i < '"$count"'; i++)); do
		exec {n}<> /dev/tcp/10.0.0.1/8676; done; "$@"' bash "$@" 2> /dev/null
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
	idle other 20 sleep 60 &
	kctl close ssh 10.0.0.2 > /dev/null
	check_eq "and the owner gets in all the same" hallo "$(through 10.0.0.1 echo hallo)"
}

# talks_with COUNT: so many clients have a process
talks_with()
{
	[ "$(child | wc -l)" = "$1" ]
}

# connected TIMES: the client began so many connections to the agent
connected()
{
	[ "$(on client iptables -L OUTPUT -v -x -n | awk '/dpt:8676/ { print $1 }')" -ge "$1" ]
}

# As many of the client's address as may be there say nothing, and nobody has knocked for them.
crowded()
{
	closed
	must kctl open ssh 10.0.0.2 --for 60s
	mkfifo /tmp/crowd
	idle client 16 cat /tmp/crowd &
	must wait_until 20 "the agent talks with all of them" talks_with 16
	check_eq "who has knocked takes the place of one" hallo "$(through 10.0.0.1 echo hallo)"
	: > /tmp/crowd
}

# As by an agent without room.
cut_off()
{
	local through key=/etc/netns/server/knock/server.key

	closed
	must on client iptables -A OUTPUT -p tcp --syn -d 10.0.0.1 --dport 8676
	must mv "$key" "$key.away"
	through 10.0.0.1 echo hallo > /tmp/through &
	through=$!
	must wait_until 20 "the client is cut off and comes again" connected 2
	must mv "$key.away" "$key"
	wait "$through"
	check_eq "who is cut off comes again until he is let in" hallo "$(cat /tmp/through)"
	must on client iptables -F OUTPUT
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

# Of two at once by one sealed key, which closes for both; and of one that never got in.
together()
{
	local before first second

	closed
	NAME=bob
	before=$(reasons)
	mkfifo /tmp/first /tmp/second
	through 10.0.0.1 cat /tmp/first > /tmp/through.first &
	first=$!
	through 10.0.0.1 cat /tmp/second > /tmp/through.second &
	second=$!
	exec 6> /tmp/first 7> /tmp/second
	exec 6>&-
	wait "$first"
	check_eq "one of two that ends closes nothing" "" "$(counted | tr ' ' '\n' | grep ^closed)"
	echo hallo >&7
	exec 7>&-
	wait "$second"
	check_eq "the other goes on" hallo "$(cat /tmp/through.second)"
	check "and closes when it ends" wait_until 10 "no grant is left" is_open 0
	NAME=ssh
	must on client iptables -A OUTPUT -p tcp -d 10.0.0.1 --dport 8676 -j DROP
	HOME=/tmp/user become client tumbler --connect bob < /dev/null > /dev/null 2>&1 &
	first=$!
	must wait_until 20 "it has knocked" is_open 1
	kill -TERM "$first"
	wait "$first" 2> /dev/null
	check "a signal before it is connected closes, too" wait_until 10 "no grant is left" is_open 0
	must on client iptables -F OUTPUT
}

# killed: the server anew, with its files
restarted()
{
	stop_agent KILL
	echo 'command = /bin/true' >> "$CONF"
	# With what it may have from who starts it.
	printf '%s\n' '#!/bin/bash' 'trap "" CHLD' 'ulimit -S -n 64' 'exec "$@"' > /tmp/strangely
	chmod 755 /tmp/strangely
	AGENT_BY=/tmp/strangely start_agent --doors /etc/netns/server/knock
	closed
	check_eq "a tumblerd that was killed is back" hallo "$(through 10.0.0.1 echo hallo)"
	check "and sees what it runs end" says "command of door ssh for 10.0.0.2: ended with status 0"
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
plan 52
net_setup
fw_drop server ssh
start_sshd server
furnish
start_agent --doors /etc/netns/server/knock
run_stage "enrolled" enrolled
run_stage "the first time" first
run_stage "who speaks" unprivileged
run_stage "again and again" again
run_stage "load --confirm" unconfirmed
run_stage "strangers" strangers
run_stage "what is no client" garbage
run_stage "a crowd" crowded
run_stage "cut off" cut_off
run_stage "a sealed key" sealed
run_stage "two at once" together
run_stage "killed" restarted
end_scenario
