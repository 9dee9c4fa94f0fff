// SPDX-License-Identifier: GPL-2.0
/*
 * Starting the process for a client: this program anew, so that nothing of what tumblerd
 * knows is in its memory, as another user, without rights, and with two descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

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

static bool drop_rights(const struct user *user)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	memset(none, 0, sizeof(none));
	return user_become(user) && !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) &&
	       !syscall(SYS_capset, &header, none) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* In the child of fork(). */
static void become_child(int program, const struct user *user, int client, int channel)
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
	    put_descriptors(channel, client, program) && drop_rights(user))
		fexecve(SERVE_CHILD_CLIENT + 1, words, environment);
	_exit(127);
}

/**
 * serve_start() - start the process for a client
 * @program: of serve_open_program()
 * @user: who it is to be
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
	pid = fork();
	if (!pid)
		become_child(program, user, client, pair[1]);
	error = errno;
	close(pair[1]);
	*channel = pair[0];
	if (pid < 0)
		close(pair[0]);
	errno = error;
	return pid;
}
