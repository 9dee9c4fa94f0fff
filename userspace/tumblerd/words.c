// SPDX-License-Identifier: GPL-2.0
/*
 * The words of a command, as a shell would make them of its line: blanks, quotes and
 * backslashes. No shell ever sees it, so what only a shell could do is refused rather
 * than handed to a program that was not meant to get it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#define BLANKS " \t\r\n"

/* What a shell would take for more than a letter, outside quotes and in double ones. */
#define SPECIAL "|&;<>()$`*?["
#define SPECIAL_QUOTED "$`"
#define SPECIAL_FIRST "~#"

/**
 * struct splitting - a line on its way into words
 * @next: what is not read yet
 * @to: where the next letter goes
 * @quote: ' or " while inside, else NUL
 * @begun: there is a word, maybe an empty one
 * @why: gets a sentence
 */
struct splitting {
	const char *next;
	char *to;
	char quote;
	bool begun;
	char *why;
};

static bool refuse_special(struct splitting *splitting, char letter)
{
	snprintf(splitting->why, WORDS_WHY_SIZE,
		 "`%c' is for a shell, and none runs this; put it in '...', or write a script",
		 letter);
	return false;
}

/* Behind a backslash. */
static bool take_escaped(struct splitting *splitting)
{
	char letter = *splitting->next;

	if (!letter) {
		snprintf(splitting->why, WORDS_WHY_SIZE,
			 "it ends with a backslash, which has nothing to quote; leave it out");
		return false;
	}
	/* In double quotes it stays before all that it need not quote. */
	if (splitting->quote && !strchr("$`\"\\", letter))
		*splitting->to++ = '\\';
	*splitting->to++ = letter;
	splitting->next++;
	return true;
}

static bool take_letter(struct splitting *splitting)
{
	char letter = *splitting->next++;
	const char *special = splitting->quote ? SPECIAL_QUOTED : SPECIAL;
	bool first = !splitting->begun;

	splitting->begun = true;
	if (letter == splitting->quote) {
		splitting->quote = '\0';
		return true;
	}
	if (splitting->quote == '\'') {
		*splitting->to++ = letter;
		return true;
	}
	if (letter == '\\')
		return take_escaped(splitting);
	if (!splitting->quote && strchr("'\"", letter)) {
		splitting->quote = letter;
		return true;
	}
	if (strchr(special, letter) || (first && strchr(SPECIAL_FIRST, letter)))
		return refuse_special(splitting, letter);
	*splitting->to++ = letter;
	return true;
}

static bool take_word(struct words *words, struct splitting *splitting)
{
	if (words->count == WORDS_MAX) {
		snprintf(splitting->why, WORDS_WHY_SIZE,
			 "it has more than %d words, put it into a script", WORDS_MAX);
		return false;
	}
	words->word[words->count++] = splitting->to;
	splitting->begun = false;
	while (*splitting->next && (splitting->quote || !strchr(BLANKS, *splitting->next)))
		if (!take_letter(splitting))
			return false;
	if (splitting->quote) {
		snprintf(splitting->why, WORDS_WHY_SIZE,
			 "a %s quote is not closed, write another one where it is to end",
			 splitting->quote == '"' ? "double" : "single");
		return false;
	}
	*splitting->to++ = '\0';
	return true;
}

/**
 * words_split() - take a command apart
 * @words: where to; to be freed with words_free(), whatever comes of it
 * @text: the command
 * @why: gets a sentence if it is none
 *
 * Return: true; false if it has no words, or is one for a shell.
 */
bool words_split(struct words *words, const char *text, char why[WORDS_WHY_SIZE])
{
	struct splitting splitting = { .next = text, .why = why };

	memset(words, 0, sizeof(*words));
	/* Words are no longer than their text: a blank becomes a NUL, and quotes go. */
	words->text = malloc(strlen(text) + 1);
	splitting.to = words->text;
	if (!words->text) {
		snprintf(why, WORDS_WHY_SIZE, "out of memory, free some and try again");
		return false;
	}
	for (;;) {
		splitting.next += strspn(splitting.next, BLANKS);
		if (!*splitting.next)
			break;
		if (!take_word(words, &splitting))
			return false;
	}
	if (!words->count)
		snprintf(why, WORDS_WHY_SIZE, "it has no words, name a program");
	return words->count;
}

/* What stands for @at, which it is moved behind; NULL if it is a letter like others. */
static const char *value_at(const char **at, const struct subject *subject)
{
	const struct {
		const char *name;
		const char *value;
	} values[] = {
		{ "%IP%", subject->ip }, { "%NAME%", subject->name }, { "%KEY%", subject->key },
	};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (strncmp(*at, values[i].name, strlen(values[i].name)))
			continue;
		*at += strlen(values[i].name);
		return values[i].value;
	}
	return NULL;
}

/* Writes @word to @to, unless that is NULL. Return: its length. */
static size_t fill_word(char *to, const char *word, const struct subject *subject)
{
	size_t length = 0;
	const char *value;

	while (*word) {
		value = value_at(&word, subject);
		if (!value) {
			if (to)
				to[length] = *word;
			length++;
			word++;
			continue;
		}
		if (to)
			memcpy(to + length, value, strlen(value));
		length += strlen(value);
	}
	if (to)
		to[length] = '\0';
	return length;
}

/**
 * words_fill() - put in who a command is about
 * @filled: where to; to be freed with words_free(), whatever comes of it
 * @words: the command
 * @subject: who it is about
 *
 * Each word stays one, whatever is put in, and is not looked at again.
 *
 * Return: true; false if there was no memory.
 */
bool words_fill(struct words *filled, const struct words *words, const struct subject *subject)
{
	size_t size = 0, i;
	char *to;

	memset(filled, 0, sizeof(*filled));
	for (i = 0; i < words->count; i++)
		size += fill_word(NULL, words->word[i], subject) + 1;
	filled->text = malloc(size);
	if (!filled->text)
		return false;
	to = filled->text;
	for (i = 0; i < words->count; i++) {
		filled->word[i] = to;
		to += fill_word(to, words->word[i], subject) + 1;
	}
	filled->count = words->count;
	return true;
}

/**
 * words_free() - free what words are in
 * @words: split or filled; has none afterwards
 */
void words_free(struct words *words)
{
	free(words->text);
	memset(words, 0, sizeof(*words));
}
