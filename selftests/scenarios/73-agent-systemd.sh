#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumblerd.service and tumblerd-commands.service, started by systemd itself, as they are
# installed: each has its own rights and no more; clients are served, commands are run; a
# restart by the very connection that it serves cuts nothing, and what is killed or hangs is
# started anew, and no close-command is lost by that, or run twice.
# Runs: stock
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"
. "$(dirname "$0")/../lib/systemd.sh"

NOTED=/var/noted
LOG=/var/log/tumblerd.log

# through COMMAND...: by ssh, which goes through tumbler
through()
{
	on client ssh -q -n -F none -i /tmp/ssh/user -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null \
		-o "ProxyCommand=env HOME=/tmp/user tumbler --connect ssh %h %p 2>> /tmp/client" \
		root@10.0.0.1 "$@"
}

# soon UNIT LINE...: what would take long
soon()
{
	local directory=/etc/systemd/system/$1.service.d

	shift
	mkdir -p "$directory"
	printf '%s\n' '[Service]' "$@" > "$directory/soon.conf"
}

furnish()
{
	systemd_furnish knockctl tumblerd
	must mkdir -p /tmp/user /var/log
	echo daemon:x:1:1::/:/bin/sh >> /etc/passwd
	must kept modprobe xt_knock
	must kept knockctl add-door ssh --opens none --agent 8676 --open-for 1h
	must kept knockctl add-door fw --opens none
	kept knockctl add-key ssh alice --once --host 10.0.0.1 > /tmp/profile
	must on client env HOME=/tmp/user tumbler import /tmp/profile
	cat > /etc/tumblerd.conf <<-END
		[common]
		log = $LOG

		[door ssh]
		forward = 127.0.0.1:22
		user = daemon
		command = /bin/sh -c 'echo "\$KNOCK_MOMENT \$(id -u)" >> $NOTED'
		close-command = /bin/sh -c 'echo "\$KNOCK_MOMENT \$(id -u)" >> $NOTED'

		[door fw]
		command = iptables -I INPUT -p tcp -s %IP% --dport 2222 -j ACCEPT
		close-command = iptables -D INPUT -p tcp -s %IP% --dport 2222 -j ACCEPT

		[door-own]
		secret = a-secret-of-the-article
		command = /bin/sh -c 'id -u >> $NOTED'
	END
	chmod 600 /etc/tumblerd.conf
	tumblerd --check > /tmp/checked 2>&1 || bail "$(cat /tmp/checked)"
	soon tumblerd RestartSec=1
	soon tumblerd-commands RestartSec=1
	: > "$NOTED"
	chmod 666 "$NOTED"
}

# active UNIT: systemd heard that it is ready
active()
{
	sctl is-active --quiet "$1"
}

# is_up: both, when INIT is not known yet
is_up()
{
	INIT=$(first_process 2> /dev/null) && [ -n "$INIT" ] && active tumblerd &&
		active tumblerd-commands
}

# main UNIT: its process, by the number it has here; others are of clients and commands
main()
{
	local process

	while read -r process; do
		grep -qsz '^--[a-z]*-commands$' "/proc/$process/cmdline" && echo "$process"
	done 2> /dev/null < "$CGROUP/system.slice/$1.service/cgroup.procs"
}

# status UNIT FIELD: of /proc/PID/status
status()
{
	awk -v field="$2:" '$1 == field { print $2 }' "/proc/$(main "$1")/status"
}

# noted MOMENT COUNT: a command has noted that so often
noted()
{
	[ "$(grep -c "^$1 " "$NOTED")" = "$2" ]
}

# closed N: no grant lives, and what N grants have opened was undone
closed()
{
	kept knockctl close ssh 10.0.0.2 > /dev/null
	must wait_until 30 "the close-command is run" noted ended "$1"
}

starts()
{
	check "tumblerd.service is enabled" systemctl enable knock tumblerd
	systemd_boot "both units are ready" is_up
	INIT=$(first_process)
	check_eq "commands have a process of their own" "--no-commands --only-commands" \
		"$(for unit in tumblerd tumblerd-commands; do
			tr '\0' '\n' < "/proc/$(main "$unit")/cmdline" | tail -n 1; done | xargs)"
	check_eq "status sees both" "running run" \
		"$(inside knockctl --json status | tr -d ' \n' |
			sed 's/.*"tumblerd":"\([^"]*\)","commands":"\([^"]*\)".*/\1 \2/')"
	check_eq "the door of the article's form is made" 3 \
		"$(inside knockctl --json doors | grep -c '"name"')"
}

# denied UNIT PATH: it cannot write there
denied()
{
	! nsenter -t "$(main "$1")" --mount -- touch "$2" 2> /dev/null
}

hardened()
{
	local path

	# KILL, SETGID, SETUID, NET_BIND_SERVICE and NET_ADMIN; without BIND_SERVICE, with NET_RAW.
	check_eq "tumblerd has no more rights than it needs" "00000000000014e0 00000000000014e0" \
		"$(status tumblerd CapBnd) $(status tumblerd CapEff)"
	check_eq "nor have commands" "00000000000030e0 00000000000030e0" \
		"$(status tumblerd-commands CapBnd) $(status tumblerd-commands CapEff)"
	check_eq "and get none" "1 1" \
		"$(status tumblerd NoNewPrivs) $(status tumblerd-commands NoNewPrivs)"
	check_eq "system calls are filtered" "2 2" \
		"$(status tumblerd Seccomp) $(status tumblerd-commands Seccomp)"
	for path in /etc /usr /var /var/lib; do
		check "tumblerd cannot write to $path" denied tumblerd "$path/written"
	done
	check_not "but where numbers are kept" denied tumblerd /var/lib/knock/written
	check "commands cannot write to /usr" denied tumblerd-commands /usr/written
	check_not "but to /var" denied tumblerd-commands /var/written
	check_eq "who looks at tumblerd's /proc sees processes alone" "" \
		"$(nsenter -t "$(main tumblerd)" --mount -- ls /proc/modules 2> /dev/null)"
}

