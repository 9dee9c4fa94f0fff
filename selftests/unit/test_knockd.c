// SPDX-License-Identifier: GPL-2.0
/* What becomes of knockd.conf: doors, keys, and notes of what is otherwise. */
#include "knockd_files.h"
#include "knockd_texts.h"

/* The doors, as struct knockd_text has them. */
static const char *summary(void)
{
	static char text[4096];
	char ports[KNOCK_SEQUENCE_TEXT_SIZE], service[SERVICE_TEXT_SIZE];
	size_t used = 0, i, k;

	text[0] = '\0';
	for (i = 0; i < doors.count; i++) {
		const struct config_door *door = &doors.door[i].door;

		used += (size_t)sprintf(text + used, "%s%s ", i ? "\n" : "", door->name);
		for (k = 0; k < door->opens.count; k++) {
			format_service(service, &door->opens.service[k]);
			used += (size_t)sprintf(text + used, "%s%s", k ? "," : "", service);
		}
		used += (size_t)sprintf(text + used, " %u", door->open_for);
		for (k = 0; k < door->keys; k++) {
			const struct config_key *key = &door->key[k];

			knock_sequence_format(ports, &key->series.ports);
			used += (size_t)sprintf(text + used, " %c%s %s %u",
						key->action == KNOCK_KEY_ACTION_OPEN ? '+' : '-',
						key->name, ports, key->series.within);
		}
	}
	return text;
}

/* Whether a door, or all of it, has each note of `LINE: WORDS|LINE: WORDS'. */
static void assert_notes(const char *text, const char *want)
{
	char one[128], *words;
	unsigned int line;
	size_t length, i;
	bool found;

	for (; *want; want += length + (want[length] == '|')) {
		length = strcspn(want, "|");
		snprintf(one, sizeof(one), "%.*s", (int)length, want);
		line = (unsigned int)strtoul(one, &words, 10);
		found = has_note(&doors.notes, line, words + 2);
		for (i = 0; i < doors.count; i++)
			found |= has_note(&doors.door[i].notes, line, words + 2);
		if (!found)
			fail_msg("%s\nhas no note %s", text, one);
	}
}

static void test_texts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		make(texts[i].text);
		if (strcmp(summary(), texts[i].doors))
			fail_msg("%s\nbecame %s\nand not %s", texts[i].text, summary(),
				 texts[i].doors);
		assert_int_equal(doors.left_out, texts[i].left_out);
		assert_notes(texts[i].text, texts[i].notes);
		clear();
	}
}

static void test_ipv4_alone(void **state)
{
	(void)state;
	make("[a]\nsequence = 9,5,7\n" OPEN "start_command_6 =\n");
	assert_int_equal(doors.door[0].door.key[0].from.count, 1);
	assert_int_equal(doors.door[0].door.key[0].from.prefix[0].length, 96);
	clear();
	make("[a]\nsequence = 9,5,7\n" OPEN);
	assert_int_equal(doors.door[0].door.key[0].from.count, 0);
	clear();
}

static void test_log(void **state)
{
	(void)state;
	make("[options]\nLogFile = /var/log/knockd.log\n[a]\nsequence = 9,5,7\ncommand = /bin/true\n");
	assert_string_equal(settings.log, "/var/log/knockd.log");
	assert_int_equal(settings.doors, 1);
	assert_int_equal(settings.time_limit, 3600);
	clear();
}

static void test_broken(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(broken); i++) {
		assert_false(knockd_read_text(&knockd, "f", broken[i].text,
					      strlen(broken[i].text), &faults));
		faults_sort(&faults);
		if (!faults_are(&faults, broken[i].want)) {
			for (k = 0; k < faults.count; k++)
				print_message("%u: %s\n", faults.fault[k].line,
					      faults.fault[k].why);
			fail_msg("%s\nis not: %s", broken[i].text, broken[i].want);
		}
		clear();
	}
}

static void test_no_text(void **state)
{
	static const char zero[] = "[a]\nsequence = 9,5,7\ncommand = x\0y\n";
	char line[8192] = "[a]\nsequence = 9,5,7\ncommand = ";
	size_t i;

	(void)state;
	assert_false(knockd_read_text(&knockd, "f", zero, sizeof(zero) - 1, &faults));
	assert_true(faults_are(&faults, "3: zero byte"));
	clear();
	for (i = strlen(line); i < 5000; i++)
		line[i] = 'x';
	assert_false(knockd_read_text(&knockd, "f", line, strlen(line), &faults));
	assert_true(faults_are(&faults, "3: longer than"));
	clear();
}

/* Wherever a file was cut off it is refused, or becomes what can be read. */
static void test_cut(void **state)
{
	char text[4096];
	size_t i, length;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		for (length = 0; length < strlen(texts[i].text); length++) {
			snprintf(text, sizeof(text), "%.*s", (int)length, texts[i].text);
			if (knockd_read_text(&knockd, "f", text, length, &faults)) {
				assert_true(knockd_doors_make(&doors, &knockd, "f"));
				read_again();
			}
			clear();
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_ipv4_alone),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_no_text),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests_name("knockd", tests, make_directory, remove_directory);
}
