# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# Hosts as network namespaces on one LAN, which is a hub: everyone can listen.
#
#	server 10.0.0.1, 2001:db8::1 --+
#	client 10.0.0.2, 2001:db8::2 --+-- br0 in `lan'
#	other  10.0.0.3, 2001:db8::3 --+
#
# Each host's interface is eth0, its MAC address 02:00:00:00:00:0N. Networks
# 10.9.0.0/16 and 2001:db8:9::/48 lie, for the server, behind the client, who
# forwards nothing: a raw sender there may use any source address in them.
# Wants ktap.sh.

IPTABLES=${IPTABLES:-iptables-legacy}
# Where the rules of fw_recipe go: INPUT, or FORWARD of a gateway.
CHAIN=INPUT

# on HOST COMMAND... What reads or writes a configuration finds an /etc/knock of the host's
# own, as by ip netns exec, of which inhost takes a tenth of the time.
on()
{
	local host=$1

	shift
	case "$* " in
	"knockctl "*-door\ * | "knockctl "*-key\ * | "knockctl "*check\ * | "knockctl "*load\ * | \
	"knockctl "*enrol\ * | "knockctl "*pubkey\ * | "knockctl "*rotate\ * | \
	"knockctl "*import\ *)
		[ -d "/etc/netns/$host/knock" ] ||
			mkdir -p /etc/knock "/etc/netns/$host/knock"
		inhost --etc "$host" "$@"
		;;
	*) inhost "$host" "$@" ;;
	esac
}

