// SPDX-License-Identifier: GPL-2.0
/* What tumblerd runs of knockd's commands does what knockd's shell did. */
#include "knockd_files.h"

#include <sys/wait.h>

#define ADDRESS "192.0.2.7"
#define ADDRESS_6 "2001:db8::7"

/* What a program prints, whatever becomes of it. */
static void run(char *const *words, char output[4096])
{
	size_t used = 0;
	ssize_t got;
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		dup2(ends[1], 1);
		dup2(ends[1], 2);
		close(ends[0]);
		execv(words[0], words);
		_exit(127);
	}
	close(ends[1]);
	while ((got = read(ends[0], output + used, 4095 - used)) > 0)
		used += (size_t)got;
	output[used] = '\0';
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

/* What knockd's shell prints of @command, with the address in it. */
static void ask_shell(const char *command, const char *address, char output[4096])
{
	char text[8192], shell[] = "/bin/sh", option[] = "-c", *to = text;
	char *words[4] = { shell, option, text };

	for (; *command; command++) {
		if (!strncmp(command, "%IP%", 4)) {
			to = stpcpy(to, address);
			command += 3;
		} else {
			*to++ = *command;
		}
	}
	*to = '\0';
	run(words, output);
}

/* The same, of the words that tumblerd runs. */
static void ask_words(const struct words *words, const char *address, char output[4096])
{
	struct subject subject = { .name = "a", .key = "a" };
	struct words filled;

	strcpy(subject.ip, address);
	assert_true(words_fill(&filled, words, &subject));
	run(filled.word, output);
	words_free(&filled);
}

#define LONG "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Commands do what they did, whatever of a shell's they have in them. */
static void test_commands(void **state)
{
	static const char *const commands[] = {
		"/bin/echo %IP%", "echo %IP%", "/bin/echo a  b", "/bin/echo %IP% ; echo b",
		"echo a;echo b ;echo c ; echo d", "echo 'it is' \"%IP%\"", "echo it\\'s %IP%",
		"echo \"it's\" %IP% '\"' '#' '; ' \" ;\"", "x=%IP%; echo $x $(echo sub) `echo old`",
		"echo a # b", "echo a | tr a b && echo c || echo d", "/bin/echo * ?x [a]",
		"echo \\; ';' \\\\ '\\' \"\\\\\"", "echo -n a\techo\t\tb", "(echo a; echo b) | sort -r",
		"for i in 1 2 3; do echo $i %IP%; done", "/bin/echo ~ $0 $1",
		"if [ %IP% = " ADDRESS " ]; then echo it is; else echo it is not; fi",
		"/bin/echo one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
		"echo one two three four five six seven eight nine ten ; echo thirteen; echo fourteen ; [ a = b ] || echo user = nobody command = x user=x ; #",
		"echo one two three four five six seven eight nine ten eleven twelve thirteen  fourteen  fifteen  sixteen  seventeen eighteen",
		"echo " LONG " " LONG " ; echo " LONG "   " LONG, "/bin/echo user = x " LONG,
		"echo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb '#" LONG "'",
		"echo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb '[" LONG "]'",
		"echo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb c #" LONG,
		"echo bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb c [" LONG,
		"exit 3", "echo \"$(printf 'a\\tb')\"", "no-such-command %IP%", "echo 'open", "/bin/false",
		"/bin/%IP%", "/bin/ech%o a",
	};
	static const char *const addresses[] = { ADDRESS, ADDRESS_6 };
	char text[8192], want[4096], got[4096];
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(commands); i++) {
		snprintf(text, sizeof(text), "[a]\nsequence = 9,5,7\ncommand = %s\n", commands[i]);
		make(text);
		assert_int_equal(settings.doors, 1);
		for (k = 0; k < 2; k++) {
			ask_shell(commands[i], addresses[k], want);
			ask_words(&settings.door[0].command[ON_OPENED], addresses[k], got);
			if (strcmp(want, got))
				fail_msg("%s\nprinted %s\nand not %s", commands[i], got, want);
		}
		clear();
	}
}

/* One for each family, of which one may have nothing to do. */
static void test_families(void **state)
{
	static const struct {
		const char *text;
		const char *four;
		const char *six;
	} families[] = {
		{ "command = echo four %IP% ; echo 'x'\ncommand_6 = echo six %IP% # y\n",
		  "four " ADDRESS "\nx\n", "six " ADDRESS_6 "\n" },
		{ "start_command = /bin/echo four\nstart_command_6 =\n", "four\n", "" },
		{ "command_6 = /bin/echo six\n", "", "six\n" },
		{ "command = /bin/echo both\ncommand_6 = /bin/echo both\n", "both\n", "both\n" },
	};
	char text[512], got[4096];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(families); i++) {
		snprintf(text, sizeof(text), "[a]\nsequence = 9,5,7\n%s", families[i].text);
		make(text);
		ask_words(&settings.door[0].command[ON_OPENED], ADDRESS, got);
		assert_string_equal(got, families[i].four);
		ask_words(&settings.door[0].command[ON_OPENED], ADDRESS_6, got);
		assert_string_equal(got, families[i].six);
		clear();
	}
}

static void test_stop(void **state)
{
	char got[4096];

	(void)state;
	make("[a]\nsequence = 9,5,7\nstart_command = ufw allow from %IP%\ncmd_timeout = 60\n"
	     "stop_command = echo ufw delete allow from %IP%\n");
	assert_int_equal(doors.door[0].door.open_for, 60);
	assert_int_equal(settings.door[0].command[ON_OPENED].count, 3);
	ask_words(&settings.door[0].command[ON_ENDED], ADDRESS, got);
	assert_string_equal(got, "ufw delete allow from " ADDRESS "\n");
	clear();
}

/* What tumblerd.conf cannot say is noted, and no part of it is run. */
static void test_no_command(void **state)
{
	char text[2048] = "[a]\nsequence = 9,5,7\ncommand = /bin/echo ";
	size_t i, at = strlen(text);

	(void)state;
	make("[a]\nsequence = 9,5,7\ncommand = /bin/echo %NAME%\n");
	assert_true(has_note(&doors.door[0].notes, 3, "put it into a script"));
	assert_int_equal(settings.doors, 0);
	clear();
	for (i = 0; i < 250; i++)
		text[at + i] = 'x';
	make(text);
	assert_true(has_note(&doors.door[0].notes, 3, "put it into a script"));
	assert_int_equal(settings.doors, 0);
	clear();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_no_command),
	};

	return cmocka_run_group_tests_name("knockd_command", tests, make_directory,
					   remove_directory);
}
