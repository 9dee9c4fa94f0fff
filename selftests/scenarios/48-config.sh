#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Sequence keys by knockctl: kept in files, brought back by load with what was used of
# them, replaced only where they differ, rotated; and their numbers stay with their secret.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

KEPT=/etc/netns/server/knock
SSH=$KEPT/doors/ssh.conf
ONCE=/var/lib/knock/once
AVOID=22,8675

# numbers_of KEY: the file that has them
numbers_of()
{
	echo "$ONCE/$(key_row "$1" fingerprint)"
}

# ports_of N ROTATED: of that number, from what rotate printed
ports_of()
{
	awk -v n="$1" '$1 == n { print $2 }' <<< "$2"
}

# knock_static PORTS: from the client
knock_static()
{
	steps client --static "$1"
}

# settings: all that is configured in the module
settings()
{
	kctl --json doors | sed 's/"grants": [0-9]*//'
	kctl --json keys | grep -o '"door".*' | sed 's/,$//' | sort | sed 's/"fingerprint": "[0-9a-f]*", //; s/"accepted_from": [^,]*//; s/"used": [^,]*//'
}

statics()
{
	check "static: its profile" grep -qx 'ports = 42,196,69' \
		<(kctl add-key ssh walk --static 42,196,69 | tee /tmp/printed)
	check "it is said that it can be replayed" grep -q 'whoever sees this sequence once' /tmp/printed
	assert_reason "it opens" "opened=1 step=2" knock_static 42,196,69
	grant_ends
	must kctl add-key ssh shut --static 77,76/udp,78 --action close --within 20s
	assert_reason "another closes" "nothing_open=1 step=2" knock_static 77,76/udp,78
	cmd_fail "two steps are weak" 1 "fewer than 3 steps, so a scan completes it by chance, and whoever sees" \
		kctl add-key ssh weak --static 43,41
	cmd_fail "what a scan completes is weak" 1 "completed by a scan" \
		kctl add-key ssh weak --static 41,43,80
	check "but can be meant so" kctl add-key ssh weak --static 41,43,80 --weak
	cmd_fail "the beginning of another" 1 "is the same, or one of them begins with the other" \
		kctl add-key ssh twin --static 42,196,69,12
	cmd_fail "no port" 2 "ports from 1 to 65535" kctl add-key ssh none --static 42,0
}

onces()
{
	kctl add-key ssh alice --once --host server.example > /tmp/printed
	check_eq "once: sixteen sequences, and never the secret" "type = once host = server.example steps = 8 avoid = 22,8675 16 0" \
		"$(grep -xE 'type = once|host = .*|steps = 8|avoid = .*' /tmp/printed | xargs) $(grep -c '^sequence = ' /tmp/printed) $(grep -c '^secret' /tmp/printed)"
	SEQ_SECRET=$(seq_secret alice)
	check_eq "three are good" "once 0 3" "$(key_row alice kind number armed)"
	check_eq "on the disk that is written" "handed 16 mark 3 used -" \
		"$(cut -d ' ' -f 1-6 "$(numbers_of alice)")"
	assert_reason "the second opens" "opened=1 step=7" once 2 --avoid "$AVOID"
	check_eq "and is used" "once 2 3" "$(key_row alice kind number armed)"
	check_eq "load has others be good in its place" "once keys armed in the place of used numbers: 1" \
		"$(kctl load | tail -n 1)"
	check_eq "on the disk first" "once 2 5 handed 16 mark 5 used -" \
		"$(key_row alice kind number armed) $(cut -d ' ' -f 1-6 "$(numbers_of alice)")"
	check_eq "and then nothing more" "nothing to change" "$(kctl load)"
	grant_ends
	must kctl add-key ssh brief --once --volatile
	check_eq "one in no file: all are good, and nothing is written" "once 0 16 no" \
		"$(key_row brief kind number armed) $([ -e "$(numbers_of brief)" ] || echo no)"
	cmd_fail "and it is not rotated" 1 "its secret is not known here" kctl rotate ssh brief
	must kctl del-key ssh brief --volatile
}

deriveds()
{
	kctl add-key ssh dora --derived --location 60.17,24.94 --slot 1h --ahead 2 > /tmp/printed
	check_eq "derived: its profile" "type = derived avoid = 22,8675 location = 60.17,24.94 slot = 1h" \
		"$(grep -xE '(type|avoid|location|slot) = .*' /tmp/printed | xargs)"
	dora()
	{
		steps client --derived "$(seq_secret dora)" --counter "$1" --slot 3600 \
			--location 60.17,24.94 --avoid "$AVOID"
	}
	clock_second 10
	armed()
	{
		steps client --derived "$(seq_secret dora)" --counter 0 --slot 3600 --order 1 \
			--location 60.17,24.94 --avoid "$AVOID"
		[ "$(reason step)" -gt "$steps" ]
	}
	steps=$(reason step)
	must wait_until 10 "its heads are made" armed
	assert_reason "it opens" "opened=1 step=6 step_again=1" dora 0
	check_eq "its slot and counter are shown" "derived 0 null $(($(date +%s) / 3600))" \
		"$(key_row dora kind number armed slot)"
	check_eq "among the old ones as well" "0 $(($(date +%s) / 3600))" \
		"$(kctl --json old | sed -n 's/.*"key": "dora".*"number": \([0-9]*\).*"slot": \([0-9]*\).*/\1 \2/p')"
	grant_ends
}

