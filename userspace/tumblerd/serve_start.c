// SPDX-License-Identifier: GPL-2.0
/*
 * Starting the process for a client: this program anew, so that nothing of what tumblerd
 * knows is in its memory, and with two descriptors. It gives up its rights itself: who was
 * another user before exec could be looked into by that user's processes after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "serve_child.h"

/**
 * serve_open_program() - find the program that this process runs
 *
 * Return: a descriptor of it; -1 with errno.
 */
int serve_open_program(void)
{
	return open("/proc/self/exe", O_PATH | O_CLOEXEC);
}

/* Both to where they shall be, whatever is there now, and nothing but them. */
static bool put_descriptors(int channel, int client, int program)
{
	int null = open("/dev/null", O_RDWR), i;

	channel = fcntl(channel, F_DUPFD, 16);
	client = fcntl(client, F_DUPFD, 16);
	program = fcntl(program, F_DUPFD_CLOEXEC, 16);
	if (null < 0 || channel < 0 || client < 0 || program < 0)
		return false;
	for (i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		if (dup2(null, i) < 0)
			return false;
	if (dup2(channel, SERVE_CHILD_CHANNEL) < 0 || dup2(client, SERVE_CHILD_CLIENT) < 0 ||
	    dup2(program, SERVE_CHILD_CLIENT + 1) < 0 ||
	    fcntl(SERVE_CHILD_CLIENT + 1, F_SETFD, FD_CLOEXEC))
		return false;
	return !syscall(SYS_close_range, SERVE_CHILD_CLIENT + 2, ~0U, 0);
}

/* In the child of fork(). */
static void become_child(int program, int client, int channel)
{
	char name[] = "tumblerd", word[] = SERVE_CHILD_WORD;
	char *const words[] = { name, word, NULL }, *const environment[] = { NULL };
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	int signal;

	for (signal = 1; signal < NSIG; signal++)
		sigaction(signal, &action, NULL);
	sigemptyset(&none);
	if (!sigprocmask(SIG_SETMASK, &none, NULL) && !chdir("/") &&
	    put_descriptors(channel, client, program))
		fexecve(SERVE_CHILD_CLIENT + 1, words, environment);
	_exit(127);
}

/**
 * serve_start() - start the process for a client
 * @program: of serve_open_program()
 * @user: who it is to be; that is the first that it is told
 * @client: the client's connection; stays the caller's
 * @channel: receives our end of what we tell each other
 *
 * Return: its number; -1 with errno.
 */
pid_t serve_start(int program, const struct user *user, int client, int *channel)
{
	int pair[2], error;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return -1;
	pid = -1;
	if (send(pair[0], user, sizeof(*user), MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*user))
		pid = fork();
	if (!pid)
		become_child(program, client, pair[1]);
	error = errno;
	close(pair[1]);
	*channel = pair[0];
	if (pid < 0)
		close(pair[0]);
	errno = error;
	return pid;
}
