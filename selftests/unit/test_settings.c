// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/capability.h>

#include "settings.h"

static struct settings settings;
static struct faults faults;

static void read_text(const char *text)
{
	settings_init(&settings);
	settings_read_text(&settings, "f", text, strlen(text), &faults);
}

static void clear(void)
{
	settings_wipe(&settings);
	faults_clear(&faults);
}

/* The form of the article, comments and indentation too. */
static const char article[] =
	"# Comments start with #\n"
	"#\n"
	"[common]\n"
	"    port = 8675\n"
	"    log  = /var/log/tumblerd.log\n"
	"\n"
	"[door-open-ssh]\n"
	"    secret  = open-pAsSwOrD\n"
	"    command = /usr/sbin/iptables -A INPUT -p tcp -s %IP% --dport 22 -j ACCEPT\n"
	"[door-close-ssh]\r\n"
	"secret = close-pAsSwOrD\r\n"
	"command = /usr/sbin/iptables -D INPUT -p tcp -s %IP% --dport 22 -j ACCEPT";

static void test_article(void **state)
{
	(void)state;
	read_text(article);
	assert_int_equal(faults.count, 0);
	assert_int_equal(settings.port, 8675);
	assert_string_equal(settings.log, "/var/log/tumblerd.log");
	assert_int_equal(settings.doors, 2);
	assert_string_equal(settings.door[0].name, "open-ssh");
	assert_true(settings.door[0].made && settings.door[1].made);
	assert_int_equal(settings.door[0].secret.length, 13);
	assert_memory_equal(settings.door[0].secret.bytes, "open-pAsSwOrD", 13);
	assert_int_equal(settings.door[1].secret.length, 14);
	assert_int_equal(settings.door[0].command[ON_OPENED].count, 11);
	assert_string_equal(settings.door[1].command[ON_OPENED].word[1], "-D");
	assert_string_equal(settings.door[1].command[ON_OPENED].word[10], "ACCEPT");
	assert_int_equal(settings.door[0].command[ON_ENDED].count, 0);
	clear();
}

/* As the article has its programs: by name, of which the first in the usual directories is it. */
static void test_program_name(void **state)
{
	struct words *words;

	(void)state;
	setenv("PATH", "/no-such-directory", 1);
	read_text("[door a]\ncommand = sh -c 'echo \"$1\"' sh %IP%\n");
	assert_int_equal(faults.count, 0);
	words = &settings.door[0].command[ON_OPENED];
	assert_int_equal(words->count, 5);
	assert_int_equal(words->word[0][0], '/');
	assert_string_equal(strrchr(words->word[0], '/'), "/sh");
	assert_int_equal(access(words->word[0], X_OK), 0);
	assert_string_equal(words->word[1], "-c");
	assert_string_equal(words->word[2], "echo \"$1\"");
	assert_string_equal(words->word[4], "%IP%");
	clear();
}

static void test_own_form(void **state)
{
	struct door_settings *door;

	(void)state;
	read_text("\xef\xbb\xbf[common]\nuser = root\ntime-limit = 1m\nat-once = 3\nqueue = 5\n"
		  "[door ssh]\ncommand = /bin/a %IP%\n   --name=%NAME%\n; a comment\n\t'x  y'\n"
		  "  close-command = /bin/b ';'\n"
		  "[door  web]\nclose-command=/bin/c\ntime-limit = 2s\n");
	assert_int_equal(faults.count, 0);
	settings_settle(&settings);
	assert_int_equal(settings.at_once, 3);
	assert_int_equal(settings.queue, 5);
	door = &settings.door[0];
	assert_string_equal(door->name, "ssh");
	assert_false(door->made);
	assert_int_equal(door->command[ON_OPENED].count, 4);
	assert_string_equal(door->command[ON_OPENED].word[2], "--name=%NAME%");
	assert_string_equal(door->command[ON_OPENED].word[3], "x  y");
	assert_string_equal(door->command[ON_ENDED].word[1], ";");
	assert_int_equal(door->time_limit, 60);
	assert_true(door->user.set);
	assert_int_equal(door->user.uid, 0);
	assert_int_equal(settings.door[1].time_limit, 2);
	clear();
}

