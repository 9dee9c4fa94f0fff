# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A scenario that is a page of Documentation/, with what is typed there: what it has one
# type is typed as it is printed, and prints what the page says. Brings with it the other
# libraries that such a one takes.
here=$(dirname "${BASH_SOURCE[0]}")
. "$here/ktap.sh"
. "$here/net.sh"
. "$here/knock.sh"
. "$here/typed.sh"

# page_typed PAGE WANT [HOST [COMMAND...]]: "opened=2" is all that became of its knocks,
# but for copies, those a guard refused, and where sequences are what connections are beside
# them (no_step), on $STATUS_HOST; ssh leads to the server, or
# to `inner' behind it; COMMAND prepares what the page takes for granted
page_typed()
{
	local page=$1 want=$2 host=${3-server}

	shift 2
	need_module
	typed_begin "$page"
	plan $((TYPED_LINES + 1))
	net_setup
	[ "$host" = server ] || net_inner
	typed_furnish
	start_sshd "$host"
	"${@:2}"
	typed_page
	check_eq "nothing else became of a knock" "$want" \
		"$(reasons | xargs -n 1 | grep -v -e ^duplicate= -e ^guard= -e ^no_step= | xargs)"
	end_scenario
}
