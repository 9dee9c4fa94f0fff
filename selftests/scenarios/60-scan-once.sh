#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All ports of a host with ten thousand once keys are scanned: by nmap, upwards and at
# random, and downwards; TCP and UDP. Nothing opens, and nobody is kept out.
# Runs: stock
# Takes: 80
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

NMAP="-n -Pn --disable-arp-ping -p 1-65535 --max-retries 0 --min-rate 5000"

# scan NAME COMMAND...: from the client
scan()
{
	local name=$1 before risen began

	shift
	before=$(reasons)
	began=$(now_ms)
	must on client "$@" > /tmp/scan
	risen=$(reasons_since "$before")
	diag "$name: $(($(now_ms) - began)) ms, $risen"
	check_eq "$name: nothing opens" "0 0" \
		"$(sum_of "$risen" opened extended closed) $(status_number grants)"
	check "$name: nearly all were looked at" \
		[ "$(sum_of "$risen" no_step step step_again strayed)" -gt 60000 ]
}

scans()
{
	# shellcheck disable=SC2086 # options
	scan "TCP upwards" nmap $NMAP -sS -r 10.0.0.1
	# shellcheck disable=SC2086 # options
	scan "TCP at random" nmap $NMAP -sS 10.0.0.1
	scan "TCP downwards" rawscan --to 10.0.0.1 --from 10.0.0.2 --down
	# shellcheck disable=SC2086 # options
	scan "UDP upwards" nmap $NMAP -sU -r 10.0.0.1
	# shellcheck disable=SC2086 # options
	scan "UDP at random" nmap $NMAP -sU 10.0.0.1
	scan "UDP downwards" rawscan --to 10.0.0.1 --from 10.0.0.2 --udp 8 --down
}

need_module
plan 14
a_user
net_setup
# As a switch: on a hub, everybody else would have to look at all this.
must ip -n lan link set br0 type bridge ageing_time 30000
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
must seq_add ssh k --count 10000 --once "$SEQ_SECRET" --armed 3
# Since this one has them, datagrams are looked at, too.
must seq_add ssh mixed --static 40000/udp,30000,50000/udp
must seq_add ssh alice --once "${SEQ_SECRET/#00/fe}" --armed 3
# Without a service, which would be looked for.
once_profile 1 16 "${SEQ_SECRET/#00/fe}" | grep -v ^service | user import - > /dev/null
check_eq "30 004 sequences are armed" 30004 "$(status_number sequences)"
run_stage "scans" scans
assert_reason "the owner gets in" "opened=1 step=7" user --open ssh
end_scenario
