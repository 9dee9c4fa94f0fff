#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Secrets that were sent and removed are nowhere in the guest's memory, nor are those of
# requests that were refused. With a module that does not wipe them they are found.
# The debug kernel keeps what was freed (KASAN's quarantine); in Debian's it is overwritten
# at once, whether it was wiped or not.
# Runs: debug
# Wants: search
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

SEARCH=/dev/ttyS2
SEED=$((RANDOM * 32768 + RANDOM + 1))
# Where the numbers of the secrets of each kind begin, and how many there are.
declare -A FIRST=([deleted]=0 [door]=12 [namespace]=16 [file]=20 [refused]=22 \
		   [loaded]=30) \
	COUNT=([deleted]=12 [door]=4 [namespace]=4 [file]=2 [refused]=8 [loaded]=1)
REMOVED="deleted door namespace file loaded"
ALL=31
CONFIG=/etc/netns/server/knock/doors/loaded.conf
BEFORE_SECRET=$'[door]\nopens = tcp/81\n[key k30]\ntype = tumbler\nsecret = '

# found: the numbers of the secrets that are in memory, in $FOUND
found()
{
	local verdict

	echo "search $SEED $ALL" >&3
	read -r verdict FOUND <&3
	FOUND=${FOUND%$'\r'}
	[ "$verdict" = found ] || bail "the memory could not be searched: see the host's log"
}

# found_of KIND: how many of those that were found are of a kind
found_of()
{
	local n count=0

	for n in $FOUND; do
		[ "$n" -lt "${FIRST[$1]}" ] || [ "$n" -ge $((FIRST[$1] + COUNT[$1])) ] ||
			count=$((count + 1))
	done
	echo "$count"
}

# of_each HOST DOOR FIRST COUNT: so many keys of each type
of_each()
{
	local type first=$3

	for type in tumbler sealed once derived; do
		must on "$1" nlsecret "$SEED" add "$2" "$type" "$first" "$4"
		first=$((first + $4))
	done
}

# The pages of a file are memory, too: written and wiped in their place.
of_file()
{
	local n

	printf %064d 0 > /tmp/secret
	must chmod 600 /tmp/secret
	for n in 20 21; do
		must on server nlsecret "$SEED" write /tmp/secret 0 $n
		must kctl add-key ssh "k$n" --volatile --type tumbler --weak --secret-file /tmp/secret
		must on server nlsecret "$SEED" wipe /tmp/secret 0
	done
}

# From a file of the configuration, whose base64 is hex digits.
of_load()
{
	must mkdir -p "${CONFIG%/*}"
	printf '%s%064d\n' "$BEFORE_SECRET" 0 > "$CONFIG"
	must chmod 600 "$CONFIG"
	must on server nlsecret "$SEED" write "$CONFIG" ${#BEFORE_SECRET} 30
	must kctl load
}

# load without the key. What load keeps of it is wiped in its place, too.
of_load_removed()
{
	local kept

	must on server nlsecret "$SEED" wipe "$CONFIG" ${#BEFORE_SECRET}
	kept=$(echo /var/lib/knock/applied.*/loaded.conf)
	must dd if=/dev/zero of="$kept" bs=4096 count=1 conv=notrunc
	printf '[door]\nopens = tcp/81\n' > "$CONFIG"
	must kctl load
}

send_all()
{
	of_each server ssh "${FIRST[deleted]}" 3
	of_each server other "${FIRST[door]}" 1
	must ip netns add short
	must on short knockctl add-door ssh --opens tcp/22 --volatile
	of_each short ssh "${FIRST[namespace]}" 1
	of_file
	check_eq "bad requests are refused" "${COUNT[refused]}" \
		"$(on server nlsecret "$SEED" refused ssh "${FIRST[refused]}")"
	# One that proves nothing: each tumbler key is tried, and its secret hashed.
	assert_reason "they are used" "unproved=1" send client "$(printf %064d 0)"
}

remove_all()
{
	local n

	for ((n = 0; n < COUNT[deleted]; n++)); do
		must on server nlkey ssh "k$n"
	done
	for n in 20 21; do
		must kctl del-key ssh "k$n" --volatile
	done
	must kctl del-door other --volatile
	must ip netns del short
	of_load_removed
	# What was removed is freed when its last reader has left, and a namespace by a work
	# item: the module waits for both before it goes.
	must rmmod xt_knock
}

judge_wiped()
{
	local kind

	for kind in $REMOVED; do
		check_eq "while they are there they are found: $kind" "${COUNT[$kind]}" "$(found_of "$kind")"
	done
	check_eq "but those that were refused" 0 "$(found_of refused)"
	remove_all
	found
	for kind in $REMOVED refused; do
		check_eq "removed, they are not: $kind" 0 "$(found_of "$kind")"
	done
}

# All that says that the other module wipes.
judge_unwiped()
{
	local kind

	check "refused ones are found" test "$(found_of refused)" -gt 0
	remove_all
	found
	for kind in $REMOVED refused; do
		check "removed, they are found: $kind" test "$(found_of "$kind")" -gt 0
	done
}

need_module
[ "$GUEST_KERNEL" = debug ] || skip_all "the memory of this guest cannot be searched"
[ -c "$SEARCH" ] || skip_all "this guest has no line to who searches its memory"
stty -F "$SEARCH" raw -echo
exec 3<> "$SEARCH"
plan "$([ -n "${UNWIPED:-}" ] && echo 9 || echo 14)"
net_setup
diag "seed $SEED"
# First, since what is in no file does not outlast it.
of_load
must kctl add-door ssh --opens tcp/22 --volatile
must kctl add-door other --opens tcp/80 --knock-port 8676 --volatile
send_all
found
diag "found: $FOUND"
if [ -n "${UNWIPED:-}" ]; then
	judge_unwiped
else
	judge_wiped
fi
end_scenario
