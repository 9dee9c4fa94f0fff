#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Netlink requests with something changed at random, fifty thousand in a kernel that
# watches itself: it answers each, reports nothing, loses no memory, and works afterwards.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

MESSAGES=${MESSAGES:-$([ "$GUEST_KERNEL" = stock ] && echo 5000 || echo 50000)}
SEED=${SEED:-$((RANDOM * 32768 + RANDOM + 1))}

# Whatever came to be meanwhile.
del_doors()
{
	local door

	kctl --json doors | grep -o '"name": *"[^"]*"' | cut -d '"' -f 4 > /tmp/doors
	while read -r door; do
		must kctl del-door "$door" --volatile
	done < /tmp/doors
}

need_module
plan 5
net_setup
diag "seed $SEED"
check "all are answered" on server nlfuzz "$MESSAGES" "$SEED"
done_of=$(on server nlfuzz 2000 "$SEED")
diag "of two thousand: $done_of"
check "some are done, and more refused" test "$(sum_of "$done_of" "done")" -gt 50 -a \
	"$(sum_of "$done_of" refused)" -gt 500
del_doors
must kctl unblock --all
check_eq "all doors can be deleted" "[]" "$(kctl --json doors | tr -d ' \n')"
must kctl add-door ssh --opens tcp/22
new_key ssh alice
assert_reason "and a door opens" "duplicate=2 opened=1" knock client "$SECRET"
check_eq "for whom it should" 1 "$(status_number grants)"
end_scenario
