# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Who listens: from the text that tcpdump prints he tells the SYNs that were answered from
# those that were not, and of each of the latter says `Knock on HOST:PORT'. Wants net.sh.

HEARD=/tmp/heard

# start_listening HOST: whatever is on the LAN, a line for each packet
start_listening()
{
	become "$1" tcpdump -i eth0 -n -l -q --immediate-mode -Z root tcp > "$HEARD" 2> "$HEARD.err" &
	LISTENER_PID=$!
	must wait_until 20 "tcpdump listens" grep -q 'listening on' "$HEARD.err"
}

# stop_listening PORT: when a packet from that port of the server was heard
stop_listening()
{
	must wait_until 20 "the answer was heard" grep -q " 10\.0\.0\.1\.$1 > " "$HEARD"
	kill "$LISTENER_PID" 2> /dev/null
	wait "$LISTENER_PID" 2> /dev/null
}

# knocks_on HOST: what of that was a knock, in its order, and each once
knocks_on()
{
	awk -v host="$1" '
	function port(end) { sub(/:$/, "", end); sub(/^.*\./, "", end); return end }
	function address(end) { sub(/\.[0-9]+:?$/, "", end); return end }
	$4 != ">" { next }
	address($5) == host {
		call = $3 " " port($5)
		if (!(call in called)) {
			called[call] = 1
			order[++n] = call
		}
	}
	address($3) == host {
		end = $5
		sub(/:$/, "", end)
		answered[end " " port($3)] = 1
	}
	END {
		for (i = 1; i <= n; i++) {
			split(order[i], part, " ")
			if (!(order[i] in answered) && !seen[part[2]]++)
				print "Knock on " host ":" part[2]
		}
	}' "$HEARD"
}

# as_list: those knocks as a list of ports
as_list()
{
	sed 's/.*://' | paste -s -d,
}
