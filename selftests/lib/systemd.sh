# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# systemd as it boots in a container: process 1 of namespaces of its own, on the host
# `server', with the units as they are installed. Its console is a terminal whose other end
# writes $CONSOLE. Wants ktap.sh, net.sh and typed.sh.

CONSOLE=/tmp/console
CGROUP=/tmp/cgroup/boot

# kept COMMAND...: on the server, with the /etc/knock that it boots with
kept()
{
	nsenter --net=/run/netns/server -- "$@"
}

# inside COMMAND...: as somebody who is logged in there
inside()
{
	nsenter -t "$INIT" --mount --pid --net -- "$@"
}

sctl()
{
	inside systemctl "$@"
}

first_process()
{
	cat "$CGROUP"/init.scope/cgroup.procs
}

# systemd_furnish PROGRAM...: what it finds; the programs are in /usr/local/sbin
systemd_furnish()
{
	local units=/etc/systemd/system program

	# As on a host that has booted before, or systemd would enable all there is.
	echo 0123456789abcdef0123456789abcdef > /etc/machine-id
	must mkdir -p "$units"/{sysinit,sockets,multi-user}.target.wants /tmp/cgroup
	must mount -t cgroup2 none /tmp/cgroup
	ln -s /usr/lib/systemd/system/systemd-{journald,modules-load}.service \
		"$units/sysinit.target.wants/"
	ln -s /usr/lib/systemd/system/systemd-journald{,-dev-log}.socket "$units/sockets.target.wants/"
	ln -s /usr/lib/systemd/system/multi-user.target "$units/default.target"
	for program; do
		ln -s "/usr/bin/$program" /usr/local/sbin/
	done
	cat > /tmp/init <<-'END'
		mount --bind "$(tty)" /dev/console
		mount -t tmpfs -o mode=755 none /run
		mount -t cgroup2 none /sys/fs/cgroup
		mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
		exec env -i container=guest PATH=/usr/sbin:/usr/bin /usr/lib/systemd/systemd
	END
}

# systemd_boot WHAT COMMAND...: until COMMAND succeeds; $INIT is its first process then
systemd_boot()
{
	: > "$CONSOLE"
	must mkdir -p "$CGROUP"
	# shellcheck disable=SC2016 # for the inner shell
	nsenter --net=/run/netns/server -- sh -c 'echo $$ > "$0/cgroup.procs" && exec script -q -f -c "
		exec unshare --mount --uts --cgroup --pid --fork --kill-child --mount-proc \
		bash /tmp/init" "$1"' "$CGROUP" "$CONSOLE" < /dev/null > /tmp/script.out 2>&1 &
	wait_until 120 "$@" || {
		INIT=$(first_process)
		diag "$(cat "$CONSOLE")" "$(sctl --no-pager --full status '*.service' 2>&1)"
		bail "systemd does not boot"
	}
	INIT=$(first_process)
}

systemd_off()
{
	kill -KILL "$INIT"
	systemd_is_off
}

systemd_is_off()
{
	wait_until 30 "it is off" systemd_is_empty || bail "processes of the boot are left"
	find "$CGROUP" -mindepth 1 -depth -type d -exec rmdir {} +
}

systemd_is_empty()
{
	grep -qx 'populated 0' "$CGROUP/cgroup.events"
}

# console NAME TEXT: a line of the console has it
console()
{
	wait_until 10 "the console says: $2" grep -qF -- "$2" "$CONSOLE" && { ok "$1"; return; }
	not_ok "$1" "$(tr -d '\r' < "$CONSOLE")"
}
