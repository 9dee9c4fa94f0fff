#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The control plane by itself: knockctl's verbs, what they print and refuse; the
# match in rules that are saved and restored; malformed netlink requests.
# Takes: 110
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

plan 102

# All that is listed. A grant's times are not: reading them takes time.
state()
{
	kctl --json doors
	kctl --json keys
	kctl --json grants | sed 's/"since.*//'
}

# refuses STATUS WORDS ARGUMENT...: knockctl ends with STATUS, its first line on
# standard error is its own and has WORDS, it prints nothing and changes nothing
refuses()
{
	local want=$1 words=$2 before after got line

	shift 2
	before=$(state)
	kctl "$@" > /tmp/out 2> /tmp/err < "${INPUT:-/dev/null}"
	got=$?
	after=$(state)
	line=$(head -n 1 /tmp/err)
	if [ "$got" = "$want" ] && [[ $line == "knockctl: "*"$words"* ]] &&
	   [ ! -s /tmp/out ] && [ "$before" = "$after" ]; then
		ok "refused: knockctl $*"
	else
		not_ok "refused: knockctl $*" "status $got, wanted $want and: $words
stderr: $(cat /tmp/err)
stdout: $(cat /tmp/out)
before: $before
after:  $after"
	fi
}

# one_line ARGUMENT...: what knockctl prints, without line ends and times
one_line()
{
	kctl "$@" | tr -d '\n' | sed 's/"20[-0-9]*T[:0-9]*Z"/TIME/g; s/"id": [0-9]*/"id": ID/g'
}

# now_opens DOOR: in the module
now_opens()
{
	kctl --json doors | grep "\"name\": \"$1\"" -A 2 | tr -d '\n' |
		sed -n 's/.*"opens": \[\([^]]*\)\].*/\1/p' | tr -d '",'
}

doors()
{
	check "a door is added" kctl add-door ssh --opens tcp/22,udp/8000-8010 --knock-port 9999
	check_eq "and listed" '[ {"name": "ssh", "opens": ["tcp/22", "udp/8000-8010"], "open_for": 30, "knock_port": 9999, "mark": null, "max_grants": 256, "grants": 0, "blacklist_for": 600, "agent": null}]' \
		"$(one_line --json doors)"
	check "it is changed" kctl set-door ssh --opens none --open-for 1h --max-grants 9
	check_eq "what was given, and no more" '[ {"name": "ssh", "opens": [], "open_for": 3600, "knock_port": 9999, "mark": null, "max_grants": 9, "grants": 0, "blacklist_for": 600, "agent": null}]' \
		"$(one_line --json doors)"
	check "it gets a mark" kctl set-door ssh --mark 256/0xF00
	check_eq "which is listed" '"mark": "0x100/0xf00"' \
		"$(one_line --json doors | grep -o '"mark": [^,]*')"
	check "and none again" kctl set-door ssh --mark none
	check_eq "which is listed, too" '"mark": null' \
		"$(one_line --json doors | grep -o '"mark": [^,]*')"
	check "the agent's port, in the module only" kctl set-door ssh --volatile --agent 8676
	check_eq "is one more service" "tcp/8676" "$(now_opens ssh)"
	must kctl set-door ssh --volatile --opens tcp/22
	check_eq "and stays if others come" "tcp/22 tcp/8676" "$(now_opens ssh)"
	must kctl set-door ssh --volatile --agent 8677
	check_eq "or is another" "tcp/22 tcp/8677" "$(now_opens ssh)"
	must kctl set-door ssh --volatile --agent none
	check_eq "or none" "tcp/22" "$(now_opens ssh)"
	must kctl set-door ssh --volatile --opens none
	check_eq "a table has the same columns" "name opens open_for knock_port mark max_grants grants blacklist_for agent" \
		"$(kctl doors | head -n 1 | tr -s ' ')"
}

