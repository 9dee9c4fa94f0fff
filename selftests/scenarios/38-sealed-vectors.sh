#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The sealed knocks of the vectors, which an independent implementation made, at the
# module: each is sent from where and when it says, to a key of its own, and what the
# module makes of it is the vector's verdict.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

VECTORS=$(dirname "$0")/../vectors/sealed.tsv
# Columns of them.
NAME=0 VERDICT=1 KEY=2 DOOR=3 SKEW=4 GUARD=5 ROAMING=6 NOW=7 SOURCE=8 ACTION=9 DATAGRAM=18

# What cannot be shown here: the guard is none of a vector's making (38-sealed-clock has
# it), no key roams, and no clock can be set to before this machine was started, or
# beyond some 250 years.
is_shown()
{
	[ "${v[GUARD]}${v[ROAMING]}" = -- ] && [ "${v[NOW]}" -gt 100000 ] &&
		[ "${v[NOW]}" -lt 8000000000 ]
}

# wanted: the counter for the verdict
wanted()
{
	case ${v[VERDICT]}:${v[SOURCE]}:${v[ACTION]} in
	# The stack takes nothing from its own address.
	good:::1:*) ;;
	good:*:1) echo opened=1 ;;
	good:*:2) echo nothing_open=1 ;;
	*) echo "${v[VERDICT]//-/_}=1" ;;
	esac
}

# deliver_vector: from its source, to its door's port
deliver_vector()
{
	local to=10.0.0.1

	[[ ${v[SOURCE]} != *:* ]] || to=2001:db8::1
	on client rawknock --to "$to" --from "${v[SOURCE]}" --dport "${port[${v[DOOR]}]}" \
		--hex "${v[DATAGRAM]}" > /dev/null
}

# Knock ports of the doors so far.
declare -A port
add_door()
{
	[ -z "${port[$1]-}" ] || return
	port[$1]=$((8675 + ${#port[@]}))
	must kctl add-door "$1" --opens tcp/22 --knock-port "${port[$1]}" --volatile
}

# The clock is set twice: for the key to have its hints, and since it goes on meanwhile;
# how far, other programs of this machine do not change.
show()
{
	add_door "${v[DOOR]}"
	set_clock "@${v[NOW]}.1"
	must on server nlkey "${v[DOOR]}" key "${v[KEY]}" "${v[SKEW]}"
	set_clock "@${v[NOW]}.1"
	assert_reason "${v[NAME]}" "$(wanted)" deliver_vector
	must on server nlkey "${v[DOOR]}" key
}

need_module
mapfile -t lines < <(grep -v '^#' "$VECTORS")
shown=()
for line in "${lines[@]}"; do
	IFS=$'\t' read -ra v <<< "$line"
	! is_shown || shown+=("$line")
done
plan $((${#shown[@]} + 1))
net_setup
check "of ${#lines[@]} vectors ${#shown[@]} can be shown" [ ${#shown[@]} -ge 100 ]
for line in "${shown[@]}"; do
	IFS=$'\t' read -ra v <<< "$line"
	show
done
end_scenario
