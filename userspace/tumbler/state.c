// SPDX-License-Identifier: GPL-2.0
/*
 * Which minutes were used. A server takes a digest once, so a second knock in
 * the same minute, with the same secret from the same address, is lost.
 *
 * The file should help little to guess the secret, so a knock is known there by
 * 32 bits of a salted hash only, and old lines are dropped. Fewer bits would make
 * people wait who have not knocked: another knock that happens to have the same
 * ones is taken for the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "complain.h"
#include "home.h"
#include "kept_file.h"
#include "state.h"

#define SALT_SIZE 32
#define LINES_MAX 256
/* Minutes after which a line is dropped. */
#define KEPT 60
/* A minute used this far in the future was written by a clock that was wrong. */
#define AHEAD_MAX 10

/**
 * struct line - the last minute that a knock was made for
 * @hash: of server, source and secret
 * @minute: since the epoch
 */
struct line {
	u32 hash;
	u32 minute;
};

/**
 * struct state - the file in memory
 * @salt: random, made with the file
 * @count: of lines
 * @line: in no order
 */
struct state {
	unsigned char salt[SALT_SIZE];
	size_t count;
	struct line line[LINES_MAX];
};

/* Return: the file, which no other process has locked; NULL with errno. */
static FILE *open_locked(void)
{
	FILE *file = NULL;
	char path[HOME_PATH_SIZE];
	int descriptor;

	if (!home_find(path, &home_state, "tumbler/used")) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	home_make_directories(path);
	descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (descriptor < 0)
		return NULL;
	if (kept_file_lock(descriptor))
		file = fdopen(descriptor, "r+");
	if (!file)
		close(descriptor);
	return file;
}

static bool read_salt(FILE *file, unsigned char salt[SALT_SIZE])
{
	size_t i;

	if (fscanf(file, "salt ") == EOF)
		return false;
	for (i = 0; i < SALT_SIZE; i++)
		if (fscanf(file, "%2hhx", &salt[i]) != 1)
			return false;
	return true;
}

/* A file that is empty or damaged is begun anew. Lines of no use are left out. */
static bool state_read(FILE *file, struct state *state, u32 now)
{
	struct line line;

	state->count = 0;
	if (!read_salt(file, state->salt))
		return RAND_bytes(state->salt, SALT_SIZE) == 1;
	while (state->count < LINES_MAX - 1 &&
	       fscanf(file, "%8" SCNx32 " %10" SCNu32, &line.hash, &line.minute) == 2)
		if (line.minute + KEPT > now && line.minute <= now + AHEAD_MAX)
			state->line[state->count++] = line;
	return true;
}

static bool state_write(FILE *file, const struct state *state)
{
	size_t i;

	rewind(file);
	if (ftruncate(fileno(file), 0))
		return false;
	fputs("salt ", file);
	for (i = 0; i < SALT_SIZE; i++)
		fprintf(file, "%02x", state->salt[i]);
	fputc('\n', file);
	for (i = 0; i < state->count; i++)
		fprintf(file, "%08" PRIx32 " %" PRIu32 "\n", state->line[i].hash,
			state->line[i].minute);
	return !fflush(file) && !ferror(file);
}

static u32 hash_of(const struct state *state, const struct target *target,
		   const struct url *url)
{
	unsigned char message[SALT_SIZE + 2 * 16 + 2 + SECRET_SIZE_MAX];
	unsigned char hash[SHA256_DIGEST_LENGTH];
	unsigned char *at = message;
	u32 short_hash;

	memcpy(at, state->salt, SALT_SIZE);
	at += SALT_SIZE;
	memcpy(at, target->server.bytes, 16);
	at += 16;
	memcpy(at, target->source.bytes, 16);
	at += 16;
	*at++ = (unsigned char)(url->port >> 8);
	*at++ = (unsigned char)(url->port & 0xff);
	memcpy(at, url->secret.bytes, url->secret.length);
	at += url->secret.length;
	SHA256(message, (size_t)(at - message), hash);
	OPENSSL_cleanse(message, sizeof(message));
	memcpy(&short_hash, hash, sizeof(short_hash));
	return short_hash;
}

/* Return: the line of a hash, or the one behind the last. */
static struct line *state_find(struct state *state, u32 hash)
{
	struct line *line = state->line;

	while (line < state->line + state->count && line->hash != hash)
		line++;
	return line;
}

/* Return: whether the minute was free, and is taken now; if not @next is set. */
static bool state_take(struct state *state, u32 hash, u32 minute, u32 *next)
{
	struct line *line = state_find(state, hash);

	if (line == state->line + state->count) {
		state->count++;
	} else if (line->minute >= minute) {
		*next = line->minute + 1;
		return false;
	}
	line->hash = hash;
	line->minute = minute;
	return true;
}

/**
 * state_claim() - take a minute for a knock
 * @target: the server, and where we knock from
 * @url: the secret and the port
 * @minute: since the epoch
 * @next: receives the first minute that is free, if this one is not
 *
 * Two processes never get the same minute. Where nothing can be kept, that is
 * said, and the minute is taken to be free.
 *
 * Return: whether to knock now
 */
bool state_claim(const struct target *target, const struct url *url, u32 minute, u32 *next)
{
	struct state state;
	bool is_free = true;
	FILE *file = open_locked();

	if (!file || !state_read(file, &state, minute)) {
		complain("used minutes cannot be kept: %s; a second knock in this minute will be lost, set XDG_STATE_HOME to a directory that can be written",
			 strerror(errno));
	} else {
		is_free = state_take(&state, hash_of(&state, target, url), minute, next);
		if (!state_write(file, &state))
			complain("used minutes cannot be written: %s; a second knock in this minute will be lost",
				 strerror(errno));
	}
	if (file)
		fclose(file);
	return is_free;
}

/**
 * state_release() - give back the minute of a knock that was not sent
 * @target: as it was claimed
 * @url: as it was claimed
 * @minute: as it was claimed
 *
 * What cannot be given back, for whatever reason, costs no more than that minute.
 */
void state_release(const struct target *target, const struct url *url, u32 minute)
{
	FILE *file = open_locked();
	struct state state;
	struct line *line;

	if (file && state_read(file, &state, minute)) {
		line = state_find(&state, hash_of(&state, target, url));
		/* The minutes before it stay used. */
		if (line < state.line + state.count && line->minute == minute) {
			line->minute = minute - 1;
			state_write(file, &state);
		}
	}
	if (file)
		fclose(file);
}