/* Where streams go, and who speaks with their clients. */
static void test_forward(void **state)
{
	const struct sockaddr_in6 *address;

	(void)state;
	read_text("[common]\nport = 1\n[door a]\ncommand = /a\n");
	assert_false(settings_forward(&settings));
	assert_int_equal(settings.agent, 8676);
	clear();
	read_text("[common]\nagent = 9\nagent-user = nobody\n[door a]\nforward = 127.0.0.1:22\n"
		  "[door b]\nforward = [::1]:65535\n[door c]\nforward = none\n");
	assert_int_equal(faults.count, 0);
	assert_true(settings_forward(&settings));
	assert_int_equal(settings.agent, 9);
	assert_true(settings.agent_user.uid);
	assert_int_equal(settings.door[0].forward.address.ss_family, AF_INET);
	address = (const struct sockaddr_in6 *)&settings.door[1].forward.address;
	assert_int_equal(address->sin6_family, AF_INET6);
	assert_int_equal(ntohs(address->sin6_port), 65535);
	assert_int_equal(address->sin6_addr.s6_addr[15], 1);
	assert_true(settings.door[2].forwards);
	assert_int_equal(settings.door[2].forward.length, 0);
	clear();
}

/* Each text with the line of its only fault, and a word of the sentence. */
static void test_faults(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
		const char *says;
	} bad[] = {
		{ "port = 1\n", 1, "before any section" },
		{ "[common]\nport = 0\n", 2, "no port" },
		{ "[common]\nport = 1\nport = 2\n", 3, "twice" },
		{ "[common]\nport = 1\n[common]\nport = 2\n", 3, "already" },
		{ "[common]\nlog = x\n", 2, "whole path" },
		{ "[common]\nat-once = 65\n", 2, "1 to 64" },
		{ "[common]\nqueue = 0\n", 2, "1 to 65536" },
		{ "[common]\ntime-limit = 0\n", 2, "" },
		{ "[common]\nuser = no-such-user-here\n", 2, "no user" },
		{ "[common]\ncolour = red\n", 2, "no word" },
		{ "[common]\nsecret = x\n", 2, "door's" },
		{ "[common]\nport = 1\n[door ssh]\n", 3, "empty" },
		{ "[common]\nport = 1\nnothing\n", 3, "neither" },
		{ "[common\nport = 1\n", 1, "close it" },
		{ "[doors]\nport = 1\n", 1, "no section" },
		{ "[door -x]\ncommand = /a\n", 1, "name" },
		{ "[door-]\ncommand = /a\n", 1, "name" },
		{ "[door a]\ncommand = /a\n[door-a]\ncommand = /a\n", 3, "already" },
		{ "[door a]\nsecret = x\n", 2, "knockctl" },
		{ "[door a]\nport = 1\n", 2, "[common]" },
		{ "[door-a]\nclose-command = /x\n", 2, "[door NAME]" },
		{ "[door a]\ncommand =\n", 2, "no words" },
		{ "[door a]\ncommand = sbin/a\n", 2, "whole path" },
		{ "[door a]\ncommand = ./a\n", 2, "whole path" },
		{ "[door a]\ncommand = '' a\n", 2, "whole path" },
		{ "[door a]\ncommand = /%IP%\n", 2, "whole path" },
		{ "[door a]\ncommand = %IP%\n", 2, "whole path" },
		{ "[door a]\ncommand = no-such-program\n", 2, "install it" },
		{ "[door a]\ncommand = /a | b\n", 2, "shell" },
		{ "[door a]\ncommand = /a 'b\n", 2, "not closed" },
		{ "[door a]\ncommand = /a ; b\n", 2, "comment" },
		{ "[door a]\ncommand = /a\n  b ; c\n", 3, "comment" },
		{ "[door-a]\nsecret =\n", 2, "secret" },
		{ "[door a]\nforward = 22\n", 2, "no address and port" },
		{ "[door a]\nforward = localhost:22\n", 2, "no address and port" },
		{ "[door a]\nforward = ::1:22\n", 2, "no address and port" },
		{ "[door a]\nforward = [::1]\n", 2, "no address and port" },
		{ "[door a]\nforward = 127.0.0.1:0\n", 2, "no port" },
		{ "[door-a]\nforward = none\n", 2, "[door NAME]" },
		{ "[common]\nagent-user = root\n", 2, "not to be root" },
		{ "[common]\nagent = 0\n", 2, "no port" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		read_text(bad[i].text);
		assert_true(faults.count);
		if (faults.fault[0].line != bad[i].line ||
		    !strstr(faults.fault[0].why, bad[i].says))
			fail_msg("%s: line %u: %s", bad[i].text, faults.fault[0].line,
				 faults.fault[0].why);
		clear();
	}
}

