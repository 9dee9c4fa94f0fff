// SPDX-License-Identifier: GPL-2.0
/* Secrets of keys: made, read, wiped. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "secret.h"

/* 20 letters that no address begins with; the first letter is one of them. */
static const char first_letters[] = "ghijklmnopqrstuvwxyz";
static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * secret_forbid_core() - let no core file of this process be written
 *
 * It would hold the secrets.
 */
void secret_forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
}

void secret_wipe(struct secret *secret)
{
	OPENSSL_cleanse(secret, sizeof(*secret));
}

static bool random_character(const char *set, size_t size, unsigned char *character)
{
	unsigned char byte;

	/* What does not divide evenly is thrown away, so that none is likelier. */
	do {
		if (RAND_bytes(&byte, 1) != 1)
			return false;
	} while (byte >= 256 / size * size);
	*character = (unsigned char)set[byte % size];
	return true;
}

/**
 * secret_generate() - make a secret of over 128 bits
 * @secret: where to put it
 *
 * One letter of g to z and 26 of base32 in lower case: 134 bits. Those that
 * secret_bits() would call guessable by their looks are drawn again, which
 * costs about one bit.
 *
 * Return: true; false if there was no randomness to be had.
 */
bool secret_generate(struct secret *secret)
{
	size_t i;

	do {
		secret->length = SECRET_GENERATED_LENGTH;
		if (!random_character(first_letters, sizeof(first_letters) - 1, secret->bytes))
			return false;
		for (i = 1; i < secret->length; i++)
			if (!random_character(base32, sizeof(base32) - 1, &secret->bytes[i]))
				return false;
	} while (secret_bits(secret->bytes, secret->length) < SECRET_BITS_MIN);
	return true;
}

/**
 * secret_generate_binary() - make a secret of 32 random bytes
 * @secret: where to put it
 *
 * Return: true; false if there was no randomness to be had.
 */
bool secret_generate_binary(struct secret *secret)
{
	secret->length = SECRET_BINARY_SIZE;
	return RAND_priv_bytes(secret->bytes, SECRET_BINARY_SIZE) == 1;
}

/**
 * secret_decode() - take the base64 of 32 bytes for what it stands for
 * @secret: the text, as it was read; then the bytes; wiped on failure
 * @why: a sentence, on failure; it does not quote the text
 *
 * Return: true if it was that.
 */
bool secret_decode(struct secret *secret, char why[SECRET_WHY_SIZE])
{
	char text[SECRET_SIZE_MAX + 1];
	bool good;

	memcpy(text, secret->bytes, secret->length);
	text[secret->length] = '\0';
	good = strlen(text) == secret->length &&
	       base64_decode(text, secret->bytes, SECRET_BINARY_SIZE, &secret->length) &&
	       secret->length == SECRET_BINARY_SIZE;
	OPENSSL_cleanse(text, sizeof(text));
	if (good)
		return true;
	secret_wipe(secret);
	snprintf(why, SECRET_WHY_SIZE,
		 "the secret is not base64 of %d bytes, as genkey and openssl rand -base64 32 print them; copy it whole",
		 SECRET_BINARY_SIZE);
	return false;
}

/* Less one line end, since editors and echo add one. */
static void strip_line_end(struct secret *secret)
{
	if (!secret->length || secret->bytes[secret->length - 1] != '\n')
		return;
	secret->length--;
	if (secret->length && secret->bytes[secret->length - 1] == '\r')
		secret->length--;
}

/* Return: whether it is longer than nothing and no longer than it may be. */
static bool length_is_good(const struct secret *secret, char why[SECRET_WHY_SIZE])
{
	if (secret->length >= 1 && secret->length <= SECRET_SIZE_MAX)
		return true;
	snprintf(why, SECRET_WHY_SIZE, "the secret is %s, it may have 1 to %d bytes",
		 secret->length ? "too long" : "empty", SECRET_SIZE_MAX);
	return false;
}

/**
 * secret_read_descriptor() - read a secret to the end of a file or pipe
 * @secret: where to put it; wiped on failure
 * @descriptor: open for reading
 * @why: a sentence, on failure
 *
 * Return: true, with 1 to 255 bytes, less one final line end; or false.
 */
bool secret_read_descriptor(struct secret *secret, int descriptor, char why[SECRET_WHY_SIZE])
{
	ssize_t got;

	secret->length = 0;
	do {
		got = read(descriptor, secret->bytes + secret->length,
			   sizeof(secret->bytes) - secret->length);
		if (got > 0)
			secret->length += (size_t)got;
	} while ((got > 0 && secret->length < sizeof(secret->bytes)) ||
		 (got < 0 && errno == EINTR));
	if (got < 0) {
		snprintf(why, SECRET_WHY_SIZE, "the secret cannot be read: %s", strerror(errno));
		secret_wipe(secret);
		return false;
	}
	if (secret->length < sizeof(secret->bytes))
		strip_line_end(secret);
	if (length_is_good(secret, why))
		return true;
	secret_wipe(secret);
	return false;
}

/* Return: whether nobody but the file's owner has any access to it. */
static bool file_is_private(int descriptor, const char *path, char why[SECRET_WHY_SIZE])
{
	struct stat status;

	if (fstat(descriptor, &status)) {
		snprintf(why, SECRET_WHY_SIZE, "%.128s cannot be examined: %s", path,
			 strerror(errno));
		return false;
	}
	if (!S_ISREG(status.st_mode)) {
		snprintf(why, SECRET_WHY_SIZE,
			 "%.128s is no regular file, give a file or write - for standard input",
			 path);
		return false;
	}
	if (status.st_mode & 0077) {
		snprintf(why, SECRET_WHY_SIZE,
			 "%.128s has mode %04o, others than its owner may have read it, chmod 600 it if they have not",
			 path, (unsigned int)status.st_mode & 07777);
		return false;
	}
	return true;
}

/**
 * secret_open_file() - open a file that only its owner may read
 * @path: of a regular file
 * @why: a sentence, on failure
 *
 * Return: a descriptor; -1 on failure.
 */
int secret_open_file(const char *path, char why[SECRET_WHY_SIZE])
{
	/* O_NONBLOCK: a named pipe is refused rather than waited for. */
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (descriptor < 0) {
		snprintf(why, SECRET_WHY_SIZE,
			 "%.128s cannot be opened: %s; give a file that holds the secret", path,
			 strerror(errno));
		return -1;
	}
	if (file_is_private(descriptor, path, why))
		return descriptor;
	close(descriptor);
	return -1;
}

/**
 * secret_read_file() - read a secret from a file that only its owner may read
 * @secret: where to put it; wiped on failure
 * @path: of a regular file
 * @why: a sentence, on failure
 *
 * Return: true, with 1 to 255 bytes, less one final line end; or false.
 */
bool secret_read_file(struct secret *secret, const char *path, char why[SECRET_WHY_SIZE])
{
	int descriptor = secret_open_file(path, why);
	char reason[SECRET_WHY_SIZE];
	bool good;

	if (descriptor < 0)
		return false;
	good = secret_read_descriptor(secret, descriptor, reason);
	if (!good)
		snprintf(why, SECRET_WHY_SIZE, "in %.128s %.180s", path, reason);
	close(descriptor);
	return good;
}
