#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# knock.service, started by systemd itself: doors before any interface; what is wrong is
# said on the console and leaves all closed; reload and stop end no grant; when the host goes
# down in an orderly way, no ban or grant is lost and no number of a once key.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/typed.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/systemd.sh"

SSH=/etc/knock/doors/ssh.conf

# The last is what a service of ifupdown or systemd-networkd is for the order of things.
furnish()
{
	local units=/etc/systemd/system

	systemd_furnish knockctl
	cat > "$units/interfaces.service" <<-'END'
		[Unit]
		DefaultDependencies=no
		Wants=network.target
		After=local-fs.target network-pre.target
		Before=network.target
		[Service]
		Type=oneshot
		RemainAfterExit=yes
		ExecStart=/bin/bash /tmp/interfaces
	END
	cat > /tmp/interfaces <<-'END'
		{
			ip -o link show dev eth0 | grep -o 'state [A-Z]*'
			knockctl --json doors | sed -n 's/.*"name": "\([a-z]*\)".*/\1/p'
		} > /tmp/found.part 2>&1
		ip link set eth0 up
		mv /tmp/found.part /tmp/found
	END
	ln -s ../interfaces.service "$units/multi-user.target.wants/"
	# Whoever does not wait for the doors is first.
	mkdir "$units/knock.service.d"
	cat > "$units/knock.service.d/slow.conf" <<-'END'
		[Service]
		ExecStartPre=-/bin/sh -c "[ ! -d /sys/module/xt_knock ] || touch /tmp/loaded"
		ExecStartPre=-/usr/bin/timeout 2 sh -c "until [ -e /tmp/found ]; do sleep 0.03; done"
	END
}

# configure: two doors, and the rules of recipes/boot-nftables.rst
configure()
{
	must kept modprobe xt_knock
	must kept knockctl add-door ssh --opens tcp/22 --open-for 1h --mark 0x100/0x100
	must kept knockctl add-door web --opens tcp/80 --mark 0x100/0x100
	SECRET=$(kept knockctl add-key ssh alice --type tumbler --skew 2 |
		awk '$1 == "secret" { print $2 }')
	must kept knockctl add-key ssh carol --once
	SEQ_SECRET=$(awk '$0 == "[key carol]" { on = 1 } on && $1 == "secret" { print $3 }' "$SSH" |
		base64 -d | xxd -p -c 32)
	sed -n '/nftables.conf <</,/^    END/{/server#/d;/^    END/d;s/^    //;p}' \
		/Documentation/recipes/boot-nftables.rst > /etc/nftables.conf
	must grep -q 'policy drop' /etc/nftables.conf
	cp "$SSH" /tmp/ssh.conf
}

# power_on: until the interfaces are up; there is no module, no rule, and no network
power_on()
{
	rm -f /tmp/found /tmp/loaded
	must ip -n server link set eth0 down
	kept nft flush ruleset
	must rmmod xt_knock
	systemd_boot "the interfaces are up" test -e /tmp/found
}

# when UNIT PROPERTY: in microseconds since the boot, 0 for not yet
when()
{
	sctl show --value -p "$2" "$1"
}

# since_ms TIME: that long since the boot it is
since_ms()
{
	[ "$(now_ms)" -ge "$1" ]
}

# settled: doors and grants, but for what is of the moment
settled()
{
	inside knockctl --json doors
	inside knockctl --json grants | sed 's/, "until.*//'
}

boots()
{
	local loaded before up

	check "it is enabled" systemctl enable knock nftables interfaces
	power_on
	check_eq "the doors are there before the interface is up" \
		"state DOWN ssh web" "$(xargs < /tmp/found)"
	check "the module was there before knock.service, by modules-load.d" test -e /tmp/loaded
	loaded=$(when knock.service ActiveEnterTimestampMonotonic)
	before=$(when network-pre.target ActiveEnterTimestampMonotonic)
	up=$(when interfaces.service ExecMainStartTimestampMonotonic)
	diag "knock $loaded, network-pre $before, interfaces $up"
	check "by the order of systemd: doors, network-pre.target, interfaces" \
		[ "$loaded" -gt 0 -a "$loaded" -le "$before" -a "$before" -le "$up" ]
	must wait_until 20 "the LAN carries packets" on server ping -c 1 -W 1 10.0.0.2
	expect_tcp "it is closed" silent client 10.0.0.1 22
	# A minute whose knocks cannot be replays: begun after the load and the key's skew.
	must wait_until 30 "the guard is over" since_ms $((loaded / 1000 + 4000))
	clock_second 1
	assert_reason "a knock opens" "duplicate=2 opened=1" on client tumbler --open "tumbler://$SECRET@10.0.0.1/"
	expect_tcp "the door it is for" open client 10.0.0.1 22
}

