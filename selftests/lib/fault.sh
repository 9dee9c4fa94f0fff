# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# knockctl on the server, killed, or with an error, at each call that changes anything.
# Wants ktap.sh, net.sh and knock.sh.

# shellcheck disable=SC2034 # for those who source it
CONFIG=/etc/netns/server/knock
# The file on its way, and what is asked of the module.
CALLS="write fsync rename renameat unlink unlinkat sendmsg"

# struck FAULT CALL N WORD...: knockctl WORD..., with FAULT at its Nth such call; good if
# there was none. What it said is in /tmp/said.
struck()
{
	# With a filter it stops at no other calls, which makes it several times as fast,
	# but sends no signals.
	local filter=(-f --seccomp-bpf)

	[[ $1 != signal=* ]] || filter=()
	inhost --etc server strace -qq "${filter[@]}" -o /tmp/calls -e "trace=$2" \
		-e "inject=$2:$1:when=$3" knockctl "${@:4}" > /tmp/said 2>&1 &&
		! grep -q INJECTED /tmp/calls
}

# calls_of WORD...: those that knockctl WORD... makes, a line each
calls_of()
{
	inhost --etc server strace -qq -f --seccomp-bpf -o /tmp/calls -e "trace=${CALLS// /,},recvmsg" \
		knockctl "$@" > /dev/null 2>&1
	sed -n 's/^[0-9]* *\([a-z]*\)(.*/\1/p' /tmp/calls
}

# at_each FAULT PREPARE JUDGE WORD...: PREPARE, then knockctl WORD... with FAULT at another
# call, then JUDGE; calls where it fails are in $BAD, how many there were in $POINTS
at_each()
{
	local calls=$CALLS made call n many

	# Whoever is killed waiting for an answer was killed behind his question.
	[ "$1" = signal=KILL ] || calls+=" recvmsg"
	BAD='' POINTS=0
	"$2"
	made=$(calls_of "${@:4}")
	for call in $calls; do
		many=$(grep -c -x "$call" <<< "$made")
		for ((n = 1; n <= many; n++)); do
			"$2"
			# It makes the same again, or there is a call that was not tried.
			struck "$1" "$call" "$n" "${@:4}" 2> /dev/null && BAD+=" no $call $n"
			POINTS=$((POINTS + 1))
			"$3" || BAD+=" $call $n"
		done
	done
}

# a_door: a door with two keys, for as_before
a_door()
{
	must kctl add-door ssh --opens tcp/22
	must kctl add-key ssh alice --type tumbler
	must kctl add-key ssh bob --type sealed
	must cp -p "$CONFIG/doors/ssh.conf" /tmp/ssh.conf
}

# as_before: that door alone, in its file and in the module
as_before()
{
	rm -f "$CONFIG"/doors/* "$CONFIG"/doors/.[!.]*
	must cp -p /tmp/ssh.conf "$CONFIG/doors/ssh.conf"
	must kctl load
}

# settled: load has nothing to do, and nothing half done lies about
settled()
{
	[ "$(kctl load)" = "nothing to change" ] &&
		[ -z "$(find "$CONFIG" -name '*.new' -o -name '*.old')" ]
}
