// SPDX-License-Identifier: GPL-2.0
/*
 * Knocking by the sequences of a book. Each opens once, so each goes to one address of
 * the host only. Whether it was heard nobody says: the service behind the door does, or
 * does not, and by that a sequence is struck out.
 */
#include <errno.h>
#include <stdio.h>

#include <openssl/crypto.h>

#include "books.h"
#include "complain.h"
#include "once.h"
#include "ports.h"
#include "send.h"
#include "steps.h"
#include "wait.h"

/* For an answer whose first packet was lost, too. */
#define LOOK_MS 2000
#define ROUND_MS 200000

/**
 * once_print() - print the ports of the next sequence, which stays the next
 * @targets: where
 * @errand: with what
 *
 * Return: whether they are printed; if not it is said why.
 */
bool once_print(const struct target_list *targets, const struct errand *errand)
{
	char text[KNOCK_SEQUENCE_TEXT_SIZE], why[BOOKS_WHY_SIZE];
	const struct book_entry *next;
	struct knock_sequence sequence;
	struct book book;
	bool good;

	if (!books_read(&book, errand->options->name, why)) {
		complain("%s", why);
		return false;
	}
	next = book_next(&book);
	good = next && ports_of_once(&sequence, errand->ports, next, &targets->target[0].source);
	if (good) {
		knock_sequence_format(text, &sequence);
		puts(text);
	} else if (!next) {
		complain("no sequence is left in the book of the profile; knockctl rotate on the server makes more");
	}
	book_wipe(&book);
	return good && !fflush(stdout);
}

static bool send_entry(const struct target *target, const struct errand *errand,
		       const struct book_entry *entry)
{
	struct knock_sequence sequence;

	if (!ports_of_once(&sequence, errand->ports, entry, &target->source))
		return false;
	if (steps_send(target, &sequence, errand->options->delay_ms))
		return true;
	send_complain(errno);
	return false;
}

/* Return: whether the next one of the book was sent; if not it is said why. */
static bool send_next(const struct target *target, const struct errand *errand, u64 *number)
{
	char why[BOOKS_WHY_SIZE];
	struct claim claim;
	bool sent;

	if (!books_claim(&claim, errand->options->name, why)) {
		complain("%s", why);
		return false;
	}
	if (claim.again && !errand->ports->service && !errand->options->wait_port)
		complain("all sequences of the book were tried, and are tried again now; one that was used already makes the server ban this address for some minutes, so write the TCP port behind the door into the profile, as service = PORT");
	*number = claim.entry.number;
	sent = send_entry(target, errand, &claim.entry);
	OPENSSL_cleanse(&claim, sizeof(claim));
	return sent;
}

static void strike(const struct errand *errand, u64 number)
{
	char why[BOOKS_WHY_SIZE];
	size_t left;

	if (!books_strike(errand->options->name, number, &left, why))
		complain("the sequence that was used now could not be struck out, and will be tried again: %s",
			 why);
	else if (left < BOOK_FEW)
		complain("the book of this profile has %zu sequences left; knockctl rotate on the server makes more, and tumbler import takes them",
			 left);
}

static bool answers(const struct target *target, const struct errand *errand)
{
	struct target_list one = { .count = 1 };
	u16 port = errand->options->wait_port ? errand->options->wait_port :
						errand->ports->service;

	one.target[0] = *target;
	return port && wait_port_answers(&one, port, LOOK_MS);
}

static bool open_once(const struct target *target, const struct errand *errand)
{
	u64 number;

	if (!send_next(target, errand, &number))
		return false;
	if (answers(target, errand))
		strike(errand, number);
	else if (errand->ports->service)
		complain("sequence %llu was knocked, but TCP port %u does not answer: it stays in the book; --wait tries the others, too",
			 (unsigned long long)number, errand->ports->service);
	return true;
}

/* A service that falls silent is an answer. */
static bool close_once(const struct target *target, const struct errand *errand)
{
	bool was_open = answers(target, errand);
	u64 number;

	if (!send_next(target, errand, &number))
		return false;
	if (was_open && !answers(target, errand))
		strike(errand, number);
	return true;
}

/**
 * once_knock() - knock the next sequence of the book
 * @targets: where: to the first of them
 * @errand: with what
 *
 * Return: whether it was sent; if not it is said why.
 */
bool once_knock(const struct target_list *targets, const struct errand *errand)
{
	return errand->ports->closes ? close_once(&targets->target[0], errand) :
				       open_once(&targets->target[0], errand);
}

/**
 * once_until_answer() - go through the book once, until a TCP port of the host answers
 * @targets: where: to the first of them
 * @errand: with what
 *
 * Return: whether it answered; if not it is said why.
 */
bool once_until_answer(const struct target_list *targets, const struct errand *errand)
{
	const struct options *options = errand->options;
	u64 end = wait_uptime_ms() + ROUND_MS, number;
	char why[BOOKS_WHY_SIZE];
	struct book book;
	size_t tries, i;

	if (!books_read(&book, options->name, why)) {
		complain("%s", why);
		return false;
	}
	tries = book.count ? book.count : 1;
	book_wipe(&book);
	for (i = 0; i < tries && wait_uptime_ms() < end; i++) {
		if (!send_next(&targets->target[0], errand, &number))
			return false;
		if (!answers(&targets->target[0], errand))
			continue;
		strike(errand, number);
		return true;
	}
	complain("TCP port %u of %.200s answered after none of %zu sequences of the book, the last was number %llu; see which are good by knockctl keys on the server, and check which address it sees (--source, -4, -6)",
		 options->wait_port, options->url.host, i, (unsigned long long)number);
	return false;
}
