// SPDX-License-Identifier: GPL-2.0
/*
 * The process for a client, watched at each system call: whenever it is another user, no
 * other process of that user may look into it.
 */
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "serve_child.h"

/* Anybody who is not root. */
#define USER 65534

/**
 * struct look - what is seen of the process
 * @uid: the effective one
 * @capabilities: it may have
 * @stuck: it gets no others
 * @open: others of its user may look into it, but for what it may more than they
 */
struct look {
	unsigned int uid;
	unsigned long long capabilities;
	unsigned int stuck;
	bool open;
};

static struct look look_at(pid_t pid)
{
	struct look look = { .uid = ~0U };
	char path[64], line[256];
	struct stat memory;
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	assert_int_equal(stat(path, &memory), 0);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		found += sscanf(line, "Uid: %*u %u", &look.uid) == 1 ||
			 sscanf(line, "CapPrm: %llx", &look.capabilities) == 1 ||
			 sscanf(line, "NoNewPrivs: %u", &look.stuck) == 1;
	fclose(file);
	assert_int_equal(found, 3);
	/* Of who may not be looked into all there is root's. */
	look.open = memory.st_uid == look.uid;
	return look;
}

/* In a process of its own, which is traced from here on. */
static void start(void)
{
	struct user user = { .set = true, .uid = USER, .gid = USER, .groups = 1,
			     .group = { USER } };
	int client[2], channel;

	if (ptrace(PTRACE_TRACEME, 0, 0, 0) || raise(SIGSTOP) ||
	    socketpair(AF_UNIX, SOCK_STREAM, 0, client) ||
	    serve_start(serve_open_program(), &user, client[0], &channel) < 0)
		_exit(1);
	for (;;)
		pause();
}

/* Return: which system call it begins; -1 for none. */
static long begins(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY ? (long)info.entry.nr : -1;
}

/* libc may use the one for the other. */
static bool is_alarm(long call)
{
#ifdef SYS_alarm
	if (call == SYS_alarm)
		return true;
#endif
	return call == SYS_setitimer;
}

/* Return: the process for the client, stopped when it has just begun. */
static pid_t next_child(pid_t parent)
{
	unsigned long child = 0;
	int status;

	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_true(WIFSTOPPED(status));
	assert_int_equal(ptrace(PTRACE_SETOPTIONS, parent, 0,
				PTRACE_O_TRACEFORK | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL), 0);
	assert_int_equal(ptrace(PTRACE_CONT, parent, 0, 0), 0);
	assert_int_equal(waitpid(parent, &status, 0), parent);
	assert_int_equal(status >> 8, SIGTRAP | PTRACE_EVENT_FORK << 8);
	assert_int_equal(ptrace(PTRACE_GETEVENTMSG, parent, 0, &child), 0);
	assert_int_equal(ptrace(PTRACE_CONT, parent, 0, 0), 0);
	assert_int_equal(waitpid((pid_t)child, &status, 0), child);
	assert_true(WIFSTOPPED(status));
	return (pid_t)child;
}

static void test_rights(void **state)
{
	bool limited = false;
	int status, told = 0;
	struct look look;
	pid_t parent, child;
	long call;

	(void)state;
	if (geteuid())
		skip();
	parent = fork();
	if (!parent)
		start();
	child = next_child(parent);
	/* Who it is comes first, then the key. */
	while (told < 2) {
		assert_int_equal(ptrace(PTRACE_SYSCALL, child, 0, 0), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSTOPPED(status));
		look = look_at(child);
		assert_true(look.uid != USER || look.capabilities || !look.open);
		call = begins(child);
		told += call == SYS_recvfrom;
		limited |= is_alarm(call);
	}
	assert_true(limited);
	assert_int_equal(look.uid, USER);
	assert_int_equal(look.capabilities, 0);
	assert_int_equal(look.stuck, 1);
	assert_false(look.open);
	kill(child, SIGKILL);
	kill(parent, SIGKILL);
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights),
	};

	/* What serve_start() runs. */
	if (argc == 2 && !strcmp(argv[1], SERVE_CHILD_WORD))
		return serve_child();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
