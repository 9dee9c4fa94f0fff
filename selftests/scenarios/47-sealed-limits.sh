#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Keys of either type are taken from the prefixes of --from alone, and until --not-after;
# the files keep both; and what cannot be said of a sealed key is refused in a sentence.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

export HOME=/tmp/home
LIMITED=(--from "2001:db8::/126,10.0.0.2" --not-after 2026-11-23T12:40:00Z)

# imported KEY: its profile, under its name
imported()
{
	kctl enrol ssh "$1" --host 10.0.0.1 | on client tumbler import - --name "$1" > /dev/null
}

limits()
{
	set_clock "2026-11-23 12:30:05"
	must kctl add-key ssh sealed --type sealed "${LIMITED[@]}"
	must kctl add-key ssh tumbler --type tumbler "${LIMITED[@]}"
	must imported sealed
	must imported tumbler
	check_eq "they are listed" '2 ["10.0.0.2","2001:db8::/126"],"not_after":"2026-11-23T12:40:00Z"' \
		"$(kctl --json keys | tr -d ' ' | grep -o '\["10.*Z"' | uniq -c | sed 's/^ *//')"
	assert_reason "sealed, from where it may" "duplicate=2 opened=1" on client tumbler --open sealed
	assert_reason "tumbler" "duplicate=2 opened=1" on client tumbler --open tumbler
	assert_reason "sealed, from elsewhere" from=3 on other tumbler --open sealed
	assert_reason "tumbler" from=3 on other tumbler --open tumbler
	check_eq "why says so" from "$(kctl --json why 10.0.0.3 | json_text reason)"
	set_clock "2026-11-23 12:41:05"
	# The first one may come before the hints of that time.
	must on client tumbler --open sealed
	assert_reason "sealed, too late" not_after=3 on client tumbler --open sealed
	assert_reason "tumbler" not_after=3 on client tumbler --open tumbler
	check_eq "load knows them again" "nothing to change" "$(kctl load)"
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	must kctl load
	check_eq "and brings them back" 2 "$(kctl --json keys | grep -c '2001:db8::/126.*12:40:00Z')"
}

# refused NAME STATUS TEXT OPTION...: add-key, and no key comes of it
refused()
{
	cmd_fail "$1" "$2" "$3" kctl add-key ssh bad "${@:4}"
}

refusals()
{
	refused "roaming, without an agent" 1 "has no agent" --type sealed --roaming
	refused "roaming, of the module alone" 1 "needs an agent" --type sealed --roaming --volatile
	refused "roaming, but not sealed" 2 "only a sealed key" --type tumbler --roaming
	refused "an action" 2 "opens and closes" --type sealed --action open
	refused "a passphrase" 2 "no passphrase" --type sealed --stretch
	refused "a short secret" 1 "base64 of 32 bytes" --type sealed - <<< "c2hvcnQ="
	refused "a secret that can be guessed" 1 "guessable" --type sealed - \
		<<< "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
	refused "no public key" 2 "tumbler pubkey" --type sealed --public-key AAAA
	refused "a public key that is none" 1 "no good one" --type sealed \
		--public-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	refused "two secrets" 2 "one secret" --type sealed --generate \
		--public-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	refused "a public key of no file" 2 "--volatile" --type sealed --volatile \
		--public-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	refused "a tumbler key's public key" 2 "no public key" --type tumbler \
		--public-key AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
	refused "a prefix" 2 "bits set" --type sealed --from 10.0.0.1/8
	refused "too many" 2 "more than 16" --type sealed --from "$(printf '10.0.0.%s,' {1..16})10.0.0.17"
	refused "a day that is none" 2 "is no time" --type sealed --not-after 2026-02-30
	refused "a time that is past" 2 "is past" --type sealed --not-after 2026-01-01
	refused "a host" 2 "no name or address" --type sealed --host a/b
	check_eq "none is left" 2 "$(kctl --json keys | grep -c '"name"')"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 28
net_setup
must kctl add-door ssh --opens tcp/22
run_stage "limits" limits
run_stage "refusals" refusals
end_scenario