keys()
{
	local made secret

	made=$(kctl --json add-key ssh alice --type tumbler)
	secret=$(sed -n 's/.*"secret": "\([g-z][a-z2-7]\{26\}\)".*/\1/p' <<< "$made")
	check "a secret is made" [ -n "$secret" ]
	check "and its URL" grep -q "\"url\": \"tumbler://$secret@HOST:9999/\"" <<< "$made"
	check "accepted at once" grep -q '"accepted_from": null' <<< "$made"
	check_eq "fingerprint of what was made" \
		"$(printf 'xt_knock fingerprint%s' "$secret" | sha256sum | cut -c 1-16)" \
		"$(sed -n 's/.*"fingerprint": "\([0-9a-f]*\)".*/\1/p' <<< "$made")"
	made=$(kctl add-key ssh shut --type tumbler --action close --skew 0 --weak - <<< hunter2)
	check "a guarded key says from when" grep -q '^accepted from 20..-..-..T..:..:00Z' <<< "$made"
	made=$(kctl status)
	check "status says so too" grep -q '^key shut of door ssh is accepted from 20' <<< "$made"
	check "a secret from a file" kctl add-key ssh file --type tumbler --secret-file /tmp/good
	made=$(kctl --json keys; kctl keys; kctl --json status; kctl --json doors)
	check_not "no listing has a secret" grep -q -e "$secret" -e hunter2 <<< "$made"
	check_eq "keys are listed" "alice open file open shut close" \
		"$(kctl keys ssh | awk 'NR > 1 { print $2, $4 }' | sort | xargs)"
}