# forget_doors [HOST]: no configuration is left there, or anywhere: as a host is that
# was made just now, or a module that was inserted just now
forget_doors()
{
	if [ $# -gt 0 ]; then
		rm -rf "/etc/netns/$1/knock"
	else
		rm -rf /etc/netns/*/knock
	fi
}

# become HOST COMMAND...: as `on', in the background only: $! is COMMAND itself, and
# not a shell that leaves it behind when killed
become()
{
	local host=$1

	shift
	exec nsenter --net="/run/netns/$host" -- "$@"
}

# net_host NAME NUMBER
net_host()
{
	ip netns add "$1" || return
	forget_doors "$1"
	on "$1" sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
		net.ipv6.conf.all.accept_ra=0 net.ipv6.conf.default.accept_ra=0
	# What nobody answers any more, since it was shut out, would keep the host, with
	# its rules and so the module, for minutes after its end.
	on "$1" sysctl -qw net.ipv4.tcp_orphan_retries=1
	ip link add eth0 netns "$1" address "02:00:00:00:00:0$2" type veth \
		peer name "$1" netns lan || return
	ip -n lan link set "$1" master br0 up
	ip -n "$1" addr add "10.0.0.$2/24" dev eth0
	ip -n "$1" addr add "2001:db8::$2/64" dev eth0 nodad
	ip -n "$1" link set lo up
	ip -n "$1" link set eth0 up
}

# net_setup: the three hosts
net_setup()
{
	must ip netns add lan
	must ip -n lan link add br0 type bridge forward_delay 0 ageing_time 0 mcast_snooping 0
	must ip -n lan link set br0 up
	must net_host server 1
	must net_host client 2
	must net_host other 3
	# Where bridges show packets to iptables they also put fragments together.
	on lan sysctl -qw net.bridge.bridge-nf-call-iptables=0 \
		net.bridge.bridge-nf-call-ip6tables=0 2>/dev/null
	must ip -n server route add 10.9.0.0/16 via 10.0.0.2
	must ip -n server -6 route add 2001:db8:9::/48 via 2001:db8::2
	must wait_until 10 "the LAN carries packets" on client ping -c 1 -W 1 10.0.0.1
	must wait_until 10 "the LAN carries IPv6" on client ping -6 -c 1 -W 1 2001:db8::1
}

# net_inner: a host `inner' behind the server, who becomes a gateway
#
#	lan -- 10.0.0.1, 2001:db8::1 server 10.1.0.1, 2001:db8:1::1 -- eth1
#	inner 10.1.0.2, 2001:db8:1::2 -- eth0
net_inner()
{
	local host

	must ip netns add inner
	must ip link add eth0 netns inner type veth peer name eth1 netns server
	must ip -n inner addr add 10.1.0.2/24 dev eth0
	must ip -n inner addr add 2001:db8:1::2/64 dev eth0 nodad
	must ip -n server addr add 10.1.0.1/24 dev eth1
	must ip -n server addr add 2001:db8:1::1/64 dev eth1 nodad
	must ip -n inner link set lo up
	must ip -n inner link set eth0 up
	must ip -n server link set eth1 up
	must on server sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	must ip -n inner route add default via 10.1.0.1
	must ip -n inner -6 route add default via 2001:db8:1::1
	for host in client other; do
		must ip -n "$host" route add 10.1.0.0/24 via 10.0.0.1
		must ip -n "$host" -6 route add 2001:db8:1::/64 via 2001:db8::1
	done
	must wait_until 10 "the gateway forwards" on client ping -c 1 -W 1 10.1.0.2
	must wait_until 10 "the gateway forwards IPv6" on client ping -6 -c 1 -W 1 2001:db8:1::2
}

# fw4 HOST RULE..., fw6 HOST RULE...: the iptables command of $IPTABLES
fw4()
{
	local host=$1

	shift
	on "$host" "$IPTABLES" -w "$@"
}

fw6()
{
	local host=$1

	shift
	on "$host" "${IPTABLES/#ip/ip6}" -w "$@"
}

# fw_recipe 4|6 DOOR...: the rules of a host as the manual describes it, with one for
# each door (none: the host as it is without the module)
fw_recipe()
{
	local v=$1 door type

	shift
	echo "-F $CHAIN"
	echo "-A $CHAIN -i lo -j ACCEPT"
	[ "$v" = 4 ] || for type in neighbour-solicitation neighbour-advertisement \
		router-advertisement packet-too-big; do
		echo "-A $CHAIN -p icmpv6 --icmpv6-type $type -j ACCEPT"
	done
	echo "-A $CHAIN -p tcp ! --syn -m conntrack --ctstate ESTABLISHED -j ACCEPT"
	echo "-A $CHAIN ! -p tcp -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"
	for door; do
		echo "-A $CHAIN -m knock --door $door -j ACCEPT"
	done
}

# fw_restore 4|6 HOST POLICY: rules of standard input, all by one program
fw_restore()
{
	local tool=$IPTABLES

	[ "$1" = 4 ] || tool=${tool/#ip/ip6}
	{
		echo "*filter"
		echo ":$CHAIN $3 [0:0]"
		cat
		echo COMMIT
	} | on "$2" "$tool-restore" -w -n
}

# fw_drop HOST DOOR...: the rest gets no answer. The policy alone would not do: to
# restore such rules by iptables-nft opens the chain for a moment (82-restore).
fw_drop()
{
	local host=$1 v

	shift
	for v in 4 6; do
		{ fw_recipe "$v" "$@"; echo "-A $CHAIN -j DROP"; } |
			fw_restore "$v" "$host" DROP || bail "no rules on $host"
	done
}

# fw_reject HOST DOOR...: the rest is refused as a host without services refuses
fw_reject()
{
	local host=$1 v

	shift
	for v in 4 6; do
		{
			fw_recipe "$v" "$@"
			echo "-A $CHAIN -p tcp -j REJECT --reject-with tcp-reset"
			echo "-A $CHAIN -j REJECT"
		} | fw_restore "$v" "$host" ACCEPT || bail "no rules on $host"
	done
}

# fw_open HOST: no rules at all
fw_open()
{
	local fw

	for fw in fw4 fw6; do
		must "$fw" "$1" -P "$CHAIN" ACCEPT
		must "$fw" "$1" -F
	done
}

# icmp_unlimited HOST: every refusal is sent, so that answers can be counted
icmp_unlimited()
{
	must on "$1" sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_ratemask=0 \
		net.ipv6.icmp.ratelimit=0 net.ipv6.icmp.ratemask=
}

# try_tcp HOST ADDR PORT [MS [FROM_PORT]]: prints open, refused, unreachable or silent.
# Below 1000 ms one SYN is sent and no more.
try_tcp()
{
	on "$1" tcptry "$2" "$3" "${4:-800}" "${@:5}"
}

# expect_tcp NAME ANSWER HOST ADDR PORT: one result. An answer that is wanted has
# all the time a busy machine takes; silence is believed after 800 ms.
expect_tcp()
{
	local ms=800

	[ "$2" = silent ] || ms=15000
	check_eq "$1" "$2" "$(try_tcp "$3" "$4" "$5" "$ms")"
}

# start_sshd HOST [PORT]: OpenSSH for root, by a key made here
start_sshd()
{
	local d=/tmp/ssh port=${2:-22}

	mkdir -p "$d"
	[ -e "$d/host" ] || must ssh-keygen -q -t ed25519 -N '' -f "$d/host"
	[ -e "$d/user" ] || must ssh-keygen -q -t ed25519 -N '' -f "$d/user"
	cat > "$d/config.$1" <<-EOF
		Port $port
		HostKey $d/host
		AuthorizedKeysFile $d/user.pub
		PidFile $d/pid.$1
		StrictModes no
		UsePAM no
		UseDNS no
		# What is safe from quantum computers takes emulated ones a second.
		KexAlgorithms curve25519-sha256
	EOF
	become "$1" /usr/sbin/sshd -D -e -f "$d/config.$1" > "$d/log.$1" 2>&1 &
	must wait_until 30 "sshd listens on $1" listens "$1" "$port"
}

# listens HOST PORT: is there a TCP socket
listens()
{
	[ -n "$(on "$1" ss -Hltn "sport = :$2")" ]
}

# ssh_run HOST ADDR COMMAND...: what COMMAND prints on ADDR, reached from HOST;
# SSH_PORT and SSH_LIMIT (s for the connection) as set
ssh_run()
{
	local host=$1 addr=$2

	shift 2
	on "$host" ssh -q -n -F none -i /tmp/ssh/user -p "${SSH_PORT:-22}" -o BatchMode=yes \
		-o "ConnectTimeout=${SSH_LIMIT:-30}" -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null "root@$addr" "$@"
}

# start_capture HOST FILE FILTER...: tcpdump on eth0, each packet at once on disk
start_capture()
{
	local host=$1 file=$2

	shift 2
	become "$host" tcpdump -i eth0 -n -U --immediate-mode -Z root -w "$file" "$@" > "$file.err" 2>&1 &
	CAPTURE_PID=$!
	must wait_until 20 "tcpdump listens" grep -q 'listening on' "$file.err"
}

# stop_capture: what was seen is in the file
stop_capture()
{
	kill "$CAPTURE_PID" 2>/dev/null
	wait "$CAPTURE_PID" 2>/dev/null
}

# end_scenario: everything that was started ends
end_scenario()
{
	local j

	for j in $(jobs -p); do
		kill "$j" 2>/dev/null
	done
	ktap_end
}
