// SPDX-License-Identifier: GPL-2.0
/*
 * inhost [--etc] HOST COMMAND [ARGUMENT]...: run a command in a network namespace that
 * ip(8) made, as `nsenter --net' would; with --etc what lies in /etc/netns/HOST is at its
 * place in /etc, as with `ip netns exec'. Linked statically: scenarios do this some
 * thousand times, and to load a program's libraries is what takes time in an emulated
 * machine.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

/* False with errno: not all of the host's files are where programs look for them. */
static bool own_etc(const char *host)
{
	char from[PATH_MAX], to[PATH_MAX];
	struct dirent *entry;
	bool bound = true;
	DIR *directory;

	snprintf(from, sizeof(from), "/etc/netns/%s", host);
	directory = opendir(from);
	if (!directory)
		return errno == ENOENT;
	bound = !unshare(CLONE_NEWNS) && !mount("", "/", "none", MS_SLAVE | MS_REC, NULL);
	while (bound && (entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(from, sizeof(from), "/etc/netns/%s/%s", host, entry->d_name);
		snprintf(to, sizeof(to), "/etc/%s", entry->d_name);
		bound = !mount(from, to, "none", MS_BIND, NULL);
	}
	closedir(directory);
	return bound;
}

int main(int argc, char **argv)
{
	bool etc = argc > 1 && !strcmp(argv[1], "--etc");
	char path[PATH_MAX];
	int fd;

	argc -= etc;
	argv += etc;
	if (argc < 3) {
		fputs("usage: inhost [--etc] HOST COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", argv[1]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		fprintf(stderr, "inhost: %s: %s\n", path, strerror(errno));
		return 125;
	}
	if (etc && !own_etc(argv[1])) {
		fprintf(stderr, "inhost: /etc/netns/%s: %s\n", argv[1], strerror(errno));
		return 125;
	}
	execvp(argv[2], argv + 2);
	fprintf(stderr, "inhost: %s: %s\n", argv[2], strerror(errno));
	return errno == ENOENT ? 127 : 126;
}
