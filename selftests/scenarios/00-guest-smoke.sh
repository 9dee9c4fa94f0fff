#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The guest itself: hosts, both iptables, ssh, clocks. Needs no module.
. "$(dirname "$0")/../lib/ktap.sh"

plan 2
check "iptables-legacy" iptables-legacy -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j REJECT
check "iptables-nft" iptables-nft -A INPUT -p tcp --dport 22 -m conntrack --ctstate NEW -j REJECT
ktap_end
