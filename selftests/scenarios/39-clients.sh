#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Clients that were written from protocol.rst alone open and close a tumbler and a sealed
# door, by IPv4 and IPv6, and take the datagrams that tumbler was seen to send.
# Runs: stock
# Takes: 80
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

# independent WHICH ARGUMENT...: on the host `client'
independent()
{
	case $1 in
	sh) shift; on client sh /selftests/clients/knock.sh "$@" ;;
	perl) shift; on client perl /selftests/clients/knock.pl "$@" ;;
	esac
}

# secret_file KEY [OPTION]...: what a tumbler key that is made now has, in a file
secret_file()
{
	new_key ssh "$@"
	printf %s "$SECRET" > "/tmp/$1"
}

# key_file KEY: a sealed key
key_file()
{
	local json

	json=$(kctl --json add-key ssh "$1" --type sealed) || bail "no sealed key $1"
	sed -n 's/.*"secret": *"\([^"]*\)".*/\1/p' <<< "$json" > "/tmp/$1"
	[ -s "/tmp/$1" ] || bail "knockctl shows no secret: $json"
}

by_tumbler()
{
	secret_file "$which-$V"
	secret_file "$which-$V-close" --action close
	assert_reason "$which IPv$V: a tumbler knock opens" "duplicate=2 opened=1" \
		independent "$which" tumbler --secret-file "/tmp/$which-$V" --source "$OWN" "$TO"
	expect_tcp "$which IPv$V: open by tumbler" open client "$TO" 22
	assert_reason "$which IPv$V: another closes" "closed=1 duplicate=2" \
		independent "$which" tumbler --secret-file "/tmp/$which-$V-close" --source "$OWN" "$TO"
}

by_sealed()
{
	key_file "$which-$V-sealed"
	set -- --key-file "/tmp/$which-$V-sealed" --source "$OWN" "$TO"
	assert_reason "$which IPv$V: a sealed knock opens" "duplicate=2 opened=1" \
		independent "$which" sealed --open ssh --for 20 "$@"
	expect_tcp "$which IPv$V: open by sealed" open client "$TO" 22
	assert_reason "$which IPv$V: a sealed knock closes" "closed=1 duplicate=2" \
		independent "$which" sealed --close ssh "$@"
}

# captured COMMAND...: runs it on the client; the payload of the first datagram that goes
# to the knock port is in /tmp/seen
captured()
{
	local header=28 hex

	[ "$V" = 4 ] || header=48
	start_capture client /tmp/pcap udp port 8675
	must on client "$@"
	must wait_until 10 "the copies were seen" three_seen
	stop_capture
	hex=$(tcpdump -n -r /tmp/pcap -c 1 -x 2> /dev/null | sed -n 's/^\t0x[0-9a-f]*: *//p' |
		tr -d ' \n')
	xxd -r -p <<< "${hex:$((header * 2))}" > /tmp/seen
}

three_seen()
{
	[ "$(tcpdump -n -r /tmp/pcap 2> /dev/null | wc -l)" -ge 3 ]
}

# understood NAME TYPE ARGUMENT...: each client says what was seen is good
understood()
{
	local which name=$1 type=$2 said

	shift 2
	for which in sh perl; do
		said=$(independent $which "$type" "$@" --source "$OWN" --verify < /tmp/seen 2>&1)
		check "$which takes $name by IPv$V: $said" test "${said#good }" != "$said"
	done
}

of_tumbler()
{
	secret_file "seen-$V"
	captured tumbler --open "tumbler://$SECRET@$URL/"
	understood "a tumbler knock of tumbler" tumbler --secret-file "/tmp/seen-$V" --skew 60
}

of_sealed()
{
	key_file "seen-$V-sealed"
	export HOME=/tmp
	# It reads the server's /etc/knock.
	ip netns exec server knockctl enrol ssh "seen-$V-sealed" --host "$TO" > /tmp/profile
	must on client tumbler import --name "seen-$V" /tmp/profile
	captured tumbler --open "seen-$V" --for 20s
	understood "a sealed knock of tumbler" sealed --door ssh --key-file "/tmp/seen-$V-sealed"
	check_eq "IPv$V: it has 88 bytes" 88 "$(wc -c < /tmp/seen)"
}

# in_family 4|6
in_family()
{
	V=$1
	case $V in
	4) OWN=10.0.0.2 TO=10.0.0.1 URL=$TO ;;
	6) OWN=2001:db8::2 TO=2001:db8::1 URL="[$TO]" ;;
	esac
}

need_module
umask 077
command -v openssl > /dev/null || skip_all "the guest has no openssl"
command -v perl > /dev/null || skip_all "the guest has no perl"
plan $((2 * (2 * 6 + 5)))
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22
for v in 4 6; do
	in_family $v
	for which in sh perl; do
		by_tumbler
		by_sealed
	done
	of_tumbler
	of_sealed
done
end_scenario
