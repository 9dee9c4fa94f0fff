// SPDX-License-Identifier: GPL-2.0
/*
 * fillns COUNT: as a user without privileges, make COUNT user namespaces with a network
 * namespace each, and stop (SIGSTOP), called `made'. When continued, fill them with
 * doors, then with keys, until everything is refused, and stop, called `filled'. When
 * continued, delete all doors, tell what happened, and end.
 *
 * All this is one process that takes no memory while it fills: what is refused then is
 * what it asked the module for. The namespaces live by their sockets; who owns a user
 * namespace may do in it what its root may.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "refusal.h"

#define COUNT_MAX 1000
#define DOORS_MAX 64
#define KEYS_MAX 128

/**
 * struct filled - a namespace
 * @sock: a socket of it
 * @doors: how many it got
 * @keys: how many the first door got
 * @refusals: what was refused with -ENOMEM and a sentence: 1 a door, 2 a key
 */
struct filled {
	struct nl_sock *sock;
	int doors, keys;
	int refusals;
};

static struct filled namespaces[COUNT_MAX];
static char last_sentence[256];
static int odd_errors, silent_errors;

static void fail(const char *what)
{
	fprintf(stderr, "fillns: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Send @fd, or with -1 receive one. */
static int pass(int channel, int fd)
{
	char room[CMSG_SPACE(sizeof(fd))] = { 0 }, byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = room,
			      .msg_controllen = sizeof(room) };
	struct cmsghdr *part = CMSG_FIRSTHDR(&msg);

	if (fd < 0) {
		if (recvmsg(channel, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg))
			memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
		return fd;
	}
	part->cmsg_level = SOL_SOCKET;
	part->cmsg_type = SCM_RIGHTS;
	part->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(part), &fd, sizeof(fd));
	return sendmsg(channel, &msg, 0) == 1 ? 0 : -1;
}

static int new_namespace(void)
{
	int pair[2], fd;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		fail("socketpair");
	child = fork();
	if (!child) {
		close(pair[0]);
		_exit(unshare(CLONE_NEWUSER | CLONE_NEWNET) || !refusal_connect() ||
		      pass(pair[1], refusal_socket()));
	}
	close(pair[1]);
	fd = pass(pair[0], -1);
	close(pair[0]);
	waitpid(child, NULL, 0);
	return fd;
}

static void put(struct request *request, int type, const void *data, size_t length)
{
	struct part *part = &request->part[request->count++];

	part->type = (uint16_t)type;
	part->length = (uint16_t)length;
	memcpy(part->data, data, length);
}

static void put_name(struct request *request, int type, char letter, int number)
{
	char name[KNOCK_NAME_SIZE];
	int length = snprintf(name, sizeof(name), "%c%d", letter, number);

	put(request, type, name, (size_t)length + 1);
}

/* A request by the socket of @in; whether it was granted. A refusal is noted. */
static bool ask(struct filled *in, const struct request *request, int note)
{
	struct answer answer;

	refusal_use(in->sock);
	answer = refusal_send(request, NULL);
	if (!answer.error)
		return true;
	if (answer.error != -ENOMEM)
		odd_errors++;
	else if (!answer.sentence[0])
		silent_errors++;
	else
		in->refusals |= note;
	memcpy(last_sentence, answer.sentence, sizeof(last_sentence));
	return false;
}

static bool add_door(struct filled *in)
{
	static struct request request;
	struct knock_service any = { 0 };

	memset(&request, 0, sizeof(request));
	request.command = KNOCK_CMD_DOOR_ADD;
	put_name(&request, KNOCK_A_DOOR_NAME, 'd', in->doors);
	put(&request, KNOCK_A_DOOR_SERVICES, &any, sizeof(any));
	if (!ask(in, &request, 1))
		return false;
	in->doors++;
	return true;
}

static bool add_key(struct filled *in)
{
	static struct request request;
	uint8_t type = KNOCK_KEY_TYPE_TUMBLER, action = KNOCK_KEY_ACTION_OPEN;
	char secret[32];
	int length;

	memset(&request, 0, sizeof(request));
	request.command = KNOCK_CMD_KEY_ADD;
	put_name(&request, KNOCK_A_DOOR_NAME, 'd', 0);
	put_name(&request, KNOCK_A_KEY_NAME, 'k', in->keys);
	put(&request, KNOCK_A_KEY_TYPE, &type, sizeof(type));
	put(&request, KNOCK_A_KEY_ACTION, &action, sizeof(action));
	length = snprintf(secret, sizeof(secret), "secret number %d", in->keys);
	put(&request, KNOCK_A_KEY_SECRET, secret, (size_t)length);
	if (!ask(in, &request, 2))
		return false;
	in->keys++;
	return true;
}

/* In turn, as many users would, until nobody gets any more. */
static void fill(int count)
{
	bool more = true;
	int i;

	while (more) {
		more = false;
		for (i = 0; i < count; i++)
			if (namespaces[i].doors < DOORS_MAX && !namespaces[i].refusals)
				more |= add_door(&namespaces[i]);
	}
	for (i = 0; i < count; i++)
		while (namespaces[i].doors && namespaces[i].keys < KEYS_MAX &&
		       add_key(&namespaces[i]))
			;
}

static void empty(int count)
{
	static struct request request;
	int i;

	for (i = 0; i < count; i++) {
		while (namespaces[i].doors > 0) {
			memset(&request, 0, sizeof(request));
			request.command = KNOCK_CMD_DOOR_DEL;
			put_name(&request, KNOCK_A_DOOR_NAME, 'd', --namespaces[i].doors);
			ask(&namespaces[i], &request, 0);
		}
	}
}

static void tell(int count)
{
	int doors = 0, keys = 0, refused = 0, short_of_keys = 0, i;

	for (i = 0; i < count; i++) {
		doors += namespaces[i].doors;
		keys += namespaces[i].keys;
		refused += namespaces[i].refusals & 1;
		short_of_keys += !!(namespaces[i].refusals & 2);
	}
	empty(count);
	printf("doors %d keys %d\nrefused-a-door %d refused-a-key %d\n", doors, keys, refused,
	       short_of_keys);
	printf("without-a-sentence %d other-errors %d\nlast %s\n", silent_errors, odd_errors,
	       last_sentence);
}

static void stop(const char *called)
{
	prctl(PR_SET_NAME, called);
	raise(SIGSTOP);
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0, i;

	if (count < 1 || count > COUNT_MAX) {
		fprintf(stderr, "usage: fillns COUNT\n");
		return 2;
	}
	for (i = 0; i < count; i++) {
		namespaces[i].sock = refusal_adopt(new_namespace());
		if (!namespaces[i].sock)
			fail("no namespace");
	}
	/* Every page that filling takes is touched now: one of each, and back. */
	if (!refusal_connect() || !add_door(&namespaces[0]) || !add_key(&namespaces[0]))
		fail(last_sentence);
	namespaces[0].keys = 0;
	empty(1);
	if (mlockall(MCL_CURRENT))
		fail("mlockall");
	stop("made");
	fill(count);
	stop("filled");
	tell(count);
	return 0;
}
