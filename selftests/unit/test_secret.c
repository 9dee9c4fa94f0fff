// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "secret.h"

static unsigned int bits(const char *text)
{
	return secret_bits((const unsigned char *)text, strlen(text));
}

static void test_generated(void **state)
{
	struct secret secret, other;
	char why[SECRET_WHY_SIZE];
	int i;

	(void)state;
	assert_true(secret_generate(&other));
	for (i = 0; i < 1000; i++) {
		assert_true(secret_generate(&secret));
		assert_int_equal(secret.length, SECRET_GENERATED_LENGTH);
		assert_memory_not_equal(secret.bytes, other.bytes, secret.length);
		assert_in_range(secret.bytes[0], 'g', 'z');
		secret.bytes[secret.length] = '\0';
		assert_int_equal(strspn((char *)secret.bytes, "abcdefghijklmnopqrstuvwxyz234567"),
				 secret.length);
		assert_false(secret_is_ambiguous(&secret, why));
		assert_false(secret_is_guessable(&secret, why));
	}
}

static void test_guessable(void **state)
{
	static const char *const bad[] = {
		"a", "hunter2", "password", "Passw0rd!", "correcthorsebatterystaple",
		"correct horse battery staple", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
		"12345678901234567890123456789012345678901234567890", "z1x9z1x9z1x9z1x9z1x9z1x9z1x9",
		"qwertyuiopasdfghjkl", "2004-11-22 23:12:00", "000000000000000000000000000000",
		"\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c\xd0\xbf\xd0\xb0\xd1\x80",
	};
	static const char *const good[] = {
		"g2x7k4q9w3z8h5v6n2m7r4t9y3p8s5j6",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"x3F/9q+Z7kLm2+Pw8Rt5Vb1Nc4Xs6Hj0",
		"seven words from a real dice list suffice, at least nine sure",
	};
	struct secret secret = { .length = 7, .bytes = "hunter2" };
	char why[SECRET_WHY_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_in_range(bits(bad[i]), 1, SECRET_BITS_MIN - 1);
	for (i = 0; i < COUNT(good); i++)
		assert_in_range(bits(good[i]), SECRET_BITS_MIN, 2000);
	assert_int_equal(secret_bits(secret.bytes, 0), 0);
	assert_true(secret_is_guessable(&secret, why));
	assert_non_null(strstr(why, "--weak"));
}

static void test_ambiguous(void **state)
{
	struct secret secret = { .length = 1 };
	char why[SECRET_WHY_SIZE];
	int byte;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		secret.bytes[0] = (unsigned char)byte;
		assert_int_equal(secret_is_ambiguous(&secret, why),
				 byte && !!strchr("0123456789abcdefABCDEF.:", byte));
	}
}

/* Writes @length bytes of 'x' and @end into a new file of @mode. */
static void write_file(char *path, size_t length, const char *end, mode_t mode)
{
	int descriptor;
	FILE *stream;

	strcpy(path, "/tmp/test_secret.XXXXXX");
	descriptor = mkstemp(path);
	assert_true(descriptor >= 0);
	stream = fdopen(descriptor, "w");
	assert_non_null(stream);
	while (length--)
		putc('x', stream);
	fputs(end, stream);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void test_file_lengths(void **state)
{
	static const struct {
		size_t length;
		const char *end;
		size_t read;
	} files[] = {
		{ 0, "", 0 },	     { 0, "\n", 0 },	 { 0, "\r\n", 0 },   { 1, "", 1 },
		{ 1, "\n", 1 },	     { 1, "\r\n", 1 },	 { 1, "\n\n", 2 },   { 1, "\r", 2 },
		{ 255, "", 255 },    { 255, "\n", 255 }, { 256, "", 0 },     { 256, "\n", 0 },
		{ 255, "\r\n", 255 }, { 255, "\n\n", 0 }, { 256, "\r\n", 0 }, { 100000, "", 0 },
		{ 255, "\r", 0 },
	};
	char path[32], why[SECRET_WHY_SIZE];
	struct secret secret;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(files); i++) {
		write_file(path, files[i].length, files[i].end, 0600);
		assert_int_equal(secret_read_file(&secret, path, why), files[i].read > 0);
		if (files[i].read)
			assert_int_equal(secret.length, files[i].read);
		else
			assert_non_null(strstr(why, "1 to 255 bytes"));
		unlink(path);
	}
}

static void test_file_modes(void **state)
{
	static const mode_t bad[] = { 0640, 0604, 0620, 0602, 0610, 0601, 0644, 0666 };
	char path[32], why[SECRET_WHY_SIZE];
	struct secret secret;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		write_file(path, 20, "\n", bad[i]);
		assert_false(secret_read_file(&secret, path, why));
		assert_non_null(strstr(why, "chmod 600"));
		unlink(path);
	}
	write_file(path, 20, "\n", 0400);
	assert_true(secret_read_file(&secret, path, why));
	unlink(path);
	assert_false(secret_read_file(&secret, path, why));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(secret_read_file(&secret, path, why));
	unlink(path);
	assert_false(secret_read_file(&secret, "/dev/null", why));
	assert_false(secret_read_file(&secret, "/", why));
}

static void test_wiped(void **state)
{
	static const struct secret zero;
	struct secret secret;

	(void)state;
	assert_true(secret_generate(&secret));
	secret_wipe(&secret);
	assert_memory_equal(&secret, &zero, sizeof(zero));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_generated),    cmocka_unit_test(test_guessable),
		cmocka_unit_test(test_ambiguous),    cmocka_unit_test(test_file_lengths),
		cmocka_unit_test(test_file_modes),   cmocka_unit_test(test_wiped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
