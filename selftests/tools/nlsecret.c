// SPDX-License-Identifier: GPL-2.0
/*
 * nlsecret: keys whose secrets somebody else can tell by the seed, sent by a program that
 * leaves none of them behind: what it has of them it wipes, and no file has any, but one
 * that it is asked to write and to wipe.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "requests.h"
#include "seeded.h"
#include "words.h"

static const char usage[] =
"usage: nlsecret SEED add DOOR tumbler|sealed|once|derived FIRST COUNT\n"
"       nlsecret SEED refused DOOR FIRST\n"
"       nlsecret SEED write FILE OFFSET NUMBER\n"
"       nlsecret SEED wipe FILE OFFSET\n"
"Numbers are those of secrets; a key is called kNUMBER. `refused' sends what is wrong in\n"
"one way each, and says how many; FILE gets hex digits in the place of what is there.\n";

static uint64_t seed;
/* The only place for secrets. */
static struct request request;

static void add_u8(int type, uint8_t value)
{
	request_add(&request, type, &value, sizeof(value), false);
}

static void add_secret(uint32_t number)
{
	struct part *part = &request.part[request.count++];

	part->type = KNOCK_A_KEY_SECRET;
	part->length = SEEDED_SIZE;
	seeded_secret(seed, number, part->data);
}

static void begin(const char *door, uint32_t number, uint8_t type)
{
	char name[KNOCK_NAME_SIZE];

	snprintf(name, sizeof(name), "k%u", number);
	request = request_make("key-add", KNOCK_CMD_KEY_ADD, door);
	request_add_text(&request, KNOCK_A_KEY_NAME, name, true);
	if (type)
		add_u8(KNOCK_A_KEY_TYPE, type);
}

static struct answer send_and_wipe(void)
{
	struct answer answer = refusal_send(&request, NULL);

	explicit_bzero(&request, sizeof(request));
	return answer;
}

static void add_keys(const char *door, const char *type, uint32_t first, uint32_t count)
{
	struct answer answer;
	uint32_t i;

	for (i = first; i < first + count; i++) {
		if (!strcmp(type, "tumbler")) {
			begin(door, i, KNOCK_KEY_TYPE_TUMBLER);
		} else if (!strcmp(type, "sealed")) {
			begin(door, i, KNOCK_KEY_TYPE_SEALED);
		} else {
			begin(door, i, KNOCK_KEY_TYPE_SEQUENCE);
			add_u8(KNOCK_A_KEY_SEQUENCE, strcmp(type, "once") ?
						     KNOCK_SEQUENCE_KIND_DERIVED :
						     KNOCK_SEQUENCE_KIND_ONCE);
		}
		add_secret(i);
		answer = send_and_wipe();
		if (answer.error)
			die("key k%u: %s", i, answer.sentence);
	}
}

/* Wrong in the @way, of which there are as many. Return: false beyond the last. */
static bool begin_bad(const char *door, uint32_t number, uint32_t way)
{
	static const uint8_t types[] = {
		KNOCK_KEY_TYPE_TUMBLER, 0, KNOCK_KEY_TYPE_TUMBLER, KNOCK_KEY_TYPE_SEALED,
		KNOCK_KEY_TYPE_SEALED, KNOCK_KEY_TYPE_SEALED, KNOCK_KEY_TYPE_SEQUENCE,
		KNOCK_KEY_TYPE_TUMBLER,
	};

	if (way >= sizeof(types))
		return false;
	begin(way == 0 ? "nowhere" : door, number, types[way]);
	add_secret(number);
	switch (way) {
	case 2:
		request_add_u32(&request, KNOCK_A_MAX + 1, 1);
		break;
	case 3:
		request.part[request.count - 1].length++;
		break;
	case 4:
		add_u8(KNOCK_A_KEY_ACTION, KNOCK_KEY_ACTION_OPEN);
		break;
	case 5:
		request_add_u32(&request, KNOCK_A_KEY_SKEW_SEC, 301);
		break;
	case 6:
		add_u8(KNOCK_A_KEY_SEQUENCE, KNOCK_SEQUENCE_KIND_STATIC);
		break;
	case 7:
		request.lie = 3;
		break;
	}
	return true;
}

static uint32_t send_bad(const char *door, uint32_t first)
{
	uint32_t way;

	for (way = 0; begin_bad(door, first + way, way); way++)
		if (!send_and_wipe().error)
			die("way %u was not refused", way);
	return way;
}

/* By bytes, for the same reason as they came; what is left would be taken for a leak. */
static void wipe_text(unsigned char *text)
{
	int i;

	for (i = 0; i < SEEDED_TEXT; i++)
		text[i] = 0;
	/* Read what is there, not what was written. */
	__asm__ __volatile__("" : : : "memory");
	for (i = 0; i < SEEDED_TEXT; i++)
		if (text[i])
			die("digit %d could not be wiped", i);
}

/* Through memory that is the file's own, so that there is no other copy. */
static void fill_file(const char *path, uint32_t offset, bool wipe, uint32_t number)
{
	static unsigned char secret[SEEDED_SIZE];
	int descriptor = open(path, O_RDWR);
	unsigned char *text = MAP_FAILED;
	off_t end = descriptor < 0 ? 0 : lseek(descriptor, 0, SEEK_END);

	if (end >= (off_t)offset + SEEDED_TEXT)
		text = mmap(NULL, (size_t)end, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
	if (text == MAP_FAILED)
		die("%s has no room for %d digits, or cannot be written", path, SEEDED_TEXT);
	if (wipe) {
		wipe_text(text + offset);
	} else {
		seeded_secret(seed, number, secret);
		seeded_hex(secret, text + offset);
		explicit_bzero(secret, sizeof(secret));
	}
	munmap(text, (size_t)end);
	close(descriptor);
}

static uint32_t number_of(const char *word)
{
	return (uint32_t)word_number(word, 0, 100000);
}

static bool run(int words, char **word)
{
	if (words == 5 && !strcmp(word[0], "add"))
		add_keys(word[1], word[2], number_of(word[3]), number_of(word[4]));
	else if (words == 3 && !strcmp(word[0], "refused"))
		printf("%u\n", send_bad(word[1], number_of(word[2])));
	else if (words == 4 && !strcmp(word[0], "write"))
		fill_file(word[1], number_of(word[2]), false, number_of(word[3]));
	else if (words == 3 && !strcmp(word[0], "wipe"))
		fill_file(word[1], number_of(word[2]), true, 0);
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	if (argc < 4) {
		fputs(usage, stderr);
		return 2;
	}
	seed = (uint64_t)word_number(argv[1], 1, 0x7fffffff);
	if (!refusal_connect())
		die("no family `knock' here: is the module loaded?");
	if (run(argc - 2, argv + 2))
		return 0;
	fputs(usage, stderr);
	return 2;
}
