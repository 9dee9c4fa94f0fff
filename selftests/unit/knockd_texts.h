/* SPDX-License-Identifier: GPL-2.0 */
/* Files of knockd as people have them, and such as nobody can have. */
#ifndef _UNIT_KNOCKD_TEXTS_H
#define _UNIT_KNOCKD_TEXTS_H

#define OPEN "command = /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n"
#define CLOSE "command = /sbin/iptables -D INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n"

/**
 * struct knockd_text - a file
 * @text: of it
 * @doors: what it becomes, as `NAME SERVICES OPEN-FOR +KEY PORTS WITHIN -KEY PORTS WITHIN'
 *	a line
 * @left_out: how many sequences become no key
 * @notes: some of what is noted, as `LINE: WORDS|LINE: WORDS'
 */
struct knockd_text {
	const char *text;
	const char *doors;
	size_t left_out;
	const char *notes;
};

/* As people have them. */
static const struct knockd_text texts[] = {
	/* As Debian installs it. */
	{ "[options]\n\tUseSyslog\n\n[openSSH]\n\tsequence    = 7000,8000,9000\n"
	  "\tseq_timeout = 5\n\tcommand     = /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "\ttcpflags    = syn\n\n[closeSSH]\n\tsequence    = 9000,8000,7000\n\tseq_timeout = 5\n"
	  "\tcommand     = /sbin/iptables -D INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "\ttcpflags    = syn\n\n[openHTTPS]\n\tsequence    = 12345,54321,24680,13579\n"
	  "\tseq_timeout = 5\n"
	  "\tcommand     = /usr/local/sbin/knock_add -i -c INPUT -p tcp -d 443 -f %IP%\n"
	  "\ttcpflags    = syn\n",
	  "openSSH tcp/22 604800 +openSSH 7000,8000,9000 5 -closeSSH 9000,8000,7000 5\n"
	  "openHTTPS  1 +openHTTPS 12345,54321,24680,13579 5",
	  0, "2: journal|5: scan of all ports|7: iptables -A INPUT -m knock --door openSSH|7: 7d" },
	/* Both protocols, and a command that is taken back. */
	{ "[options]\nlogfile = /var/log/knockd.log\n[opencloseSSH]\n"
	  "sequence      = 2222:udp,3333:tcp,4444:udp\nseq_timeout   = 15\n"
	  "tcpflags      = syn\n"
	  "start_command = /usr/sbin/iptables -A INPUT -s %IP% -p tcp --syn -j ACCEPT\n"
	  "cmd_timeout   = 5\n"
	  "stop_command  = /usr/sbin/iptables -D INPUT -s %IP% -p tcp --syn -j ACCEPT\n",
	  "opencloseSSH tcp/1-65535 5 +opencloseSSH 2222/udp,3333,4444/udp 15",
	  0, "7: the module" },
	/* No --dport without -p: iptables refuses that, so it stays a command. */
	{ "[a]\nsequence = 1,5,3\ncommand = /sbin/iptables -A INPUT -s %IP% --dport 22 -j ACCEPT\n",
	  "a  1 +a 1,5,3 25",
	  0, "1: tumblerd(8)" },
	/* Sequences from a file, and flags that no client of ours sends. */
	{ "[opencloseSMTP]\none_time_sequences = /etc/knockd/smtp_sequences\nseq_timeout = 15\n"
	  "tcpflags = fin,!ack\n"
	  "start_command = /usr/sbin/iptables -A INPUT -s %IP% -p tcp --dport 25 -j ACCEPT\n"
	  "start_command_6 = /usr/sbin/ip6tables -A INPUT -s %IP% -p tcp --dport 25 -j ACCEPT\n"
	  "cmd_timeout = 5\n"
	  "stop_command = /usr/sbin/iptables -D INPUT -s %IP% -p tcp --dport 25 -j ACCEPT\n"
	  "stop_command_6 = /usr/sbin/ip6tables -D INPUT -s %IP% -p tcp --dport 25 -j ACCEPT\n",
	  "opencloseSMTP tcp/25 5",
	  1, "2: knockctl add-key opencloseSMTP KEY --once|5: ip6tables" },
	{ "[a]\nsequence = 1,5,3\ntcpflags = fin,!ack\n" OPEN,
	  "a tcp/22 604800 +a 1,5,3 25",
	  0, "3: tcpflags = fin,!ack is left out" },
	{ "[a]\nsequence = 1,5,3\ntcpflags = syn, !ack\n" OPEN,
	  "a tcp/22 604800 +a 1,5,3 25",
	  0, "" },
	{ "[a]\nsequence = 1,5,3\ntcpflags = !syn\n" OPEN,
	  "a tcp/22 604800 +a 1,5,3 25",
	  0, "3: tcpflags" },
	/* Served ports, two of them, and a place for the rule. */
	{ "[options]\nUseSyslog\nInterface = vmbr0   # the one to the world\nPidFile = /run/knockd.pid\n"
	  "[openSSH]\nsequence = 3389:udp,80:tcp,21:udp,53:tcp,23:udp\nseq_timeout = 5\n"
	  "command = /sbin/iptables -I INPUT 1 -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "[closeSSH]\nsequence = 443:tcp,80:udp\n" CLOSE,
	  "openSSH tcp/22 604800 +openSSH 3389/udp,80,21/udp,53,23/udp 5 -closeSSH 443,80/udp 25",
	  0, "3: interface = vmbr0|4: pidfile|8: iptables -I INPUT|10: fewer than 3" },
	/* What closes stands first, in capitals, with an end of line of another system. */
	{ "[close]\r\nSEQUENCE=9,5,7\r\nCOMMAND=/sbin/iptables -D INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\r\n"
	  "[open]\r\nSequence=5 , 9:TCP , 7 : udp\r\nTimeout=8\r\nStart_Command=iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT",
	  "open tcp/22 604800 +open 5,9,7/udp 8 -close 9,5,7 25",
	  0, "" },
	/* Several ports, matches that say nothing, and a comment. */
	{ "[web]\nsequence = 9,5,7\ncommand = /usr/sbin/iptables -w 5 -I INPUT -s %IP%/32 -p tcp -m state --state NEW,ESTABLISHED -m multiport --dports 80,443,8000:8010 -m comment --comment knock -j ACCEPT\n",
	  "web tcp/80,tcp/443,tcp/8000-8010 604800 +web 9,5,7 25",
	  0, "" },
	{ "[all]\nsequence = 9,5,7\ncommand = iptables -t filter --append FORWARD --source %IP% --jump ACCEPT\n",
	  "all any 604800 +all 9,5,7 25",
	  0, "3: -A FORWARD" },
	{ "[vpn]\nsequence = 9,5,7\nstart_command = iptables -A INPUT -s %IP% -p udp -m udp --dport 51820 -m conntrack --ctstate NEW -j ACCEPT\n"
	  "stop_command = iptables -D INPUT -s %IP% -p udp -m udp --dport 51820 -m conntrack --ctstate NEW -j ACCEPT\n",
	  "vpn udp/51820 10 +vpn 9,5,7 25",
	  0, "" },
	/* Rules that say more than a door can. */
	{ "[a]\nsequence = 9,5,7\ncommand = /sbin/iptables -A INPUT -i eth0 -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "[b]\nsequence = 9,5,8\ncommand = /sbin/iptables -A INPUT -s %IP% -p tcp --dport 22 -j LOG\n"
	  "[c]\nsequence = 9,5,6\ncommand = /sbin/iptables -A INPUT -p tcp --dport 22 -j ACCEPT\n"
	  "[d]\nsequence = 9,5,4\ncommand = /sbin/iptables -t nat -A PREROUTING -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "[e]\nsequence = 9,5,3\ncommand = /sbin/iptables -A INPUT -s %IP% -p tcp ! --dport 22 -j ACCEPT\n"
	  "[f]\nsequence = 9,5,2\ncommand = /sbin/iptables -A INPUT -s %IP% -p tcp --dport ssh -j ACCEPT\n"
	  "[g]\nsequence = 9,5,1\ncommand = /sbin/iptables -A INPUT -s %IP% -m state --state ESTABLISHED -j ACCEPT\n",
	  "a  1 +a 9,5,7 25\n"
	  "b  1 +b 9,5,8 25\n"
	  "c  1 +c 9,5,6 25\n"
	  "d  1 +d 9,5,4 25\n"
	  "e  1 +e 9,5,3 25\n"
	  "f  1 +f 9,5,2 25\n"
	  "g  1 +g 9,5,1 25",
	  0, "" },
	/* Without the protocol that they need, iptables refuses them. */
	{ "[a]\nsequence = 9,5,7\ncommand = iptables -A INPUT -s %IP% --syn -j ACCEPT\n"
	  "[b]\nsequence = 9,5,8\ncommand = iptables -A INPUT -s %IP% -m tcp -j ACCEPT\n"
	  "[c]\nsequence = 9,5,6\ncommand = iptables -A INPUT -s %IP% -m multiport -j ACCEPT\n"
	  "[d]\nsequence = 9,5,4\ncommand = iptables -A INPUT -s %IP% -p udp --syn -j ACCEPT\n"
	  "[e]\nsequence = 9,5,3\ncommand = iptables -A INPUT -s %IP% -p tcp -m udp -m tcp -j ACCEPT\n"
	  "[f]\nsequence = 9,5,2\ncommand = iptables -A INPUT -s %IP% -m tcp -p tcp --dport 22 -j ACCEPT\n",
	  "a  1 +a 9,5,7 25\n"
	  "b  1 +b 9,5,8 25\n"
	  "c  1 +c 9,5,6 25\n"
	  "d  1 +d 9,5,4 25\n"
	  "e  1 +e 9,5,3 25\n"
	  "f tcp/22 604800 +f 9,5,2 25",
	  0, "" },
	{ "[a]\nsequence = 9,5,7\ncommand = /sbin/iptables -A INPUT -s 192.0.2.0/24 -p tcp --dport 22 -j ACCEPT\n",
	  "a  1 +a 9,5,7 25",
	  0, "" },
	/* What is to end it adds another. */
	{ "[a]\nsequence = 9,5,7\n" OPEN "stop_" OPEN,
	  "a  10 +a 9,5,7 25",
	  0, "" },
	/* The rule that is deleted is not the one that is added. */
	{ "[a]\nsequence = 9,5,7\nstart_command = iptables -A INPUT -s %IP% -p tcp --dport 22 -j ACCEPT\n"
	  "stop_command = iptables -D INPUT -s %IP% -p tcp --dport 23 -j ACCEPT\n",
	  "a  10 +a 9,5,7 25",
	  0, "" },
	/* Nobody opens what this one closes. */
	{ "[a]\nsequence = 9,5,7\n" CLOSE,
	  "a  1 +a 9,5,7 25",
	  0, "" },
	/* Two sequences for the same, and then with different ends. */
	{ "[a]\nsequence = 9,5,7\n" OPEN "[b]\nsequence = 9,7,5\n" OPEN
	  "[c]\nsequence = 1,7,5\n" CLOSE,
	  "a tcp/22 604800 +a 9,5,7 25 +b 9,7,5 25 -c 1,7,5 25",
	  0, "" },
	{ "[a]\nsequence = 9,5,7\n" OPEN "[b]\nsequence = 9,7,5\n" OPEN
	  "cmd_timeout = 0\nstop_" CLOSE,
	  "a tcp/22 604800 +a 9,5,7 25\n"
	  "b tcp/22 1 +b 9,7,5 25",
	  0, "7: cmd_timeout = 0 became 1s" },
	{ "[a]\nsequence = 9,5,7\n" OPEN "stop_" CLOSE "cmd_timeout = 1000000\nseq_timeout = 0\n"
	  "[b]\nsequence = 9,7,5\nseq_timeout = 3600\n" OPEN,
	  "a tcp/22 604800 +a 9,5,7 1 +b 9,7,5 300",
	  0, "5: cmd_timeout = 1000000 became 7d|6: seq_timeout = 0 became 1s|9: became 300s" },
	/* Sequences that cannot be. */
	{ "[a]\nsequence = 7000,7000,8000\n" OPEN,
	  "a tcp/22 604800",
	  1, "2: twice" },
	{ "[a]\nsequence = 7000:tcp,7000:udp,7001\n" OPEN,
	  "a tcp/22 604800 +a 7000,7000/udp,7001 25",
	  0, "" },
	{ "[a]\nsequence = 7000,9000,8000\n" OPEN "[b]\nsequence = 7000,9000,8000\ncommand = /bin/b\n",
	  "a tcp/22 604800 +a 7000,9000,8000 25\n"
	  "b  1",
	  1, "5: key a of door a" },
	{ "[a]\nsequence = 7000,9000,8000\n" OPEN "[b]\nsequence = 7000,9000\ncommand = /bin/b\n",
	  "a tcp/22 604800 +a 7000,9000,8000 25\n"
	  "b  1",
	  1, "5: one begins with the other" },
	{ "[a]\nsequence = 7000,8675:udp,8000\n" OPEN,
	  "a tcp/22 604800",
	  1, "2: another kind" },
	{ "[a]\nsequence = 25565:udp\ncommand = docker start minecraft\n",
	  "a  1 +a 25565/udp 25",
	  0, "2: fewer than 3" },
	/* Names. */
	{ "[open SSH!]\nsequence = 9,5,7\n" OPEN "[open_SSH_]\nsequence = 1,5,7\ncommand = /bin/a\n"
	  "[-x]\nsequence = 2,5,7\ncommand = /bin/a\n"
	  "[a-name-of-a-section-that-is-far-too-long]\nsequence = 3,5,7\ncommand = /bin/a\n"
	  "[a-name-of-a-section-that-is-far-too-long]\nsequence = 4,5,7\ncommand = /bin/a\n",
	  "open_SSH_ tcp/22 604800 +open_SSH_ 9,5,7 25\n"
	  "open_SSH_-2  1 +open_SSH_ 1,5,7 25\n"
	  "x-x  1 +x-x 2,5,7 25\n"
	  "a-name-of-a-section-that-is-far  1 +a-name-of-a-section-that-is-far 3,5,7 25\n"
	  "a-name-of-a-section-that-is-f-2  1 +a-name-of-a-section-that-is-far 4,5,7 25",
	  0, "1: is called open_SSH_ here|4: is called open_SSH_-2|7: x-x" },
	/* The same directive twice: the later one; a comment only where a line begins. */
	{ "# a comment\n[a]\n  # another\nsequence = 1,2\nsequence = 9,5,7\n\n\t\ncommand = /bin/x # y\n",
	  "a  1 +a 9,5,7 25",
	  0, "" },
	{ "[a]\nsequence = 9,5,7\ntarget = 192.0.2.1\ncommand = /usr/sbin/etherwake 00:11:22:33:44:55\n",
	  "a  1 +a 9,5,7 25",
	  0, "3: target = 192.0.2.1" },
	{ "[a]\nsequence = 9,5,7\n",
	  "a  1 +a 9,5,7 25",
	  0, "1: no command" },
	{ "[options]\nlogfile = knockd.log\n[options]\nUseSyslog\n",
	  "",
	  0, "2: no whole path|4: journal" },
	{ "",
	  "",
	  0, "" },
};

