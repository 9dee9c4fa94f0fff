#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A key of a passphrase: the URL that add-key prints and the passphrase open its door;
# a weak one is refused.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

need_module
plan 4
net_setup
must kctl add-door ssh --opens tcp/22 --volatile
cmd_fail "a weak passphrase" 1 "the passphrase looks guessable" \
	kctl add-key ssh alice --type tumbler --stretch --volatile - <<< "one two three"
umask 077
echo "correct horse battery staple" > /tmp/passphrase
url=$(kctl --json add-key ssh alice --type tumbler --stretch --volatile \
	--secret-file /tmp/passphrase | sed -n 's/.*"url": "\([^"]*\)".*/\1/p')
check_eq "a URL with a salt" "tumbler://HOST/?stretch=" "${url%??????????????????????}"
check_eq "the key has no guard, since it is new" null \
	"$(kctl --json keys | sed -n 's/.*"accepted_from": \([a-z]*\).*/\1/p')"
assert_reason "it opens" "duplicate=2 opened=1" \
	on client tumbler --secret-file /tmp/passphrase --open "${url/HOST/10.0.0.1}"
end_scenario
