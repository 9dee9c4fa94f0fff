# shellcheck shell=bash disable=SC2034 # who sources it uses what it sets
# SPDX-License-Identifier: GPL-2.0
# The recipe's rules in each way there is to write them, with IPv4 and IPv6. What
# goes by these functions alone passes over all of them unchanged.
#
#	legacy   iptables-legacy, INPUT
#	nft      iptables-nft, INPUT
#	native   nft and the mark of the door, INPUT, no rule of iptables
#	forward  iptables-legacy, FORWARD: the service is on `inner', behind the server
#
# Wants ktap.sh and net.sh; `forward' wants net_inner.

RULESETS="legacy nft native forward"

# ruleset_use RULESET: from here on; what depends on it is in
#	SERVICE_4, SERVICE_6	the address of the service
#	DOOR_OPTIONS		what the door needs on top
ruleset_use()
{
	RULESET=$1
	SERVICE_4=10.0.0.1
	SERVICE_6=2001:db8::1
	DOOR_OPTIONS=()
	CHAIN=INPUT
	IPTABLES=iptables-legacy
	case $RULESET in
	legacy) ;;
	nft) IPTABLES=iptables-nft ;;
	native) DOOR_OPTIONS=(--mark 0x100/0x100) ;;
	forward)
		CHAIN=FORWARD
		SERVICE_4=10.1.0.2
		SERVICE_6=2001:db8:1::2
		;;
	esac
}

# ruleset_up DOOR: the service is closed but to who holds a grant on the door
ruleset_up()
{
	case $RULESET in
	native) native_up ;;
	*) fw_drop server "$1" ;;
	esac
}

# ruleset_down: no rule is left
ruleset_down()
{
	case $RULESET in
	native) must on server nft delete table inet knock ;;
	*) fw_open server ;;
	esac
}

native_up()
{
	on server nft -f - <<-'END' || bail "nft takes no rules"
		table inet knock {
			chain input {
				type filter hook input priority filter; policy drop;
				iif lo accept
				icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, \
					nd-router-advert, packet-too-big } accept
				tcp flags & (fin | syn | rst | ack) != syn ct state established accept
				meta l4proto != tcp ct state established,related accept
				meta mark & 0x100 == 0x100 accept
				drop
			}
		}
	END
}

# ruleset_trusting: on top the rule that one would write without thinking of lone SYNs
ruleset_trusting()
{
	local fw

	case $RULESET in
	native) must on server nft insert rule inet knock input ct state established accept ;;
	*)
		for fw in fw4 fw6; do
			must "$fw" server -I "$CHAIN" -m conntrack --ctstate ESTABLISHED -j ACCEPT
		done
		;;
	esac
}
