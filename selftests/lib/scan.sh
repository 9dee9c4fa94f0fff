# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Scans of the host `server' by a stranger, once with the module in its rules and
# once without it, compared as sets of answers. Wants ktap.sh, net.sh, knock.sh.

SCAN_PORTS=${SCAN_PORTS:-1-65535}
NMAP_PORTS=1000
# The debug kernel is ten times slower; the services and the knock port are in this.
if [ -e /sys/kernel/debug/kmemleak ]; then
	SCAN_PORTS=1-9000 NMAP_PORTS=200
fi

# How long nmap waits for an answer and tries again, where none is to be expected.
SCAN_NMAP="-T5 --max-retries 1 --min-rate 2000"

# scan_one FILE FROM TO [OPTION]...: one packet a port, from the client. Where the
# machine itself lost packets between the hosts nothing was shown: once more.
scan_one()
{
	local file=$1 from=$2 to=$3 try before

	shift 3
	for try in 1 2 3; do
		before=$(scan_lost)
		on client rawscan --to "$to" --from "$from" --ports "$SCAN_PORTS" --quiet 500 "$@" \
			> "$file" || bail "no scan: rawscan --to $to $* failed"
		[ "$(scan_lost)" != "$before" ] || return 0
		diag "rawscan --to $to $*: packets were lost on the way, time $try"
	done
	bail "packets are lost whenever rawscan --to $to $* runs"
}

# Packets that each CPU had no room for.
scan_lost()
{
	awk '{ printf "%s ", $2 }' /proc/net/softnet_stat
}

# What the program itself says of the ports, less what no two runs have in common.
scan_nmap()
{
	local file=$1 to=$2

	shift 2
	# shellcheck disable=SC2086 # options
	on client nmap "$@" -n -Pn -sS -sU --top-ports "$NMAP_PORTS" --reason $SCAN_NMAP "$to" 2>&1 |
		grep -v -e '^Starting' -e '^Nmap done' -e '^Host is up' > "$file"
	grep -q '^Nmap scan report' "$file" || bail "nmap scanned nothing: $(cat "$file")"
}

# scan_all WHEN: everything, into files whose names begin with /tmp/scan.WHEN
scan_all()
{
	local began

	began=$(now_ms)
	# As a switch: on a hub, everybody else would have to look at all this.
	must ip -n lan link set br0 type bridge ageing_time 30000
	scan_one "/tmp/scan.$1.tcp" 10.0.0.2 10.0.0.1
	scan_one "/tmp/scan.$1.udp74" 10.0.0.2 10.0.0.1 --udp 74 --tumbler
	scan_one "/tmp/scan.$1.udp88" 10.0.0.2 10.0.0.1 --udp 88
	scan_one "/tmp/scan.$1.tcp6" 2001:db8::2 2001:db8::1
	scan_one "/tmp/scan.$1.udp74-6" 2001:db8::2 2001:db8::1 --udp 74 --tumbler
	scan_one "/tmp/scan.$1.udp88-6" 2001:db8::2 2001:db8::1 --udp 88
	diag "scans $1: $(($(now_ms) - began)) ms"
	scan_nmap "/tmp/scan.$1.nmap" 10.0.0.1
	scan_nmap "/tmp/scan.$1.nmap6" 2001:db8::1 -6
	diag "with nmap $1: $(($(now_ms) - began)) ms"
}

SCANS="tcp udp74 udp88 tcp6 udp74-6 udp88-6 nmap nmap6"

# scan_compare: one result for each of $SCANS
scan_compare()
{
	local s differ

	for s in $SCANS; do
		differ=$(cmp -s "/tmp/scan.without.$s" "/tmp/scan.with.$s" ||
			diff "/tmp/scan.without.$s" "/tmp/scan.with.$s" | head -n 20)
		check_eq "$s: the same with the module as without it, $(wc -l < "/tmp/scan.with.$s") lines" \
			"" "$differ"
	done
}

# scan_door: a door with keys, and the host `other' in by one of them
scan_door()
{
	must kctl add-door ssh --opens tcp/22 --open-for 1h
	must kctl add-key ssh alice --type tumbler
	must kctl add-key ssh shut --type tumbler --action close
	new_key ssh bob
	assert_reason "another host knocks" "duplicate=2 opened=1" knock other "$SECRET"
	clock_second 2
	assert_reason "by IPv6, too, in another minute" "duplicate=2 opened=1" \
		knock other "$SECRET" 2001:db8::1
}

# scan_without HOST_FUNCTION: the server as it is without the module
scan_without()
{
	fw_open server
	must kctl del-door ssh
	must rmmod xt_knock
	"$1" server
	scan_all without
	must insmod "$KNOCK_KO"
}

# Each datagram of a scan was looked at: by its length, and by no key.
scan_counted()
{
	local ports=$((${SCAN_PORTS#*-} - ${SCAN_PORTS%-*} + 1))

	# By nmap come some more, of lengths of its own.
	check_eq "$1" "unknown_hint=2 unproved=2" "$(reasons_since "$2" | tr ' ' '\n' |
		grep -v -e '^size=' -e '^form=' | xargs)"
	diag "$ports ports: $(reasons_since "$2")"
}