static void test_long(void **state)
{
	char text[16384] = "[door a]\ncommand = /a\n";
	size_t i;

	(void)state;
	strcat(text, " ");
	for (i = 0; i < 300; i++)
		strcat(text, "x");
	read_text(text);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.fault[0].line, 3);
	clear();
	strcpy(text, "[door a]\ncommand = /a\n");
	for (i = 0; i < 100; i++)
		strcat(text, " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
	read_text(text);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.fault[0].line, 2);
	clear();
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0 && !fclose(file));
	assert_int_equal(chmod(path, mode), 0);
}

static void test_file(void **state)
{
	char path[] = "/tmp/test-settings-XXXXXX";
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0 && !close(descriptor));
	write_file(path, "[door a]\ncommand = /bin/sh\n", 0644);
	assert_true(settings_read(&settings, path, ROLE_BOTH, &faults));
	clear();
	write_file(path, "[door a]\ncommand = /bin/sh\n", 0664);
	assert_false(settings_read(&settings, path, ROLE_BOTH, &faults));
	assert_non_null(strstr(faults.fault[0].why, "may change what is run"));
	clear();
	write_file(path, "[door-a]\nsecret = x\ncommand = /bin/sh\n", 0640);
	assert_false(settings_read(&settings, path, ROLE_BOTH, &faults));
	assert_non_null(strstr(faults.fault[0].why, "may have read"));
	assert_null(strstr(faults.fault[0].why, "secret = x"));
	clear();
	write_file(path, "[door-a]\ncommand = /bin/no-such-program\n", 0600);
	assert_false(settings_read(&settings, path, ROLE_BOTH, &faults));
	assert_int_equal(faults.count, 2);
	clear();
	assert_int_equal(unlink(path), 0);
	assert_false(settings_read(&settings, path, ROLE_BOTH, &faults));
	clear();
}

#define FORWARD "[door a]\nforward = none\n"

/* Return: what is wrong, "" for nothing. */
static const char *read_file(const char *path, const char *text)
{
	static char why[512];

	write_file(path, text, 0600);
	*why = '\0';
	if (!settings_read(&settings, path, ROLE_BOTH, &faults))
		snprintf(why, sizeof(why), "%s", faults.fault[0].why);
	faults_clear(&faults);
	return why;
}

/* In a process that has given up its capabilities. */
static bool is_refused_without_rights(const char *path)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
	int status = 1;
	pid_t pid = fork();

	if (!pid) {
		memset(none, 0, sizeof(none));
		if (syscall(SYS_capset, &header, none))
			_exit(1);
		_exit(!strstr(read_file(path, FORWARD), "tumblerd lacks rights"));
	}
	return waitpid(pid, &status, 0) == pid && !status;
}

