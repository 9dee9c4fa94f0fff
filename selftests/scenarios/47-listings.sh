#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten times as many doors, keys, grants and blocks cost their listings at most 11 times
# the instructions, as a table and as JSON.
# Runs: icount
# Takes: 30
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

DOORS=/etc/netns/server/knock/doors

# cost_of COMMAND...: microseconds, which are instructions here; its lines into $LINES_OUT
cost_of()
{
	local began

	began=$(date +%s%N)
	"$@" > /tmp/listing || must false "$*"
	echo $((($(date +%s%N) - began) / 1000))
}

# lists VERB MANY FILL: what FILL N makes is listed, with a tenth of MANY and with MANY
lists()
{
	local verb=$1 many=$2 fill=$3 form few_us many_us

	declare -A few
	"$fill" $((many / 10))
	for form in table json; do
		few[$form]=$(listing "$form" "$verb" $((many / 10)))
	done
	"$fill" "$many"
	for form in table json; do
		few_us=${few[$form]}
		many_us=$(listing "$form" "$verb" "$many")
		diag "$verb, $form: $((many / 10)) in $few_us us, $many in $many_us us"
		check "$verb, $form: ten times as many cost at most 11 times as much" \
			[ "${few_us:-0}" -gt 0 -a "${many_us:-0}" -gt 0 \
			-a "${many_us:-0}" -le $((11 * ${few_us:-0})) ]
	done
}

# listing FORM VERB COUNT: what it costs, if as many are in it
listing()
{
	local cost

	if [ "$1" = json ]; then
		cost=$(cost_of kctl --json "$2")
		[ "$(grep -c '{' /tmp/listing)" -ge "$3" ] || return
	else
		cost=$(cost_of kctl "$2")
		[ "$(wc -l < /tmp/listing)" -ge "$3" ] || return
	fi
	echo "$cost"
}

doors()
{
	local i

	for ((i = 0; i < $1; i++)); do
		printf '[door]\nopens = tcp/22\nmax-grants = 1\n' > "$DOORS/d$i.conf"
	done
	chmod 600 "$DOORS"/*.conf
	must kctl load
}

keys()
{
	{
		printf '[door]\nopens = tcp/22\n'
		awk -v keys="$1" 'BEGIN {
			for (i = 0; i < keys; i++)
				printf "\n[key k%05d]\ntype = sealed\nsecret = %042dA=\n", i, i
		}'
	} > "$DOORS/ssh.conf"
	chmod 600 "$DOORS/ssh.conf"
	must kctl load
}

grants()
{
	must kctl set-door ssh --max-grants 20000
	must on server nlmany grant ssh 86400 10.20.0.0 "$1"
}

blocks()
{
	must on server nlmany block 10.30.0.0 "$1"
}

need_module
plan 8
net_setup
must kctl add-door ssh --opens tcp/22
lists keys 10000 keys
lists grants 10000 grants
lists blacklist 4000 blocks
rm "$DOORS/ssh.conf"
lists doors 1000 doors
end_scenario
