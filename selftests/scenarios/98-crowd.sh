#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Hundreds of connections to the agent, from a hundred and more addresses that knocks or a hand
# let so far, are slow, silent, or speak nonsense: the owner gets in each time, the agent has no
# more processes than it should, and nothing is different afterwards. Who has a key, and is
# greedy, gets no number beyond its depth, however often he asks.
# Takes: 45
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/agent.sh"

PROFILE=/tmp/user/.config/tumbler/ssh.conf
CROWD=/tmp/crowd
# A thousand of both take minutes of an emulated machine, where a process for a connection takes
# 100 ms, and a hand-over 200: they are for `make check-long'.
connections=${CONNECTIONS:-120}
requests=${REQUESTS:-50}
rounds=${ROUNDS:-2}
# Of these each that is cut is made again after so many ms: some four in a second all in all,
# which keeps the room full and leaves a slow host's emulated processor half a second of each for
# the owner. More would be a test of that processor, and not of the agent.
again=$((connections < 333 ? connections * 150 : 50000))

# connects: into the service by tumbler, with what the service said
connects()
{
	on client env HOME=/tmp/user timeout 60 tumbler --connect ssh < /dev/null 2>> /tmp/client
}

# children: processes that speak with clients, and have not ended
children()
{
	cat /proc/[0-9]*/stat 2> /dev/null |
		awk -v parent="$AGENT" '$4 == parent && $3 != "Z" { n++ } END { print n + 0 }'
}

# hears N: so many clients or more, at this moment
hears()
{
	local now

	now=$(children)
	[ "$now" -le "$most" ] || most=$now
	[ "$now" -ge "$1" ]
}

# memory: of tumblerd itself, in KiB
memory()
{
	awk '$1 == "VmRSS:" { print $2 }' "/proc/$AGENT/status"
}

descriptors()
{
	find "/proc/$AGENT/fd" -mindepth 1 | wc -l
}

# kept: all that the server keeps of doors, keys and numbers
kept()
{
	find /var/lib/knock /etc/netns/server/knock -type f ! -name tumblerd -exec sha256sum {} + |
		sort -k 2
	key_row alice number armed
}

is_open()
{
	[ "$(kctl --json grants ssh | grep -c '"id"')" = "$1" ]
}

alone()
{
	[ "$(children)" = 0 ]
}

# field NAME FILE: of the last line that crowd or handclient wrote
field()
{
	tail -n 1 "$2" | tr ' ' '\n' | grep -x -A 1 "$1" | tail -n 1
}

# crowd_is NAME N: that many, at least
crowd_is()
{
	[ "$(field "$1" "$CROWD" 2> /dev/null || echo 0)" -ge "$2" ]
}

furnish()
{
	must kctl add-door ssh --opens none --agent 8676 --open-for 10m
	mkdir -p /tmp/user
	kctl add-key ssh alice --once --host 10.0.0.1 > /tmp/profile
	on client env HOME=/tmp/user tumbler import /tmp/profile > /dev/null 2>&1 || bail "import"
	new_sealed ssh mallory
	printf '%s\n' '[door ssh]' 'forward = 127.0.0.1:22' > "$CONF"
	# These are all the other host's.
	must ip -n server route replace 10.9.0.0/16 via 10.0.0.3
	must ip -n other route add local 10.9.0.0/16 dev lo
}

first()
{
	check "the owner gets in" grep -q SSH <(connects)
	must kctl close ssh 10.0.0.2
	was=$(kept)
	rss=$(memory)
	fds=$(descriptors)
}

# Some by knocks of another key, as many addresses as it may have, and some by hand.
gathers()
{
	sealed --door ssh --address 10.9.0.1 --addresses 64 --count 64 > /tmp/knocks
	on other rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 64 --from-mac 02:0:0:0:0:3 \
		--lines < /tmp/knocks > /dev/null
	check "64 addresses have knocked" wait_until 10 "they have grants" is_open 64
	must on server nlmany grant ssh 600 10.9.0.65 64
	become other crowd 10.0.0.1 8676 10.9.0.1 128 "$connections" "$again" > "$CROWD" &
	crowd=$!
	check "$connections connections were made" wait_until 200 "they are" \
		crowd_is made "$connections"
	most=0
	check "of whom as many are heard as there is room for" wait_until 60 "they are" hears 31
}

owner()
{
	local round failed="" started=$SECONDS now

	check_eq "the crowd has changed nothing that is kept" "$was" "$(kept)"
	for ((round = 1; round <= rounds; round++)); do
		connects | grep -q SSH || failed+=" $round"
		must kctl close ssh 10.0.0.2
		now=$(children)
		[ "$now" -le "$most" ] || most=$now
	done
	check_eq "the owner gets in $rounds times" "" "$failed"
	diag "in $((SECONDS - started)) s, while: $(tail -n 1 "$CROWD"); $most processes at most"
	check "the crowd comes again" wait_until 60 "it does" crowd_is made $((connections + 20))
	check "there are no more processes than there should" [ "$most" -le 80 ]
	check "nor much more memory" [ "$(memory)" -le $((rss + 1024)) ]
	check "what went on is said in a few lines" [ "$(wc -l < "$SAID")" -le 300 ]
	check_eq "none of them got anything" "" "$(grep served "$SAID" | grep -v "key alice")"
}

leaves()
{
	was=$(kept)
	kill "$crowd"
	wait "$crowd" 2> /dev/null
	check "when they go so do their processes" wait_until 30 "they are gone" alone
	check_eq "and what was open for them" "$fds" "$(descriptors)"
	check_eq "and they have changed nothing that is kept" "$was" "$(kept)"
}

# value NAME: of the owner's profile
value()
{
	sed -n "s/^$1 = //p" "$PROFILE"
}

greedy()
{
	local used started

	connects > /dev/null
	must wait_until 10 "the owner has left" alone
	was=$(kept)
	used=$(key_row alice number)
	started=$SECONDS
	on client handclient 10.0.0.1 8676 "$(value tls-key)" "$(value tls-server)" "$requests" \
		> /tmp/greedy
	diag "$requests hand-overs in $((SECONDS - started)) s"
	check_eq "who asks $requests times by one grant gets what was his, and no more" \
		"served $requests cut 0 used $used given $((used + 1))-$((used + 16)), 16" \
		"$(cat /tmp/greedy)"
	check_eq "and nothing is handed out for it" "$was" "$(kept)"
	check "the owner gets in" grep -q SSH <(connects)
	check "nor has the agent grown by it" [ "$(memory)" -le $((rss + 1024)) ]
}

need_module
plan 18
net_setup
fw_drop server ssh
start_sshd server
furnish
start_agent --doors /etc/netns/server/knock
run_stage "first" first
run_stage "a crowd" gathers
run_stage "the owner" owner
run_stage "they leave" leaves
run_stage "who is greedy" greedy
end_scenario
