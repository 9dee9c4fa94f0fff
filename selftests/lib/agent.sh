# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# tumblerd on the host `server', or $AGENT_ON. Wants ktap.sh and net.sh.

CONF=/tmp/tumblerd.conf
SAID=/tmp/said

# For commands that delete rules, in this scenario's mounts: how nf_tables of 6.1 looks for
# such a rule is reported by a kernel that watches itself, which is none of ours.
legacy_where_watched()
{
	[ -e /sys/kernel/debug/kmemleak ] || return 0
	must mount --bind /usr/sbin/xtables-legacy-multi /usr/sbin/xtables-nft-multi
}

# start_agent [OPTION...]: with $CONF, until it listens; by the program $AGENT_BY, if that is set
# shellcheck disable=SC2120 # some callers have options
start_agent()
{
	: > "$SAID"
	NOTIFY_SOCKET=${READY:+$READY.socket} become "${AGENT_ON:-server}" ${AGENT_BY:+"$AGENT_BY"} tumblerd --config "$CONF" "$@" 2> "$SAID" &
	AGENT=$!
	wait_until 10 "tumblerd listens" grep -q '^listening$' "$SAID" || bail "$(cat "$SAID")"
}

# stop_agent [SIGNAL]: the exit status
stop_agent()
{
	kill "-${1:-TERM}" "$AGENT"
	wait "$AGENT" 2> /dev/null
}

# says PATTERN [COUNT]: that many lines of what it logs match, within 10 s, at least
says()
{
	wait_until "${3:-10}" "it logs $1" logged "$1" "${2:-1}" && return
	diag "it logged:" "$(tail -n 30 "$SAID")"
	return 1
}

logged()
{
	[ "$(grep -c -E -e "$1" "$SAID")" -ge "$2" ]
}