/* Who speaks with strangers is another than who runs tumblerd, or commands. */
static void test_agent_user(void **state)
{
	char path[] = "/tmp/test-settings-XXXXXX";
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0 && !close(descriptor));
	if (geteuid()) {
		unlink(path);
		skip();
	}
	assert_string_equal(read_file(path, FORWARD "command = /bin/sh\n"), "");
	assert_true(settings.agent_user.set && settings.agent_user.uid);
	clear();
	assert_non_null(strstr(read_file(path, "[common]\nuser = nobody\n" FORWARD
					       "close-command = /bin/sh\n"),
			       "speaks with clients"));
	clear();
	assert_string_equal(read_file(path, "[common]\nuser = nobody\n" FORWARD), "");
	clear();
	assert_string_equal(read_file(path, "[common]\nagent-user = daemon\n" FORWARD
					    "command = /bin/sh\nuser = nobody\n"), "");
	clear();
	/* Nobody is spoken with. */
	assert_string_equal(read_file(path, "[door a]\ncommand = /bin/sh\nuser = nobody\n"), "");
	assert_false(settings.agent_user.set);
	clear();
	assert_true(is_refused_without_rights(path));
	assert_int_equal(unlink(path), 0);
}

static const char roles[] =
	"[common]\nuser = nobody\nagent-user = daemon\n"
	"[door made]\ncommand = /bin/sh\n"
	"[door-own]\nsecret = x\ncommand = /bin/sh\n"
	"[door hands]\nforward = 127.0.0.1:22\n"
	"[door both]\nforward = none\ncommand = /bin/sh\nclose-command = /bin/sh\n";

/* What is another's is not known, and not asked for. */
static void test_roles(void **state)
{
	char path[] = "/tmp/test-settings-XXXXXX";
	int descriptor = mkstemp(path);

	(void)state;
	assert_true(descriptor >= 0 && !close(descriptor));
	write_file(path, roles, 0600);
	assert_true(settings_read(&settings, path, ROLE_BOTH, &faults));
	assert_int_equal(settings.doors, 4);
	assert_false(settings.others_commands);
	clear();
	assert_true(settings_read(&settings, path, ROLE_AGENT, &faults));
	assert_true(settings.others_commands);
	assert_int_equal(settings.doors, 3);
	assert_null(settings_find(&settings, "made"));
	assert_true(settings_find(&settings, "own")->made);
	assert_int_equal(settings_find(&settings, "own")->command[ON_OPENED].count, 0);
	assert_true(settings_find(&settings, "both")->forwards);
	assert_int_equal(settings_find(&settings, "both")->command[ON_OPENED].count, 0);
	assert_int_equal(settings_find(&settings, "both")->command[ON_ENDED].count, 0);
	assert_true(settings.agent_user.set);
	clear();
	assert_true(settings_read(&settings, path, ROLE_COMMANDS, &faults));
	assert_false(settings.others_commands);
	assert_int_equal(settings.doors, 3);
	assert_null(settings_find(&settings, "hands"));
	assert_false(settings_find(&settings, "own")->made);
	assert_int_equal(settings_find(&settings, "own")->secret.length, 0);
	assert_int_equal(settings_find(&settings, "own")->secret.bytes[0], 0);
	assert_int_equal(settings_find(&settings, "own")->command[ON_OPENED].count, 1);
	assert_int_equal(settings_find(&settings, "both")->command[ON_ENDED].count, 1);
	assert_false(settings_forward(&settings));
	assert_false(settings.agent_user.set);
	clear();
	write_file(path, "[door a]\ncommand = /bin/no-such-program\n", 0600);
	assert_false(settings_read(&settings, path, ROLE_COMMANDS, &faults));
	clear();
	assert_true(settings_read(&settings, path, ROLE_AGENT, &faults));
	assert_int_equal(settings.doors, 0);
	clear();
	/* Who may end the processes that speak with clients is seen by both. */
	write_file(path, "[door a]\nforward = none\ncommand = /bin/sh\nuser = nobody\n", 0600);
	assert_false(settings_read(&settings, path, ROLE_COMMANDS, &faults));
	clear();
	assert_false(settings_read(&settings, path, ROLE_AGENT, &faults));
	clear();
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_article),
		cmocka_unit_test(test_program_name),
		cmocka_unit_test(test_own_form),
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_agent_user),
		cmocka_unit_test(test_roles),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