grants()
{
	check "a door is opened by hand" kctl open ssh 192.0.2.7 --for 7d
	check "by mapped text as well" kctl open ssh ::ffff:192.0.2.8
	check "by IPv6" kctl open ssh 2001:db8::9
	check "from standard input" kctl open ssh - <<< $'192.0.2.1\n192.0.2.2'
	check_eq "an open one is extended" '{"id": ID, "door": "ssh", "key": null, "address": "192.0.2.8", "since": TIME, "until": TIME, "narrow": null}' \
		"$(one_line --json open ssh 192.0.2.8 --for 1d)"
	check_eq "all are listed" "192.0.2.1 192.0.2.2 192.0.2.7 192.0.2.8 2001:db8::9" \
		"$(kctl --json grants ssh | sed -n 's/.*"address": "\([^"]*\)".*/\1/p' | sort | xargs)"
	check_eq "one is closed" '{"count": 1}' "$(one_line --json close ssh 192.0.2.7)"
	check_eq "nothing open is no error" "nothing was open" "$(kctl close ssh 192.0.2.7)"
	refuses 1 "" set-door ssh --max-grants 3
}

bad_doors()
{
	local name port

	refuses 1 "" add-door ssh --opens tcp/22
	refuses 1 "no such door" set-door none --opens any
	refuses 1 "no such door" del-door none
	for name in "" .x -- "a b" a/b 12345678901234567890123456789012; do
		refuses 2 "" add-door "$name" --opens any
	done
	for port in 0 65536 -1 ssh; do
		refuses 2 "is no port" add-door new --opens any --knock-port "$port"
	done
	for service in tcp tcp/0 tcp/65536 icmp/1 tcp/9-8 ""; do
		refuses 2 "is no service" add-door new --opens "$service"
	done
	refuses 2 "out of range" add-door new --opens any --open-for 0
	refuses 2 "out of range" add-door new --opens any --open-for 8d
	refuses 2 "no duration" set-door ssh --open-for soon
	refuses 2 "no number of grants" set-door ssh --max-grants 0
	for mark in 1 0x100 1/1/1 0x1g/0x1f 1/0x100000000; do
		refuses 2 "is no mark" set-door ssh --mark "$mark"
	done
	refuses 2 "has a mask of 0" set-door ssh --mark 0/0
	refuses 2 "outside its mask" set-door ssh --mark 3/1
	refuses 2 "every other packet" set-door ssh --mark 0/1
	must kctl set-door ssh --mark 1/3
	refuses 1 "no bit in common" add-door new --opens any --mark 2/6
	must kctl set-door ssh --mark none
	refuses 2 "nothing to change" set-door ssh
	refuses 2 "--opens" add-door new
}

bad_keys()
{
	refuses 1 "no such door" add-key none new --type tumbler
	refuses 1 "" add-key ssh alice --type tumbler
	refuses 1 "no such key" del-key ssh none
	refuses 1 "no such door" keys none
	refuses 2 "never taken as an argument" add-key ssh new --type tumbler hunter2
	refuses 1 "empty" add-key ssh new --type tumbler -
	INPUT=/tmp/long refuses 1 "too long" add-key ssh new --type tumbler --weak -
	INPUT=/tmp/weak refuses 1 "guessable" add-key ssh new --type tumbler -
	INPUT=/tmp/good refuses 1 "" add-key ssh new --type tumbler -
	refuses 1 "chmod 600" add-key ssh new --type tumbler --secret-file /tmp/readable
	refuses 1 "cannot be opened" add-key ssh new --type tumbler --secret-file /tmp/none
	refuses 1 "no regular file" add-key ssh new --type tumbler --secret-file /dev/null
	refuses 2 "no skew" add-key ssh new --type tumbler --skew 301
	refuses 2 "no action" add-key ssh new --type tumbler --action ajar
	refuses 2 "no type" add-key ssh new --type skeleton
}

bad_rest()
{
	refuses 1 "no such door" open none 192.0.2.1
	refuses 2 "no address" open ssh fe80::1%veth0
	refuses 2 "out of range" open ssh 192.0.2.1 --for 0
	refuses 2 "no verb" unlock
	refuses 2 "is no option" doors --all
	refuses 2 "missing" close ssh
	check_eq "without privileges" "knockctl: not permitted" \
		"$(on server setpriv --reuid 65534 --clear-groups knockctl doors 2>&1 | cut -c -23)"
}

# round_trip PREFIX: rules with the match come back as they were
round_trip()
{
	local before after

	before=$(on server "$1-save" -t filter | grep -e '-m knock')
	on server "$1-save" -t filter > /tmp/rules
	on server "$1" -F
	on server "$1-restore" < /tmp/rules
	after=$(on server "$1-save" -t filter | grep -e '-m knock')
	check_eq "$1: rules survive save and restore" "$before" "$after"
	check_eq "$1: as they were typed" "-A INPUT -m knock --door ssh -j ACCEPT
-A INPUT -m knock ! --door later -j DROP
-A INPUT -m knock -j ACCEPT" "$after"
	on server "$1" -F
}

rules()
{
	local tables

	for tables in iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft; do
		on server "$tables" -A INPUT -m knock --door ssh -j ACCEPT
		on server "$tables" -A INPUT -m knock ! --door later -j DROP
		on server "$tables" -A INPUT -m knock -j ACCEPT
		round_trip "$tables"
	done
}

# What nlbad says of itself, as one result; all of it if something failed.
bad_requests()
{
	local bad

	on server nlbad "$@" > /tmp/nlbad
	bad=$(grep -A 1 -e '^not ok' -e '^Bail' /tmp/nlbad)
	check_eq "nlbad $*: $(grep -c '^ok' /tmp/nlbad) requests" "" "$bad"
}

need_module
net_setup
echo g2x7k4q9w3z8h5v6n2m7r4t9y3p8s5j6 > /tmp/good
chmod 600 /tmp/good
cp /tmp/good /tmp/readable
chmod 640 /tmp/readable
echo hunter2 > /tmp/weak
head -c 256 /dev/zero | tr '\0' x > /tmp/long

run_stage "doors" doors
run_stage "keys" keys
run_stage "grants" grants
run_stage "bad doors" bad_doors
run_stage "bad keys" bad_keys
run_stage "the rest" bad_rest
run_stage "rules" rules
check "a key is deleted" kctl del-key ssh alice
check "a door is deleted" kctl del-door ssh
check_eq "its keys and grants are gone" "[][][]" "$(state | tr -d '\n')"
bad_requests
kctl del-door door > /dev/null 2>&1
bad_requests --unprivileged
bad_requests --foreign
end_scenario