round_trip()
{
	local before

	before=$(settings)
	check_eq "check likes what is kept" "nothing is wrong: doors 1, keys 5" "$(kctl check)"
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	check_eq "load brings it back" \
		"doors: 1 added, 0 changed, 0 deleted; keys: 5 added, 0 replaced, 0 deleted" \
		"$(kctl load | head -n 1)"
	# Nobody knows how many of the three that were armed had been used.
	check_eq "all of it, but that what was armed is used" \
		"$(sed 's/"number": 2, "armed": 5/"number": 5, "armed": 8/; s/"number": 0, "armed": null, "slot": [0-9]*/"number": null, "armed": null, "slot": null/' <<< "$before")" \
		"$(settings)"
	check_eq "equal keys are known again" "nothing to change" "$(kctl load)"
	assert_reason "a used number opens nothing" "no_step=8" once 2 --avoid "$AVOID"
	assert_reason "nor one that may have been used" "no_step=8" once 5 --avoid "$AVOID"
	assert_reason "the one after these does" "opened=1 step=7" once 6 --avoid "$AVOID"
	grant_ends
}

differences()
{
	must kctl load
	must kctl set-door ssh --opens tcp/22,tcp/2000 --blacklist-for 1h
	check_eq "a key keeps what it avoids when the door opens more" "nothing to change avoid = 22,8675" \
		"$(kctl load | grep nothing) $(sed -n '/^\[key alice/,/^secret/s/^\(avoid .*\)/\1/p' "$SSH")"
	sed -i '/^\[key alice\]/,/^secret/s/^within = .*/within = 20s/' "$SSH"
	check_eq "a key that differs is replaced" \
		"doors: 0 added, 0 changed, 0 deleted; keys: 0 added, 1 replaced, 0 deleted" "$(kctl load)"
	check_eq "without a number lost, since that was no crash" "6 9" "$(key_row alice number armed)"
	assert_reason "what was used stays so" "no_step=8" once 6 --avoid "$AVOID"
	sed -i 's/^static = 42,196,69/static = 42,196,70/' "$SSH"
	check_eq "so is a static one" \
		"doors: 0 added, 0 changed, 0 deleted; keys: 0 added, 1 replaced, 0 deleted" "$(kctl load)"
	assert_reason "it opens" "opened=1 step=2" knock_static 42,196,70
	grant_ends
	cp "$SSH" /tmp/kept.conf
	must kctl del-key ssh alice
	check_not "a deleted key opens nothing" opens once 7 --avoid "$AVOID"
	must cp /tmp/kept.conf "$SSH"
	must kctl load
	check_eq "brought back from a copy it has used what it had" "6 9" "$(key_row alice number armed)"
	sed -i 's/^\[key alice\]/[key anna]/' "$SSH"
	must kctl load
	check_eq "under another name, too" "6 9" "$(key_row anna number armed)"
	must mv "$SSH" /tmp/kept.conf
	must kctl load
	must mv /tmp/kept.conf "$SSH"
	sed -i 's/^\[key anna\]/[key alice]/' "$SSH"
	must kctl load
	check_eq "and when its door was gone meanwhile" "6 9" "$(key_row alice number armed)"
	must kctl del-door ssh
	check_not "a deleted door has no file" test -e "$SSH"
}

# opens COMMAND...: whether that opens the door
opens()
{
	local before

	before=$(reason opened)
	"$@"
	[ "$(reason opened)" -gt "$before" ]
}

