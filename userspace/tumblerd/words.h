/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_WORDS_H
#define _TUMBLERD_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include <knock/address.h>

#include "name.h"

/* A command's program and its arguments. */
#define WORDS_MAX 64

/* Room for a sentence about what is wrong with a command. */
#define WORDS_WHY_SIZE 160

/**
 * struct words - a command, taken apart
 * @count: how many there are
 * @text: where they are; owned
 * @word: each of them, and NULL behind the last
 */
struct words {
	size_t count;
	char *text;
	char *word[WORDS_MAX + 1];
};

/**
 * struct subject - who a command is about
 * @ip: address of who knocked
 * @name: of the door
 * @key: its name; empty if the door was opened without one
 */
struct subject {
	char ip[KNOCK_ADDRESS_TEXT_SIZE];
	char name[NAME_SIZE];
	char key[NAME_SIZE];
};

bool words_split(struct words *words, const char *text, char why[WORDS_WHY_SIZE]);
bool words_fill(struct words *filled, const struct words *words, const struct subject *subject);
void words_free(struct words *words);

#endif /* _TUMBLERD_WORDS_H */
