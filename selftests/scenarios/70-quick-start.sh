#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Documentation/quick-start.rst is true: every line with a prompt of server or client
# is typed as it is printed there, and prints what the page says, "..." being anything.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

page=/Documentation/quick-start.rst
open_secret='' close_secret=''

# What a fresh Debian has and this guest has not, all of it gone with the namespace.
furnish()
{
	must cp -a /etc /tmp/etc
	must mount --bind /tmp/etc /etc
	printf '10.0.0.1 server.example\n2001:db8::1 server.example\n' >> /etc/hosts
	echo 'multi on' > /etc/host.conf
	mkdir -p /etc/systemd/system /usr/local/sbin "/lib/modules/$(uname -r)/updates"
	must mount -t tmpfs none /usr/local/sbin
	must mount -t tmpfs none /root
	export HOME=/root
	mkdir /root/.ssh
	cat > /root/.ssh/config <<-END
		IdentityFile /tmp/ssh/user
		StrictHostKeyChecking no
		LogLevel ERROR
	END
	cp /usr/lib/xt_knock.ko "/lib/modules/$(uname -r)/updates/"
	must depmod
	must rmmod xt_knock
}

# items: the page as lines "HOST<TAB>COMMAND", each followed by what it prints.
# A command with <<'END' goes on until END; its lines are joined by \1.
items()
{
	awk '
	function flush() { if (command != "") print host "\t" command; command = "" }
	document { text = substr($0, 5); command = command "\1" text
		   if (text == "END") { document = 0; flush() } next }
	/^    (server#|client\$|root#) / {
		host = $1; sub(/[#$]$/, "", host)
		command = $0; sub(/^    [a-z]*[#$] /, "", command)
		shown = 1
		if (command ~ /<<.END.$/) { document = 1; next }
		flush(); next
	}
	/^    / { if (shown) print "\t" substr($0, 5); next }
	{ shown = 0 }' "$page"
}

# squeezed TEXT: columns are as wide as what is in them, so their width is nothing
squeezed()
{
	tr -d '\r' <<< "$1" | sed -e 's/  */ /g' -e 's/^ //'
}

# matches WANT GOT: "..." is anything, also several lines
matches()
{
	local pattern got

	pattern=$(squeezed "$1" | sed -e 's/[[*?\\]/\\&/g' -e 's/\.\.\./*/g')
	got=$(squeezed "$2")
	pattern=${pattern//$'*\n'/'*'}
	# shellcheck disable=SC2053 # a pattern
	[[ $got == $pattern ]]
}

# note_secret: of a key that was just made
note_secret()
{
	local secret

	secret=$(awk '$1 == "secret" { print $2 }' /tmp/said)
	case $1 in
	*"--secret-file"*) ;;
	*"--action close"*) close_secret=$secret ;;
	*add-key*) open_secret=$secret ;;
	esac
}

# type_line HOST COMMAND WANT
type_line()
{
	local host=$1 command=$2 want=$3 name status got

	name="$host: $(cut -d $'\1' -f 1 <<< "$command")"
	command=${command//$'\1'/$'\n'}
	command=${command//CLOSING-SECRET/$close_secret}
	command=${command//SECRET/$open_secret}
	on "$host" bash -c "$command" > /tmp/said 2>&1 < /dev/null
	status=$?
	got=$(cat /tmp/said)
	note_secret "$command"
	if ! matches "$want" "$got"; then
		not_ok "$name" "the page says: $want
it says:       $got"
	elif [ "$status" -ne 0 ] && [ -z "$want" ]; then
		not_ok "$name" "it failed with status $status, and the page does not say so"
	else
		ok "$name"
	fi
}

# type_page: an item is typed when the next begins, since then its output is known
type_page()
{
	local line host command at='' typed='' want=''

	while IFS= read -r line; do
		host=${line%%$'\t'*} command=${line#*$'\t'}
		if [ -z "$host" ]; then
			want+=${want:+$'\n'}$command
			continue
		fi
		case $at in server|client) type_line "$at" "$typed" "$want" ;; esac
		at=$host typed=$command want=
	done < /tmp/items
}

need_module
[ -f "$page" ] || skip_all "the guest has no $page"
{ items; printf 'end\tend\n'; } > /tmp/items
plan $(($(grep -c -E '^(server|client)' /tmp/items) + 2))
net_setup
furnish
start_sshd server
type_page
check_eq "two opened, as many as were shown" "opened=2" \
	"$(reasons | tr ' ' '\n' | grep '^opened=')"
check "no knock was taken for another's" test "$(reason unproved)" = 0
fw_open server
end_scenario