rotation()
{
	local printed i

	must kctl add-door ssh --opens tcp/22 --open-for 1h --blacklist-for 1h
	must kctl add-key ssh alice --once --depth 8
	must kctl add-key ssh una --once --unbound --depth 8
	SEQ_SECRET=$(seq_secret alice)
	assert_reason "used" "opened=1 step=7" once 3 --avoid "$AVOID"
	USED_AT=$(($(now_ms) + 5500))
	printed=$(kctl rotate ssh alice --source 10.0.0.2)
	check_eq "rotate prints all that may be lost, and one more" "4 5 6 7 8 9" \
		"$(awk '/^[0-9]/ { print $1 }' <<< "$printed" | xargs)"
	check "and which are good" grep -q 'opens from number 4 on: good now are those up to 6,' <<< "$printed"
	check_eq "they are, and that is written" "3 6 handed 9 mark 6 used -" \
		"$(key_row alice number armed) $(cut -d ' ' -f 1-6 "$(numbers_of alice)")"
	grant_ends
	assert_reason "by hand they open" "opened=1 step=7" knock_static "$(ports_of 4 "$printed")"
	grant_ends
	check_eq "for tumbler they are secrets" "6 $(kctl enrol ssh alice | grep '^sequence = [5-9] ' | sort)" \
		"$(kctl rotate ssh alice | grep -c '^sequence = ') $(kctl rotate ssh alice | grep '^sequence = [5-9] ' | sort)"
	check_eq "for programs as well" "5 7" \
		"$(kctl --json rotate ssh alice | sed -n 's/.*"number": \(5\), "armed": \([0-9]*\), "secret": "[^"]*", "ports": null.*/\1 \2/p')"
	for i in 1 2 3; do
		kctl rotate ssh alice > /tmp/printed
	done
	check_eq "never more than is deep" 8 "$(grep -c '^sequence = ' /tmp/printed)"
	printed=$(kctl rotate ssh una)
	assert_reason "one that is bound to nobody opens from anywhere" "opened=1 step=7" \
		steps other --static "$(ports_of 1 "$printed")"
	must kctl close ssh 10.0.0.3
	cmd_fail "nobody has no numbers" 1 "has a key nobody of door ssh" kctl rotate ssh nobody
	wait_until 10 "5 s are over" is_past
	assert_reason "a replay" "replay=1 step=7" once 3 --avoid "$AVOID"
	check "bans for as long as the door says" grep -q \
		"\"10.0.0.2\", \"kind\": \"ban\", \"until\": \"$(date -u -d "@$(($(date +%s) + 3595))" +%Y-%m-%dT%H:)" \
		<(kctl --json blacklist)
	check "why says it" grep -q 'sequence of the once key alice of the door ssh' <(kctl why 10.0.0.2)
	must kctl unblock --all
}

is_past()
{
	[ "$(now_ms)" -gt "$USED_AT" ]
}

lost()
{
	local file

	must kctl load
	file=$(numbers_of alice)
	echo torn > "$file"
	check_eq "numbers are damaged, but the module knows them" "nothing to change" "$(kctl load)"
	check_eq "so they are written anew" "handed 7 mark 7 used -" "$(cut -d ' ' -f 1-6 "$file")"
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	echo torn > "$file"
	check_eq "nobody knows them: the key is left out, and no other" \
		"knockctl: key alice of door ssh is left out: what was used of it is not known" \
		"$(kctl load 2>&1 > /dev/null | cut -d , -f 1)"
	check_eq "the others are there" "una" "$(kctl --json keys | sed -n 's/.*"name": "\([a-z]*\)".*/\1/p')"
	check_not "it opens nothing" opens once 5 --avoid "$AVOID"
	rm "$file"
	check_eq "so it is where they are lost" "knockctl: key alice of door ssh is left out" \
		"$(kctl load 2>&1 > /dev/null | cut -d : -f 1,2)"
	cmd_fail "rotate does not help" 1 "knockctl load" kctl rotate ssh alice
	# A key that somebody else has made is new when it comes first.
	sed -i '/^\[key alice\]/,/^secret/{/^generated/d}' "$SSH"
	check "but one that was made elsewhere has none at first" kctl load
	check_eq "it begins" "0 3" "$(key_row alice number armed)"
	assert_reason "it opens" "opened=1 step=7" once 1 --avoid "$AVOID"
}

# A full disk keeps once keys out, and no others: the server would be deaf.
full_disk()
{
	must kctl add-key ssh walk --static 42,196,69
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	must mkdir -p "$ONCE"
	must mount -t tmpfs -o ro none "$ONCE"
	check_eq "numbers cannot be written, which is said" \
		"knockctl: numbers of once keys cannot be written to $ONCE: Read-only file system; make room there; until then all once keys are left out" \
		"$(kctl load 2>&1 > /dev/null)"
	check_eq "the others are there" "walk" "$(kctl --json keys | sed -n 's/.*"name": "\([a-z]*\)".*/\1/p')"
	must umount "$ONCE"
	check_eq "mended, they come" "doors: 0 added, 0 changed, 0 deleted; keys: 2 added, 0 replaced, 0 deleted" \
		"$(kctl load)"
	must mount -t tmpfs -o ro none "$ONCE"
	cmd_fail "those that are there stay as they are" 1 "nothing was changed" kctl load
	cmd_fail "and no new one comes" 1 "cannot be" kctl add-key ssh late --once
	must umount "$ONCE"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 69
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "static" statics
run_stage "once" onces
run_stage "derived" deriveds
run_stage "round trip" round_trip
run_stage "differences" differences
run_stage "rotate" rotation
run_stage "numbers that are lost" lost
run_stage "a full disk" full_disk
end_scenario
