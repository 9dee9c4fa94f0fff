#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Who may administer: nobody without CAP_NET_ADMIN, not even to read; the root of
# another user namespace his own network namespaces and no others, nor hear of what
# happens there; and not even that with the module parameter userns=0.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# as_nobody COMMAND...: on the server, with no capability
as_nobody()
{
	on server setpriv --reuid 65534 --regid 65534 --clear-groups -- "$@"
}

# as_root_elsewhere COMMAND...: nobody, but root of a user namespace of his own
# with a network namespace of his own
as_root_elsewhere()
{
	on server setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		unshare --user --map-root-user --net -- "$@"
}

# as_root_here COMMAND...: the same, but in the server's network namespace
as_root_here()
{
	on server setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		unshare --user --map-root-user -- "$@"
}

unprivileged()
{
	local words

	for words in doors keys grants status "add-door new --opens any" "set-door ssh --open-for 1s" \
		"del-door ssh" "add-key ssh new --type tumbler" "del-key ssh alice" \
		"open ssh 10.0.0.2" "close ssh 10.0.0.3" monitor; do
		# shellcheck disable=SC2086 # words of a command
		cmd_fail "$1 may not: knockctl $words" 1 "not permitted" \
			"$1" timeout 20 knockctl $words
	done
}

as_nobody_may_not()
{
	unprivileged as_nobody
}

as_root_here_may_not()
{
	unprivileged as_root_here
}

state()
{
	kctl --json doors
	kctl --json keys
	kctl --json grants | sed 's/"until".*//'
}

# His own doors, keys and grants, from his user namespace.
cat > /tmp/own.sh <<'OWN'
knockctl()
{
	command knockctl --config /tmp/own --state /tmp/own/state "$@"
}
knockctl add-door mine --opens tcp/22 || exit
knockctl add-key mine k --type tumbler > /dev/null || exit
knockctl open mine 192.0.2.1 > /dev/null || exit
echo "$(knockctl --json doors | grep -c name) $(knockctl --json keys | grep -c name) $(knockctl --json grants | grep -c door)"
knockctl del-door mine
OWN

own()
{
	check_eq "root elsewhere: his own, and only his own" "1 1 1" "$(as_root_elsewhere sh /tmp/own.sh 2>&1)"
	as_root_elsewhere sh -c 'knockctl add-door ssh --opens any --volatile &&
		timeout 8 knockctl --json monitor' > /tmp/heard 2> /tmp/heard.err &
	must wait_until 10 "he listens" grep -q listening /tmp/heard.err
	must kctl open ssh 192.0.2.9
	must kctl close ssh 192.0.2.9
	wait $!
	check_eq "and hears nothing of the server's" "" "$(cat /tmp/heard)"
}

parameter()
{
	local file=/sys/module/xt_knock/parameters/userns

	check_eq "userns is on unless set" Y "$(cat "$file")"
	echo 0 > "$file"
	cmd_fail "with userns=0 he is refused" 1 "userns=0" \
		as_root_elsewhere knockctl add-door mine --opens tcp/22 --volatile
	cmd_fail "listings as well" 1 "userns=0" as_root_elsewhere knockctl doors
	check "the first user namespace is not" kctl status
	echo 1 > "$file"
	check_eq "on again" "1 1 1" "$(as_root_elsewhere sh /tmp/own.sh 2>&1)"
}

need_module
plan 32
net_setup
[ "$(as_root_elsewhere id -u 2> /dev/null)" = 0 ] || bail "no user namespaces for users here"
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_key ssh alice
must kctl open ssh 10.0.0.3
before=$(state)
run_stage "without privileges" as_nobody_may_not
run_stage "root of another user namespace, here" as_root_here_may_not
check_eq "nothing was changed" "$before" "$(state)"
run_stage "root of another user namespace, there" own
run_stage "the parameter" parameter
end_scenario
