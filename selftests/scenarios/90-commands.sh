#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumblerd runs commands when doors open and close: once each, without a shell, as who it
# was told to, not for ever and not for many words; and no door needs it.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/agent.sh"

NOTED=/tmp/noted
JOURNAL=/tmp/journal
READY=/tmp/ready

# What journald would get, and systemd: both take datagrams.
listen_to_agent()
{
	mkdir -p /run/systemd/journal
	nc -klUu /run/systemd/journal/socket > "$JOURNAL" &
	nc -klUu "$READY.socket" > "$READY" &
	must wait_until 10 "both sockets are there" test -S /run/systemd/journal/socket -a -S "$READY.socket"
}

# noted LINE: how often a command noted that
noted()
{
	grep -c -x -F -e "$1" "$NOTED"
}

has_noted()
{
	[ "$(noted "$1")" -ge 1 ]
}

# Only words: each argument between < and >, one line a call.
furnish()
{
	cat > /tmp/note <<-'END'
		#!/bin/sh
		printf '%s\n' "$(printf '<%s>' "$@")$KNOCK_IP,$KNOCK_NAME,$KNOCK_KEY,$KNOCK_MOMENT" >> /tmp/noted
	END
	chmod 755 /tmp/note
	: > "$NOTED"
	must kctl add-door ssh --opens tcp/22 --open-for 1h
	must kctl add-door short --opens tcp/23 --open-for 1s
	must kctl add-door bare --opens none
	must kctl add-door hang --opens none
	must kctl add-door flood --opens none
	must kctl add-door gone --opens none
	must kctl add-door undo --opens none
	must kctl add-door noise --opens none --max-grants 4000
	new_key ssh alice
	cat > "$CONF" <<-'END'
		[common]
		time-limit = 20s

		[door ssh]
		command = /tmp/note %IP% %NAME% "%KEY%"
		  'a;touch /tmp/evil $(touch /tmp/evil) | "' \`touch\ /tmp/evil\`
		close-command = /tmp/note %IP% %NAME%

		[door short]
		close-command = /tmp/note "%IP% and %KEY%"

		[door bare]
		command = /bin/sh -c 'env; ls -l /proc/self/fd; cut -d " " -f 1,5,6 /proc/$$/stat; pwd; id -u; id -G'
		user = nobody

		[door hang]
		command = /bin/sh -c 'trap "" TERM; sleep 7777'
		time-limit = 1s

		[door flood]
		command = /usr/bin/yes this is too much

		[door undo]
		close-command = /bin/sh -c 'echo begins; sleep 1; echo >> /tmp/undone'

		[door gone]
		command = /tmp/vanishes
	END
	touch /tmp/vanishes
	chmod 755 /tmp/vanishes
}

runs()
{
	local line="<10.0.0.2><ssh><alice><a;touch /tmp/evil \$(touch /tmp/evil) | \"><\`touch /tmp/evil\`>10.0.0.2,ssh,alice,opened"

	assert_reason "a knock opens" "duplicate=2 opened=1" knock client "$SECRET"
	check "its command is run" wait_until 10 "it was" has_noted "$line"
	must says "command of door ssh for 10.0.0.2: ended with status 0"
	check_eq "it notes who knocked, and no shell saw it" "$line" "$(cat "$NOTED")"
	check "what is closed has a close-command" kctl close ssh 10.0.0.2
	check "which is run" wait_until 10 "it was" has_noted "<10.0.0.2><ssh>10.0.0.2,ssh,alice,ended"
	must kctl open short 10.0.0.3
	check "and what expires" wait_until 10 "it was" has_noted "<10.0.0.3 and >10.0.0.3,short,,ended"
	must says "close-command of door short for 10.0.0.3: ended with status 0"
	check_eq "each ran once" 3 "$(wc -l < "$NOTED")"
	check_not "nothing that looked like one was a shell's" test -e /tmp/evil
}

# fields KIND: those of the first such event in the journal, and what follows it there
fields()
{
	tr '\n' ' ' < "$JOURNAL" | sed 's/KNOCK_EVENT=/\n&/g' |
		grep "^KNOCK_EVENT=$1 " | head -n 1
}

journals()
{
	check_eq "the journal gets fields" \
		"KNOCK_EVENT=opened KNOCK_DOOR=ssh KNOCK_KEY=alice KNOCK_ADDRESS=10.0.0.2 KNOCK_CAUSE=knock" \
		"$(fields opened | sed -E -e 's/KNOCK_GRANT=[0-9]+ //' -e 's/ KNOCK_UNTIL=.*//')"
	check_eq "also of what expires" "KNOCK_EVENT=expired KNOCK_DOOR=short KNOCK_ADDRESS=10.0.0.3" \
		"$(fields expired | sed -E -e 's/ KNOCK_GRANT=.*//')"
	check "and of commands" grep -q '^KNOCK_COMMAND=close-command$' "$JOURNAL"
	check "systemd hears that it is ready" grep -q READY=1 "$READY"
	check "and goes on" wait_until 15 "it does" grep -q WATCHDOG=1 "$READY"
}

bare()
{
	local said

	must kctl open bare 10.0.0.2
	must says "command of door bare for 10.0.0.2: ended with status 0"
	said=$(sed -n 's/^tumblerd: command of door bare for 10.0.0.2: says: //p' "$SAID")
	check_eq "a command has an environment of its own" \
		"KNOCK_IP KNOCK_KEY KNOCK_MOMENT KNOCK_NAME PATH PWD" \
		"$(grep -o '^[A-Z_]*=' <<< "$said" | grep -v -e SHLVL -e OLDPWD | tr -d = | sort | xargs)"
	# That of ls itself is closed when it looks where they lead.
	check_eq "no descriptor of tumblerd's" "0 1 2" \
		"$(grep -o '[0-9]* -> ' <<< "$said" | sed 's/ ->//' | sort -n | xargs)"
	check "and no input" grep -q '0 -> /dev/null' <<< "$said"
	check_eq "it is in /, and whom it was told to be" "/ 65534 65534" "$(tail -n 3 <<< "$said" | xargs)"
}

none_sleeps()
{
	! pgrep_sleep
}

pgrep_sleep()
{
	grep -lqsz -x 7777 /proc/[0-9]*/cmdline
}

ends()
{
	must kctl open hang 10.0.0.2
	check "a command that hangs is asked to end" says "door hang for 10.0.0.2: .* asked to end"
	check "and then killed" says "door hang for 10.0.0.2: .* it is killed"
	check "which is logged" says "door hang for 10.0.0.2: ended by signal 9"
	check "with all that it started" wait_until 10 "none is left" none_sleeps
	must kctl open flood 10.0.0.2
	check "a command that floods is ended" says "door flood for 10.0.0.2: ended by signal"
	check_eq "and so much of it is logged" 256 "$(grep -c "says: this is too much" "$SAID")"
	rm /tmp/vanishes
	must kctl open gone 10.0.0.2
	check "one that cannot be started is logged" says "door gone for 10.0.0.2: cannot be started: No such file"
	touch /tmp/vanishes
	chmod 755 /tmp/vanishes
}

all_noted()
{
	local i

	for i in {1..9}; do
		has_noted "$(line_of "$i")" || return
	done
}

line_of()
{
	echo "<10.9.0.$1><ssh><><a;touch /tmp/evil \$(touch /tmp/evil) | \"><\`touch /tmp/evil\`>10.9.0.$1,ssh,,opened"
}

# A few thousand events do not fit into the socket, of which not one is read.
loses()
{
	local i again=

	kill -STOP "$AGENT"
	must on server nlmany grant noise 60 10.20.0.0 3000
	for i in {1..9}; do
		must kctl open ssh "10.9.0.$i"
	done
	must kctl close ssh 10.9.0.1
	kill -CONT "$AGENT"
	check "that events are lost is noticed" says "events came faster than they were read"
	# Of this one all was lost.
	must kctl open ssh 10.9.0.1
	check "and all commands are run" wait_until 60 "they are" all_noted
	must wait_until 20 "none is run any more" settled
	for i in {1..9}; do
		[ "$(noted "$(line_of "$i")")" = 1 ] || again+=" $i"
	done
	check_eq "each of them once" "" "$again"
}

settled()
{
	[ "$(grep -c "^tumblerd: command of door ssh for 10.9.*ended" "$SAID")" = \
		"$(grep -c "^<10.9.*,opened$" "$NOTED")" ]
}

dies()
{
	local before

	before=$(wc -l < "$NOTED")
	stop_agent KILL
	clock_second 1
	assert_reason "no door needs tumblerd" "duplicate=2 opened=1" knock client "$SECRET"
	check_eq "and without it nothing is run" "$before" "$(wc -l < "$NOTED")"
	start_agent
	must kctl close ssh 10.0.0.2
	check "what it finds open it sees to the end" wait_until 10 "it does" ended_twice
	stop_agent
	check_eq "SIGTERM ends it" 0 $?
	check_eq "for good" "" "$(pidof tumblerd)"
}

# noted_times LINE N: that often, at least
noted_times()
{
	[ "$(noted "$1")" -ge "$2" ]
}

# opens_by_hand N: its command is the Nth that ended since tumblerd was started
opens_by_hand()
{
	must kctl open ssh 10.0.0.2
	must says "^tumblerd: command of door ssh for 10.0.0.2: ended with status 0" "$1"
}

# What a command let in would stay in, if nobody undid it.
owes()
{
	local line="<10.0.0.2><ssh>10.0.0.2,ssh,,ended"

	start_agent
	opens_by_hand 1
	stop_agent KILL
	must kctl close ssh 10.0.0.2
	check_eq "killed: nobody runs the close-command" 0 "$(noted "$line")"
	start_agent
	check "the next tumblerd does" wait_until 10 "it does" noted_times "$line" 1
	opens_by_hand 1
	stop_agent
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	must kctl load
	start_agent
	check "also when the machine went down with it" wait_until 10 "it does" noted_times "$line" 2
	must says "close-command of door ssh for 10.0.0.2: ended with status 0"
	stop_agent KILL
	start_agent
	must kctl open short 10.0.0.4
	must wait_until 10 "it is at work" has_noted "<10.0.0.4 and >10.0.0.4,short,,ended"
	check_eq "and none a second time" 2 "$(noted "$line")"
	stop_agent
}

# undone N: so often what was done for somebody was undone
undone()
{
	[ "$(wc -l < /tmp/undone)" = "$1" ]
}

# Nobody would undo what half an undoing left.
restarted()
{
	: > /tmp/undone
	start_agent
	must kctl open undo 10.0.0.5
	must kctl close undo 10.0.0.5
	must says "says: begins"
	must kctl open undo 10.0.0.5
	must kctl close undo 10.0.0.5
	must says "^tumblerd: closed: door undo" 2
	stop_agent
	check_eq "SIGTERM ends it, but for a close-command that runs" "0 1" "$? $(wc -l < /tmp/undone)"
	check "it tells of the one that waits" \
		says "1 close-commands had to wait, and are run when tumblerd runs again"
	start_agent
	check "which is run then" wait_until 10 "it is" undone 2
	stop_agent
}

ended_twice()
{
	[ "$(noted "<10.0.0.2><ssh>10.0.0.2,ssh,alice,ended")" = 2 ]
}

# since_ms TIME: that long since the boot it is
since_ms()
{
	[ "$(now_ms)" -ge "$1" ]
}

has_rule()
{
	on server iptables -S INPUT | grep -q -x -e "-A INPUT -s 10.0.0.2/32 -p tcp -m tcp --dport 22 -j ACCEPT"
}

has_no_rule()
{
	! has_rule
}

article()
{
	local made

	cat > "$CONF" <<-'END'
		# Comments start with #
		[common]
		    port = 8675
		    log  = /tmp/tumblerd.log

		[door-open-ssh]
		    secret  = open-pAsSwOrD
		    command = /usr/sbin/iptables -A INPUT -p tcp -s %IP% --dport 22 -j ACCEPT

		[door-close-ssh]
		    secret  = close-pAsSwOrD
		    command = /usr/sbin/iptables -D INPUT -p tcp -s %IP% --dport 22 -j ACCEPT
	END
	cmd_fail "a file with secrets that others can read" 1 "chmod 600" tumblerd --config "$CONF" --check
	chmod 600 "$CONF"
	check "the article's file is right" tumblerd --config "$CONF" --check
	must on server iptables -P INPUT DROP
	start_agent
	made=$(now_ms)
	must wait_until 30 "the guard is over" since_ms $((made + 7000))
	clock_second 1
	assert_reason "a knock as the article has it" "duplicate=2 opened=1" \
		on client tumbler --open tumbler://open-pAsSwOrD@10.0.0.1:8675/
	check "iptables has the rule" wait_until 10 "it has" has_rule
	expect_tcp "so the port answers" refused client 10.0.0.1 22
	assert_reason "the other knock" "duplicate=2 opened=1" \
		on client tumbler --open tumbler://close-pAsSwOrD@10.0.0.1:8675/
	check "takes it away" wait_until 10 "it does" has_no_rule
	expect_tcp "and nothing answers" silent client 10.0.0.1 22
	check "the log has it" grep -q "Z opened: door open-ssh, key tumblerd, address 10.0.0.2" /tmp/tumblerd.log
	stop_agent KILL
	start_agent
	stop_agent
	check_eq "what a killed one left does not hinder it" 0 $?
	check_not "and it takes its doors away" eval 'kctl --json doors | grep -q open-ssh'
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 50
net_setup
legacy_where_watched
listen_to_agent
furnish
start_agent
run_stage "commands" runs
run_stage "what is logged" journals
run_stage "what a command gets" bare
run_stage "too long, too much" ends
run_stage "lost events" loses
run_stage "killed" dies
run_stage "what is owed" owes
run_stage "a restart" restarted
run_stage "the article's file" article
end_scenario
