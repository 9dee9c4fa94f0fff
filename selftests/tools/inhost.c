// SPDX-License-Identifier: GPL-2.0
/*
 * inhost HOST COMMAND [ARGUMENT]...: run a command in a network namespace that ip(8)
 * made, as `nsenter --net' would. Linked statically: scenarios do this some thousand
 * times, and to load a program's libraries is what takes time in an emulated machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[PATH_MAX];
	int fd;

	if (argc < 3) {
		fputs("usage: inhost HOST COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", argv[1]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		fprintf(stderr, "inhost: %s: %s\n", path, strerror(errno));
		return 125;
	}
	execvp(argv[2], argv + 2);
	fprintf(stderr, "inhost: %s: %s\n", argv[2], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
