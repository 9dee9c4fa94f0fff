// SPDX-License-Identifier: GPL-2.0
/*
 * What was knocked with a derived key is never knocked again: not by another process, nor
 * by a clock that is set back and forth.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "counter.h"

#define NOW 1790000000
#define PROCESSES 8
#define CLAIMS 8

static char directory[32];
static char path[64];

static void fresh(struct profile *profile, u8 first)
{
	profile_init(profile, PROFILE_DERIVED);
	profile->secret.length = SECRET_BINARY_SIZE;
	profile->secret.bytes[0] = first;
}

static void assert_next(const struct profile *profile, u64 now, u64 counter)
{
	char why[COUNTER_WHY_SIZE];
	struct knock_fields fields;

	if (!counter_next(profile, now, &fields, why))
		fail_msg("%s", why);
	assert_int_equal(fields.counter, counter);
	if (!counter_claim(profile, now, &fields, why))
		fail_msg("%s", why);
	assert_int_equal(fields.counter, counter);
	assert_int_equal(fields.slot, now / profile->slot_sec);
}

static void test_slots(void **state)
{
	struct profile one, other;
	u64 i;

	(void)state;
	unlink(path);
	fresh(&one, 1);
	fresh(&other, 2);
	for (i = 0; i < 9; i++)
		assert_next(&one, NOW, i);
	assert_next(&other, NOW, 0);
	assert_next(&one, NOW + 60, 0);
	assert_next(&one, NOW + 60, 1);
	/* Set back by a slot, an hour, a day, and forth again. */
	assert_next(&one, NOW, 9);
	assert_next(&one, NOW - 3600, 0);
	assert_next(&one, NOW - 86400, 0);
	assert_next(&one, NOW - 86400, 1);
	assert_next(&one, NOW + 60, 2);
	assert_next(&one, NOW, 10);
	/* Slots of another length are others. */
	other.slot_sec = 30;
	assert_next(&other, NOW, 0);
	other.slot_sec = 60;
	assert_next(&other, NOW, 1);
}

/* It does not grow, and what is dropped is the oldest. */
static void test_bounded(void **state)
{
	struct profile profile;
	struct stat status;
	u64 i;

	(void)state;
	unlink(path);
	fresh(&profile, 3);
	for (i = 0; i < 300; i++)
		assert_next(&profile, NOW + 60 * i, 0);
	assert_int_equal(stat(path, &status), 0);
	assert_in_range(status.st_size, 1, 256 * 80);
	assert_int_equal(status.st_mode & 0777, 0600);
	assert_next(&profile, NOW + 60 * 299, 1);
	assert_next(&profile, NOW + 60 * 45, 1);
	/* After two days nothing is left of them. */
	assert_next(&profile, NOW + 2 * 86400, 0);
	assert_int_equal(stat(path, &status), 0);
	assert_in_range(status.st_size, 1, 300);
}

static void claim_in_child(const struct profile *profile)
{
	char why[COUNTER_WHY_SIZE];
	struct knock_fields fields;
	int i;

	for (i = 0; i < CLAIMS; i++)
		if (!counter_claim(profile, NOW, &fields, why))
			_exit(1);
	_exit(0);
}

/* Each gets counters that no other gets: so many are gone as were claimed. */
static void test_at_once(void **state)
{
	struct profile profile;
	int i, status;

	(void)state;
	unlink(path);
	fresh(&profile, 4);
	for (i = 0; i < PROCESSES; i++)
		if (!fork())
			claim_in_child(&profile);
	for (i = 0; i < PROCESSES; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	assert_next(&profile, NOW, PROCESSES * CLAIMS);
}

/* Where nothing can be kept nothing is claimed. */
static void test_unwritable(void **state)
{
	char why[COUNTER_WHY_SIZE];
	struct knock_fields fields;
	struct profile profile;

	(void)state;
	fresh(&profile, 5);
	setenv("XDG_STATE_HOME", "/proc/none", 1);
	assert_false(counter_claim(&profile, NOW, &fields, why));
	assert_non_null(strstr(why, "XDG_STATE_HOME"));
	setenv("XDG_STATE_HOME", directory, 1);
	unlink(path);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(counter_claim(&profile, NOW, &fields, why));
	assert_false(counter_next(&profile, NOW, &fields, why));
	rmdir(path);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_false(counter_claim(&profile, NOW, &fields, why));
	unlink(path);
}

static int begin(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/counter.XXXXXX");
	if (!mkdtemp(directory))
		return -1;
	sprintf(path, "%s/tumbler/counters", directory);
	return setenv("XDG_STATE_HOME", directory, 1);
}

static int end(void **state)
{
	char command[80];

	(void)state;
	sprintf(command, "rm -r %s", directory);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slots),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_at_once),
		cmocka_unit_test(test_unwritable),
	};

	return cmocka_run_group_tests_name("counter", tests, begin, end);
}