reloads()
{
	local before

	expect_tcp "a service that no door opens" silent client 10.0.0.1 2222
	sed -i 's,^opens = tcp/22$,opens = tcp/22\,tcp/2222,' "$SSH"
	check "reload takes a change" sctl reload knock
	expect_tcp "for the grant that is there, too" refused client 10.0.0.1 2222
	before=$(settled)
	echo "colour = red" >> "$SSH"
	check_not "reload of what is wrong fails" sctl reload knock
	console "the console says where" "$SSH:$(grep -n colour "$SSH" | cut -d : -f 1): \`colour' is no word"
	check_eq "and the unit stays as it was" active "$(sctl is-active knock)"
	check_eq "so do doors and grants" "$before" "$(settled)"
	check "stop" sctl stop knock
	check_eq "leaves doors and grants" "$before" "$(settled)"
	expect_tcp "who was let in stays in" open client 10.0.0.1 22
	systemd_off
}

broken()
{
	power_on
	check_eq "no door is there, but the interface comes" "state DOWN" "$(cat /tmp/found)"
	check_eq "the unit failed" failed "$(sctl is-active knock)"
	console "the console says where" "$SSH:$(grep -n colour "$SSH" | cut -d : -f 1): \`colour' is no word"
	console "and what it means" "what is wrong must be mended first, nothing was changed"
	console "systemd says which unit" "Failed to start"
	must wait_until 20 "the LAN carries packets" on server ping -c 1 -W 1 10.0.0.2
	expect_tcp "it is closed" silent client 10.0.0.1 22
	cp /tmp/ssh.conf "$SSH"
	check "once mended it starts" sctl start knock
	check_eq "with all doors" 2 "$(inside knockctl --json doors | grep -c '"name"')"
}

# kept_numbers: what is used and armed of the once key, and who is banned
kept_numbers()
{
	inside knockctl --json keys | sed -n 's/.*"name": "carol".*"number": \([0-9]*\), "armed": \([0-9]*\).*/\1 \2/p'
	inside knockctl --json blacklist | sed -n 's/.*"address": "\([^"]*\)", "kind": "ban".*/\1/p'
}

shut_down()
{
	local number stands

	# Crashes were before, each of which passed over what was armed.
	number=$(($(kept_numbers | head -n 1 | cut -d " " -f 1) + 1))
	stands="$number $((number + 3)) 10.0.0.3"
	assert_reason "a number of a once key opens" "opened=1 step=7" once "$number" --avoid 22,8675
	assert_reason "who repeats it is banned" "replay=1 step=7" \
		steps other --once "$SEQ_SECRET" --number "$number" --address 10.0.0.2 --avoid 22,8675
	must sctl restart knock
	check_not "a restart saves nothing" test -e /var/lib/knock/bans
	check_eq "it arms" "$stands" "$(kept_numbers | xargs)"
	must sctl start --no-block --job-mode=replace-irreversibly poweroff.target
	systemd_is_off
	check "the host goes down, and saves" test -e /var/lib/knock/bans
	power_on
	check_eq "it comes up: none was passed over, who was banned is" "$stands" \
		"$(kept_numbers | xargs)"
	expect_tcp "who was in is in" open client 10.0.0.1 22
}

missing()
{
	must sctl stop knock
	must kept rmmod xt_knock
	must rm "/lib/modules/$(uname -r)/updates/xt_knock.ko"
	must depmod
	check_not "without the module it fails" sctl start knock
	console "the console says which" "Module xt_knock not found"
	console "and what it means" "the kernel module is not loaded"
	expect_tcp "it is closed" silent client 10.0.0.1 22
	systemd_off
	must insmod "$KNOCK_KO"
}

need_module
[ -x /usr/lib/systemd/systemd ] || skip_all "the guest has no systemd"
plan 36
net_setup
typed_furnish
start_sshd server
furnish
configure
run_stage "a boot" boots
run_stage "reload and stop" reloads
run_stage "a boot with a wrong word" broken
run_stage "an orderly stop" shut_down
run_stage "a start without the module" missing
end_scenario
