# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# A page of Documentation/, typed: every line with the prompt of a host (`server#',
# `client$') as it is printed there, and what it prints compared with what the page
# says, "..." being anything. Lines of `root#' are what no guest can do.
# Wants ktap.sh, net.sh and knock.sh.

TYPED_SECRET=''

# typed_furnish: what a fresh Debian has and the guest has not, all of it gone with
# the namespace; the module is there to be loaded
typed_furnish()
{
	must cp -a /etc /tmp/etc
	must mount --bind /tmp/etc /etc
	printf '%s\n' '10.0.0.1 server.example' '2001:db8::1 server.example' \
		'10.1.0.2 inner.example' '2001:db8:1::2 inner.example' >> /etc/hosts
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

# typed_items PAGE: as lines "HOST<TAB>COMMAND", each followed by what it prints.
# A command with <<'END' goes on until END; its lines are joined by \1.
typed_items()
{
	awk '
	function flush() { if (command != "") print host "\t" command; command = "" }
	document { text = substr($0, 5); command = command "\1" text
		   if (text == "END") { document = 0; flush() } next }
	/^    [a-z]+[#$] / {
		host = $1; sub(/[#$]$/, "", host)
		command = $0; sub(/^    [a-z]*[#$] /, "", command)
		shown = 1
		if (command ~ /<<.END.$/) { document = 1; next }
		flush(); next
	}
	/^    / { if (shown) print "\t" substr($0, 5); next }
	{ shown = 0 }
	END { print "end\tend" }' "$1"
}

# typed_squeezed TEXT: columns are as wide as what is in them, so their width is nothing
typed_squeezed()
{
	tr -d '\r' <<< "$1" | sed -e 's/[ 	][ 	]*/ /g' -e 's/^ //'
}

# typed_matches WANT GOT: "..." is anything, also several lines
typed_matches()
{
	local pattern got

	pattern=$(typed_squeezed "$1" | sed -e 's/[[*?\\]/\\&/g' -e 's/\.\.\./*/g')
	got=$(typed_squeezed "$2")
	pattern=${pattern//$'*\n'/'*'}
	# shellcheck disable=SC2053 # a pattern
	[[ $got == $pattern ]]
}

# typed_secret COMMAND: of a key that was just made; the page calls it SECRET
typed_secret()
{
	local secret

	secret=$(awk '$1 == "secret" { print $2 }' /tmp/said)
	case $1 in
	*"--secret-file"*) ;;
	*add-key*) TYPED_SECRET=$secret ;;
	esac
}

# typed_line HOST COMMAND WANT: one result
typed_line()
{
	local host=$1 command=$2 want=$3 name status got

	name="$host: $(cut -d $'\1' -f 1 <<< "$command")"
	command=${command//$'\1'/$'\n'}
	command=${command//SECRET/$TYPED_SECRET}
	on "$host" bash -c "$command" > /tmp/said 2>&1 < /dev/null
	status=$?
	got=$(cat /tmp/said)
	typed_secret "$command"
	if ! typed_matches "$want" "$got"; then
		not_ok "$name" "the page says: $want
it says:       $got"
	elif [ "$status" -ne 0 ] && [ -z "$want" ]; then
		not_ok "$name" "it failed with status $status, and the page does not say so"
	else
		ok "$name"
	fi
}

# typed_begin PAGE: ends the scenario where the guest has it not; how many results its
# lines will give is in $TYPED_LINES
typed_begin()
{
	[ -f "/Documentation/$1" ] || skip_all "the guest has no /Documentation/$1"
	typed_items "/Documentation/$1" > /tmp/items
	# shellcheck disable=SC2034 # for the plan
	TYPED_LINES=$(grep -c -v -e '^	' -e '^root' -e '^end' /tmp/items)
}

# typed_page: an item is typed when the next begins, since then its output is known
typed_page()
{
	local line host command at='' typed='' want=''

	while IFS= read -r line; do
		host=${line%%$'\t'*} command=${line#*$'\t'}
		if [ -z "$host" ]; then
			want+=${want:+$'\n'}$command
			continue
		fi
		case $at in ''|root) ;; *) typed_line "$at" "$typed" "$want" ;; esac
		at=$host typed=$command want=
	done < /tmp/items
}