/* What knockd refuses, or would take for what nobody meant. */
static const struct broken broken[] = {
	{ "sequence = 1,2,3\n", "1: before any section" },
	{ "[a\nsequence = 1,2,3\n", "1: close it" },
	{ "[]\nsequence = 1,2,3\n", "1: no name" },
	{ "[a]\n", "1: has no sequence" },
	{ "[a]\ncommand = x\n", "1: has no sequence" },
	{ "[a]\nsequence\n", "1: has no sequence|2: no value" },
	{ "[a]\nsequence =\ncommand = x\n", "2: step 1" },
	{ "[a]\nsequence = 1,,3\n", "2: step 2 of this sequence has no port" },
	{ "[a]\nsequence = 1,2,\n", "2: step 3" },
	{ "[a]\nsequence = 0,2,3\n", "2: step 1" },
	{ "[a]\nsequence = 1,2,65536\n", "2: step 3" },
	{ "[a]\nsequence = 1,2,99999999999999999999\n", "2: step 3" },
	{ "[a]\nsequence = 1,-2,3\n", "2: step 2" },
	{ "[a]\nsequence = 1,70o0,3\n", "2: step 2" },
	{ "[a]\nsequence = 1:icmp,2,3\n", "2: neither tcp nor udp" },
	{ "[a]\nsequence = 1:udp:tcp,2,3\n", "2: neither tcp nor udp" },
	{ "[a]\nsequence = 1:,2,3\n", "2: neither tcp nor udp" },
	{ "[a]\nsequence = 7000 8000 9000\n", "2: step 1" },
	{ "[a]\nsequence = 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33\n",
	  "2: more than the 32" },
	{ "[a]\nsequence = 9,5,7\nseq_timeout = soon\n", "3: knockd takes it for 0" },
	{ "[a]\nsequence = 9,5,7\ncmd_timeout = 5s\n", "3: knockd takes it for 5" },
	{ "[a]\nsequence = 9,5,7\nseq_timeout = -1\n", "3: no number of seconds" },
	{ "[a]\nsequence = 9,5,7\ntcpflags = syn,ecn\n", "3: `ecn' is no flag" },
	{ "[a]\nsequence = 9,5,7\ntcpflags =\n", "3: no flag" },
	{ "[a]\nsequence = 9,5,7\ncolour = red\n", "3: no directive" },
	{ "[a]\nsequence = 9,5,7\n; a comment\n", "3: put # before a comment" },
	{ "[a]\nsequence = 9,5,7\nlogfile = /x\n", "3: [options]" },
	{ "[a]\nsequence = 9,5,7\n= x\n", "3: no directive" },
	{ "[options]\nsequence = 1,2,3\n", "2: the section of a sequence" },
	{ "[options]\nUseSyslog = yes\n", "2: no value" },
	{ "[options]\nport = 1\n[a]\nsequence = 1\ncolour = red\n",
	  "2: no directive|5: no directive" },
	{ "[Options]\nUseSyslog\n", "1: has no sequence" },
};

#endif /* _UNIT_KNOCKD_TEXTS_H */
