#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# knockctl load of an equal and of a changed configuration again and again, during
# traffic and knocks: grants stay, no admitted packet is lost and no other let in, and
# nothing is left over. ROUNDS=500: `make check-long'.
# shellcheck disable=SC2016 # fields of awk, and the server's shell
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

rounds=${ROUNDS:-$([ -e /sys/kernel/debug/kmemleak ] && echo 10 || echo 50)}
KEPT=/etc/netns/server/knock

# seen: datagrams that passed the rules: no socket takes them
seen()
{
	on server awk '$1 == "Udp:" && n++ { print $3 }' /proc/net/snmp
}

# sends: admitted datagrams in a stream until told to stop; how many is left in a file
sends()
{
	local sent=0 n

	: > /tmp/sending
	while [ -e /tmp/go ]; do
		n=$(on client rawknock --to 10.0.0.1 --from 10.0.0.2 --random 20 --dport 5000 \
			--count 50 --rate 100 | sed -n 's/^sent //p')
		sent=$((sent + n))
	done
	echo "$sent" > /tmp/sent
}

# Datagrams that nobody let in, and knocks, each of which opens.
strangers()
{
	local i=0

	while [ -e /tmp/go ]; do
		on client rawknock --to 10.0.0.1 --from 10.9.1.1 --sources 20 --rate 40 \
			--random 20 --dport 5000
		on client rawknock --to 10.0.0.1 --from "10.9.$((i++ % 200 + 10)).1" --sources 5 \
			--secret "$SECRET"
	done > /dev/null 2>&1
}

# Two configurations: in the second one door is changed, another has its key replaced,
# and a third is gone.
prepare()
{
	must kctl add-door service --opens udp/5000 --open-for 1d --max-grants 4096
	new_key service alice --max-grants 4096
	must kctl add-door other --opens tcp/80
	must kctl add-key other bob --type tumbler
	must kctl add-door third --opens none
	cp -a "$KEPT/doors" /tmp/first
	cp -a "$KEPT/doors" /tmp/second
	sed -i 's/^open-for = 1d/open-for = 2d/' /tmp/second/service.conf
	sed -i '/^\[key/,$s/^skew = .*/skew = 9s/' /tmp/second/other.conf
	rm /tmp/second/third.conf
	must kctl open service 10.0.0.2 --for 1d
}

# loads TIMES FILES...: each of them so often, and what load says, by kind
loads()
{
	on server bash -c 'for ((i = 0; i < $0; i++)); do
			for files; do
				rm -f "$KEPT"/doors/*.conf && cp -a "$files"/*.conf "$KEPT/doors" &&
				knockctl --config "$KEPT" load | head -n 1 || exit
			done
		done' "$@" | sort | uniq -c | sed 's/^ *//'
}

# lost BEFORE: grants of before that are there no more
lost()
{
	kctl --json grants | grep -o '"id": [0-9]*' > /tmp/there
	grep -vxFf /tmp/there <<< "$1"
}

all_arrived()
{
	[ $(($(seen) - before)) = "$(cat /tmp/sent)" ]
}

need_module
plan 8
net_setup
fw_drop server service
prepare
before=$(seen)
export KEPT
: > /tmp/go
sends & pids=($!)
strangers & pids+=($!)
must wait_until 20 "all send" test -e /tmp/sending
opened()
{
	[ "$(reason opened)" -gt 4 ]
}
must wait_until 20 "knocks have opened" opened
grants=$(kctl --json grants | grep -o '"id": [0-9]*')
check_eq "an equal configuration, $rounds times" "$rounds nothing to change" "$(loads "$rounds" /tmp/first)"
check_eq "the grants are those of before" "" "$(lost "$grants")"
half=$((rounds / 2))
check_eq "a changed one, $rounds times" "$half doors: 0 added, 1 changed, 1 deleted; keys: 0 added, 1 replaced, 0 deleted
$half doors: 1 added, 1 changed, 0 deleted; keys: 0 added, 1 replaced, 0 deleted" \
	"$(loads "$half" /tmp/second /tmp/first)"
check_eq "and still" "" "$(lost "$grants")"
rm /tmp/go
wait "${pids[@]}"
diag "sent $(cat /tmp/sent), opened $(reason opened)"
check "each packet that is admitted arrived, and no other" wait_until 20 "all arrived" all_arrived
check_eq "no knock was refused" "" \
	"$(reasons | tr ' ' '\n' | grep -E '^(guard|unproved|no_key|key_deleted)=')"
check_eq "as many opened as are open" "$(reason opened)" \
	"$(kctl --json grants | grep -c '"alice"')"
check_eq "doors and keys are as many as before" "3 2" "$(status_number doors) $(status_number keys)"
end_scenario
