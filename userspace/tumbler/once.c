// SPDX-License-Identifier: GPL-2.0
/*
 * Knocking by the sequences of a book. Each opens once, so each goes to one address of
 * the host only. Whether it was heard nobody says; that the service behind the door
 * answers is a hint.
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
#include "stop.h"
#include "wait.h"

static const char none_left[] =
	"the book seems used up; --wait tries all of it again, and knockctl rotate makes more";

/* For an answer whose first packet was lost, too. */
#define LOOK_MS 2000

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
		complain("%s", none_left);
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

/**
 * enum pass - who must get in goes through his book in this order
 * @TO_THE_END: behind the last that was tried
 * @NOT_USED: before that, and not used, as far as can be told
 * @ALL: and then all of it, which finds what is good in any case
 */
enum pass { TO_THE_END, NOT_USED, ALL };

/**
 * struct walk - one that is under way
 * @began: it has
 * @pass: where it is
 * @from: number that had been tried before it
 * @last: number that was tried last in this pass; in the first the book has it
 */
struct walk {
	bool began;
	enum pass pass;
	u64 from;
	u64 last;
};

static const struct book_entry *choose_next(const struct book *book, void *context)
{
	(void)context;
	return book_next(book);
}

static void begin_pass(struct walk *walk, enum pass pass, u64 last)
{
	walk->pass = pass;
	walk->last = last;
}

static const struct book_entry *choose_in_walk(const struct book *book, void *context)
{
	const struct book_entry *chosen = NULL;
	struct walk *walk = context;

	if (!walk->began)
		walk->from = book->tried;
	walk->began = true;
	if (walk->pass == TO_THE_END) {
		chosen = book_behind(book, book->tried);
		if (!chosen)
			begin_pass(walk, NOT_USED, book->answered);
	}
	if (walk->pass == NOT_USED) {
		chosen = book_behind(book, walk->last);
		if (!walk->last || !chosen || chosen->number > walk->from) {
			begin_pass(walk, ALL, 0);
			chosen = NULL;
		}
	}
	if (walk->pass == ALL)
		chosen = book_behind(book, walk->last);
	if (chosen)
		walk->last = chosen->number;
	return chosen;
}

/**
 * enum outcome - what came of knocking once
 * @SENT: a sequence
 * @NONE_LEFT: there is none to be tried
 * @FAILED: it is said why
 */
enum outcome { SENT, NONE_LEFT, FAILED };

/* One that @walk chooses, or else the next. */
static enum outcome send_chosen(const struct target *target, const struct errand *errand,
				struct walk *walk, u64 *number)
{
	const struct chooser chooser = { walk ? choose_in_walk : choose_next, walk };
	char why[BOOKS_WHY_SIZE];
	struct claim claim;
	bool sent;

	if (!books_claim(&claim, errand->options->name, &chooser, why)) {
		if (*why)
			complain("%s", why);
		return *why ? FAILED : NONE_LEFT;
	}
	if (claim.again && !walk && !errand->ports->service)
		complain("all sequences of the book were tried, and are tried again now; one that was used already makes the server ban this address for some minutes, so write the TCP port behind the door into the profile, as service = PORT");
	*number = claim.entry.number;
	sent = send_entry(target, errand, &claim.entry);
	OPENSSL_cleanse(&claim, sizeof(claim));
	return sent ? SENT : FAILED;
}

/* Return: whether the next one was sent; if not it is said why. */
static bool send_next(const struct target *target, const struct errand *errand, u64 *number)
{
	enum outcome outcome = send_chosen(target, errand, NULL, number);

	if (outcome == NONE_LEFT)
		complain("%s", none_left);
	return outcome == SENT;
}

static void note_answer(const struct errand *errand, u64 number)
{
	char why[BOOKS_WHY_SIZE];
	size_t left;

	if (!books_answered(errand->options->name, number, &left, why))
		complain("that the service answered cannot be noted: %s", why);
	else if (left < BOOK_FEW && !errand->connection)
		complain("the book of this profile has %zu sequences left; knockctl rotate on the server makes more, and tumbler import takes them",
			 left);
}

static bool answers(const struct target *target, const struct errand *errand)
{
	struct target_list one = { .count = 1 };
	u16 port = errand->options->wait_port ? errand->options->wait_port :
						errand->ports->service;

	one.target[0] = *target;
	return port && wait_port_answers(&one, port, LOOK_MS, errand->connection);
}

static bool open_once(const struct target *target, const struct errand *errand)
{
	u64 number;

	if (!send_next(target, errand, &number))
		return false;
	if (answers(target, errand))
		note_answer(errand, number);
	else if (errand->ports->service)
		complain("sequence %llu was knocked, but TCP port %u does not answer; --wait tries the others, too",
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
		note_answer(errand, number);
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
 * once_until_answer() - go through the book, until a TCP port of the host answers
 * @targets: where: to the first of them
 * @errand: with what
 *
 * Return: whether it answered; if not it is said why, unless a signal came.
 */
bool once_until_answer(const struct target_list *targets, const struct errand *errand)
{
	const struct target *target = &targets->target[0];
	struct walk walk = { 0 };
	enum outcome outcome = SENT;
	unsigned int tries;
	u64 number;

	for (tries = 0; !stop_asked(); tries++) {
		outcome = send_chosen(target, errand, &walk, &number);
		if (outcome != SENT)
			break;
		if (!answers(target, errand))
			continue;
		note_answer(errand, number);
		return true;
	}
	if (outcome == NONE_LEFT)
		complain("TCP port %u of %.200s answered after none of %u knocks, which were all of the book; check which address the server sees (--source, -4, -6), and have knockctl rotate on it make more",
			 errand->options->wait_port, errand->options->url.host, tries);
	return false;
}
