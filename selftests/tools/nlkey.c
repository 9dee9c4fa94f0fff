// SPDX-License-Identifier: GPL-2.0
/*
 * nlkey: a sealed key whose secret is given and which may yet be used at once. knockctl
 * says only of what it generates that no knock was ever made with it; vectors have their
 * keys. With a door and a key alone: that key's end.
 */
#include <stdio.h>
#include <string.h>

#include "requests.h"
#include "words.h"

static const char usage[] = "usage: nlkey DOOR KEY [HEX SKEW]\n";

static struct request make_add(char **words)
{
	struct request request = request_make("key-add", KNOCK_CMD_KEY_ADD, words[0]);
	static const uint8_t type = KNOCK_KEY_TYPE_SEALED;
	u8 secret[32];

	request_add_text(&request, KNOCK_A_KEY_NAME, words[1], true);
	request_add(&request, KNOCK_A_KEY_TYPE, &type, sizeof(type), true);
	request_add(&request, KNOCK_A_KEY_SECRET, secret,
		    word_hex(words[2], secret, sizeof(secret)), true);
	request_add(&request, KNOCK_A_KEY_FRESH, "", 0, false);
	request_add_u32(&request, KNOCK_A_KEY_SKEW_SEC, (uint32_t)word_number(words[3], 0, 300));
	return request;
}

static struct request make_del(char **words)
{
	struct request request = request_make("key-del", KNOCK_CMD_KEY_DEL, words[0]);

	request_add_text(&request, KNOCK_A_KEY_NAME, words[1], true);
	return request;
}

int main(int argc, char **argv)
{
	struct request request;
	struct answer answer;

	if ((argc != 3 && argc != 5) || strlen(argv[1]) >= KNOCK_NAME_SIZE ||
	    strlen(argv[2]) >= KNOCK_NAME_SIZE) {
		fputs(usage, stderr);
		return 2;
	}
	if (!refusal_connect())
		die("no family `knock' here: is the module loaded?");
	request = argc == 5 ? make_add(argv + 1) : make_del(argv + 1);
	answer = refusal_send(&request, NULL);
	if (answer.error)
		die("%s: %s", request.name, answer.sentence);
	return 0;
}
