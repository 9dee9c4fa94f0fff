// SPDX-License-Identifier: GPL-2.0
/*
 * Minutes used are kept: the same knock once a minute, another knock at once.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "check.h"
#include "state.h"

#define MINUTE 29000000

static char directory[32];
static char used[64];

/* An empty state, a target and a secret. */
static void fresh(struct target *target, struct url *url)
{
	memset(target, 0, sizeof(*target));
	memset(url, 0, sizeof(*url));
	url->port = 8675;
	url->secret.length = 27;
	assert_int_equal(RAND_bytes(url->secret.bytes, 27), 1);
	unlink(used);
}

static void test_once_a_minute(void **state)
{
	struct target target;
	struct url url;
	u32 next = 0;

	(void)state;
	fresh(&target, &url);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	assert_false(state_claim(&target, &url, MINUTE, &next));
	assert_int_equal(next, MINUTE + 1);
	assert_false(state_claim(&target, &url, MINUTE - 1, &next));
	assert_true(state_claim(&target, &url, MINUTE + 1, &next));
}

static void test_what_makes_another_knock(void **state)
{
	struct target target;
	struct url url;
	u32 next;

	(void)state;
	fresh(&target, &url);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	target.server.bytes[15] ^= 1;
	assert_true(state_claim(&target, &url, MINUTE, &next));
	target.source.bytes[15] ^= 1;
	assert_true(state_claim(&target, &url, MINUTE, &next));
	url.port ^= 1;
	assert_true(state_claim(&target, &url, MINUTE, &next));
	url.secret.bytes[0] ^= 1;
	assert_true(state_claim(&target, &url, MINUTE, &next));
	assert_false(state_claim(&target, &url, MINUTE, &next));
}

/* What was not sent did not use its minute, but those before it are used. */
static void test_release(void **state)
{
	struct target target;
	struct url url;
	u32 next = 0;

	(void)state;
	fresh(&target, &url);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	state_release(&target, &url, MINUTE);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	assert_false(state_claim(&target, &url, MINUTE, &next));
	state_release(&target, &url, MINUTE);
	assert_false(state_claim(&target, &url, MINUTE - 1, &next));
	assert_int_equal(next, MINUTE);

	/* Another process has knocked meanwhile: its minute is not ours to give. */
	assert_true(state_claim(&target, &url, MINUTE + 1, &next));
	state_release(&target, &url, MINUTE);
	assert_false(state_claim(&target, &url, MINUTE + 1, &next));
	url.secret.bytes[0] ^= 1;
	state_release(&target, &url, MINUTE + 1);
	url.secret.bytes[0] ^= 1;
	assert_false(state_claim(&target, &url, MINUTE + 1, &next));
}

/* 16 bits of a hash made two of 150 secrets one in a sixth of all files. */
static void test_other_secrets_do_not_wait(void **state)
{
	struct target target;
	struct url url;
	int file, i;
	u32 next;

	(void)state;
	for (file = 0; file < 20; file++) {
		fresh(&target, &url);
		for (i = 0; i < 150; i++) {
			RAND_bytes(url.secret.bytes, 27);
			assert_true(state_claim(&target, &url, MINUTE, &next));
		}
	}
}

static void test_file_is_ours_alone(void **state)
{
	struct target target;
	struct stat status;
	struct url url;
	u32 next;

	(void)state;
	fresh(&target, &url);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	assert_int_equal(stat(used, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void test_damaged_file(void **state)
{
	struct target target;
	struct url url;
	FILE *file;
	u32 next;

	(void)state;
	fresh(&target, &url);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	file = fopen(used, "w");
	assert_non_null(file);
	fputs("salt 00zz\nnothing of use\n", file);
	fclose(file);
	assert_true(state_claim(&target, &url, MINUTE, &next));
	assert_false(state_claim(&target, &url, MINUTE, &next));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_once_a_minute),
		cmocka_unit_test(test_what_makes_another_knock),
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_other_secrets_do_not_wait),
		cmocka_unit_test(test_file_is_ours_alone),
		cmocka_unit_test(test_damaged_file),
	};
	char path[64];
	int failed;

	strcpy(directory, "/tmp/knock-state-XXXXXX");
	if (!mkdtemp(directory))
		return EXIT_FAILURE;
	setenv("XDG_STATE_HOME", directory, 1);
	snprintf(used, sizeof(used), "%s/tumbler/used", directory);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(used);
	snprintf(path, sizeof(path), "%s/tumbler", directory);
	rmdir(path);
	rmdir(directory);
	return failed;
}
