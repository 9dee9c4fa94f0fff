// SPDX-License-Identifier: GPL-2.0
/* Asking for a secret on the terminal, without showing it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>

#include "prompt.h"

/* What ends or stops a program whose terminal is not echoing. */
static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGPIPE };

#define ENDINGS (sizeof(ending) / sizeof(ending[0]))

/**
 * struct signals - how signals were handled before the prompt
 * @mask: what was blocked
 * @action: of each in ending[]
 */
struct signals {
	sigset_t mask;
	struct sigaction action[ENDINGS];
};

/* Lock-free, so that a handler may set it. */
static atomic_int caught;

static void catch(int number)
{
	caught = number;
}

/* They stay blocked but within pselect(), so that none slips in before it. */
static void signals_take(struct signals *before)
{
	struct sigaction action = { .sa_handler = catch };
	sigset_t block;
	size_t i;

	sigemptyset(&block);
	for (i = 0; i < ENDINGS; i++)
		sigaddset(&block, ending[i]);
	sigprocmask(SIG_BLOCK, &block, &before->mask);

	caught = 0;
	sigemptyset(&action.sa_mask);
	for (i = 0; i < ENDINGS; i++) {
		sigaction(ending[i], NULL, &before->action[i]);
		/* Ignored under nohup, or by a shell without job control. */
		if (before->action[i].sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
}

static void signals_give_back(const struct signals *before)
{
	size_t i;

	for (i = 0; i < ENDINGS; i++)
		sigaction(ending[i], &before->action[i], NULL);
	if (caught)
		raise(caught);
	/* A signal that was caught is delivered here, the terminal restored. */
	sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

static bool write_text(int terminal, const char *text)
{
	size_t length = strlen(text);

	return write(terminal, text, length) == (ssize_t)length;
}

/* Return: what read() returned; -1 with EINTR if a signal came first. */
static ssize_t read_line(int terminal, const sigset_t *mask, struct secret *secret)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(terminal, &set);
	if (pselect(terminal + 1, &set, NULL, NULL, NULL, mask) < 0)
		return -1;
	/* The terminal hands out whole lines. */
	return read(terminal, secret->bytes, sizeof(secret->bytes));
}

static ssize_t ask_silently(int terminal, const char *question, struct secret *secret)
{
	struct termios before, silent;
	struct signals signals;
	ssize_t got = -1;

	if (tcgetattr(terminal, &before))
		return -1;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
	silent.c_lflag |= ICANON | ISIG;

	signals_take(&signals);
	/* TCSAFLUSH: what was typed before was typed while it could be read. */
	if (!tcsetattr(terminal, TCSAFLUSH, &silent) && write_text(terminal, question))
		got = read_line(terminal, &signals.mask, secret);
	tcsetattr(terminal, TCSAFLUSH, &before);
	write_text(terminal, "\n");
	signals_give_back(&signals);
	return got;
}

/**
 * prompt_secret() - ask for a secret on the terminal, without echo
 * @secret: where to put it; wiped on failure
 * @question: what is asked, with what separates it from the answer
 * @why: a sentence, on failure
 *
 * A signal that ends or stops the program does so with the terminal restored;
 * when the program goes on, the question is asked again.
 *
 * Return: true, with 1 to 255 bytes; or false.
 */
bool prompt_secret(struct secret *secret, const char *question, char why[SECRET_WHY_SIZE])
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	ssize_t got;

	if (terminal < 0) {
		snprintf(why, SECRET_WHY_SIZE,
			 "the secret cannot be asked for, since there is no terminal: %s",
			 strerror(errno));
		return false;
	}
	do {
		got = ask_silently(terminal, question, secret);
	} while (got < 0 && errno == EINTR);
	close(terminal);

	if (got < 0)
		snprintf(why, SECRET_WHY_SIZE, "the secret cannot be read from the terminal: %s",
			 strerror(errno));
	else if (got <= 1)
		snprintf(why, SECRET_WHY_SIZE, "no secret was typed, it has 1 to %d bytes",
			 SECRET_SIZE_MAX);
	else if (got > SECRET_SIZE_MAX + 1)
		snprintf(why, SECRET_WHY_SIZE, "the secret is too long, it has 1 to %d bytes",
			 SECRET_SIZE_MAX);
	if (got <= 1 || got > SECRET_SIZE_MAX + 1) {
		secret_wipe(secret);
		return false;
	}
	/* The line end; what ^D sends off has none. */
	if (secret->bytes[got - 1] == '\n')
		got--;
	secret->length = (size_t)got;
	return true;
}