serves()
{
	expect_tcp "the agent is silent before a knock" silent client 10.0.0.1 8676
	check_eq "ssh goes through" hallo "$(through echo hallo)"
	check_eq "and nothing was wrong" "" "$(cat /tmp/client)"
	check "the command is run" wait_until 20 "it was" noted opened 1
	closed 1
	check_eq "and the close-command, as who the file says" "opened 1 ended 1" "$(xargs < "$NOTED")"
	check_eq "numbers were handed out" 17 \
		"$(sed -n 's/^handed \([0-9]*\) .*/\1/p' /var/lib/knock/once/????????????????)"
	check_eq "what happened is logged once" "1 1" \
		"$(grep -c ' opened: door ssh' "$LOG") $(grep -c ' closed: door ssh' "$LOG")"
	check "and what was run" grep -q 'close-command of door ssh .* ended with status 0' "$LOG"
}

# has_rules COUNT: so many rules of the firewall were made by commands
has_rules()
{
	[ "$(on server iptables -S INPUT | grep -c -- '-s 10.0.0.3/32 -p tcp -m tcp --dport 2222')" = "$1" ]
}

# By who has no other way in than what is restarted.
restarts()
{
	local agent commands

	agent=$(main tumblerd) commands=$(main tumblerd-commands)
	check_eq "who restarts it through it goes on" "still there" \
		"$(through "until [ \$(grep -c '^opened ' $NOTED) = 2 ]; do :; done
			nsenter -t $INIT --mount --pid --net -- systemctl restart tumblerd &&
			echo still there")"
	check "tumblerd is another process, and ready" is_another tumblerd "$agent"
	check "and so is who runs commands" is_another tumblerd-commands "$commands"
	closed 2
	check_eq "the next knock and hand-over work" hallo "$(through echo hallo)"
	closed 3
}

# is_another UNIT PROCESS: systemd has started it anew
is_another()
{
	[ "$(main "$1")" != "$2" ] && active "$1"
}

# What commands of the article and knockd's did. The grant ends while nobody hears it.
killed_commands()
{
	local agent commands

	must kept knockctl open fw 10.0.0.3
	check "a command may change the firewall" wait_until 20 "it did" has_rules 1
	agent=$(main tumblerd) commands=$(main tumblerd-commands)
	must kill -KILL "$commands"
	must kept knockctl close fw 10.0.0.3
	check "who runs commands is started anew" \
		wait_until 30 "it is" is_another tumblerd-commands "$commands"
	check "and what is to be undone is" wait_until 20 "it is" has_rules 0
	check_eq "the agent did not notice" "$agent" "$(main tumblerd)"
}

killed()
{
	local before

	mkfifo /tmp/hold
	through "echo there; cat /tmp/hold" > /tmp/through &
	must wait_until 30 "the agent serves" grep -q there /tmp/through
	must wait_until 20 "the command is run" noted opened 4
	before=$(main tumblerd)
	must kill -KILL "$before"
	check "tumblerd is started anew" wait_until 30 "it is" is_another tumblerd "$before"
	echo hallo > /tmp/hold
	wait "$!"
	check_eq "the connection went on" "there hallo" "$(xargs < /tmp/through)"
	closed 4
	check_eq "and the next is served" hallo "$(through echo hallo)"
	closed 5
}

hangs()
{
	local before

	soon tumblerd RestartSec=1 WatchdogSec=7
	must sctl daemon-reload
	must sctl restart tumblerd
	before=$(main tumblerd)
	must kill -STOP "$before"
	check "one that hangs is started anew" wait_until 40 "it is" is_another tumblerd "$before"
	check_eq "each command was run once" "5 5 1 1" \
		"$(grep -c '^opened 1$' "$NOTED") $(grep -c '^ended 1$' "$NOTED") $(
			grep -c ' command of door fw .* ended with status 0' "$LOG") $(
			grep -c ' close-command of door fw .* ended with' "$LOG")"
}

stops()
{
	must sctl stop tumblerd
	check_eq "who stops it stops who runs commands" "inactive" "$(sctl is-active tumblerd-commands)"
	check_eq "its doors are gone, others are not" "ssh fw" \
		"$(inside knockctl --json doors | sed -n 's/.*"name": "\([a-z]*\)".*/\1/p' | xargs)"
}

need_module
[ -x /usr/lib/systemd/systemd ] || skip_all "the guest has no systemd"
plan 39
net_setup
typed_furnish
start_sshd server
fw_drop server ssh
furnish
run_stage "start" starts
run_stage "hardened" hardened
run_stage "serving" serves
run_stage "restarted" restarts
run_stage "commands killed" killed_commands
run_stage "killed" killed
run_stage "hanging" hangs
run_stage "stopped" stops
systemd_off
end_scenario
