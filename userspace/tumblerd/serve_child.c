// SPDX-License-Identifier: GPL-2.0
/*
 * The process that speaks with one client. It has no rights, knows no secret but the
 * server's key for TLS, and is ended by tumblerd when it takes too long.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include <openssl/crypto.h>

#include "serve.h"
#include "stream.h"

/* A service that is on this host, or near. */
#define SERVICE_MS 5000

/* More than all that comes before the stream may take; tumblerd should have ended it. */
#define LIMIT_SEC ((2 * SERVE_TALK_MS + SERVE_ASK_MS + SERVICE_MS) / 1000 + 2)

/* How long the client may be silent when the service has said all. */
#define SILENT_MS 60000

static bool receive(void *bytes, size_t size)
{
	return recv(SERVE_CHILD_CHANNEL, bytes, size, 0) == (ssize_t)size;
}

/*
 * No other process of the user may look into this one, at no moment. While it becomes that
 * user fs.suid_dumpable may allow it; then it still has capabilities, which the other has
 * not. Nothing is known here yet of the client or of any key.
 */
static bool drop_rights(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
	struct user user;

	memset(none, 0, sizeof(none));
	return !prctl(PR_SET_DUMPABLE, 0) && receive(&user, sizeof(user)) &&
	       !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) &&
	       !prctl(PR_SET_KEEPCAPS, 1) && user_become(&user) && !prctl(PR_SET_DUMPABLE, 0) &&
	       !syscall(SYS_capset, &header, none) && !prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/* Until the stream begins it is of no use without tumblerd, which may be gone already. */
static bool end_with_parent(void)
{
	struct pollfd entry = { .fd = SERVE_CHILD_CHANNEL };

	return !prctl(PR_SET_PDEATHSIG, SIGKILL) && !poll(&entry, 1, 0);
}

static bool give_up_the_rest(void)
{
	static const struct rlimit none;

	alarm(LIMIT_SEC);
	return end_with_parent() && !prctl(PR_SET_NAME, "tumblerd-tls") &&
	       !setrlimit(RLIMIT_CORE, &none) && !setrlimit(RLIMIT_FSIZE, &none) &&
	       signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

static bool tell(const void *bytes, size_t size)
{
	return send(SERVE_CHILD_CHANNEL, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* Return: the service's connection, if GO came with one, else -1. */
static int receive_go(u8 go[HAND_OVER_GO_SIZE], bool *good)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = go, .iov_len = HAND_OVER_GO_SIZE };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1,
				  .msg_control = control.bytes,
				  .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *header;
	int service = -1;

	*good = recvmsg(SERVE_CHILD_CHANNEL, &message, MSG_CMSG_CLOEXEC) == HAND_OVER_GO_SIZE;
	header = *good ? CMSG_FIRSTHDR(&message) : NULL;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&service, CMSG_DATA(header), sizeof(service));
	return service;
}

/* The connection to it is being made. */
static bool answers(int service)
{
	struct pollfd entry = { .fd = service, .events = POLLOUT };
	socklen_t length = sizeof(int);
	int error = -1;

	return poll(&entry, 1, SERVICE_MS) == 1 &&
	       !getsockopt(service, SOL_SOCKET, SO_ERROR, &error, &length) && !error;
}

static bool go_on(struct tls *tls)
{
	u8 go[HAND_OVER_GO_SIZE];
	bool good;
	int service;

	service = receive_go(go, &good);
	if (!good)
		return false;
	close(SERVE_CHILD_CHANNEL);
	if (service >= 0 && !answers(service)) {
		hand_over_put_go(go, HAND_OVER_SILENCE);
		close(service);
		service = -1;
	}
	if (!tls_write(tls, go, sizeof(go)))
		return false;
	if (service < 0)
		return SSL_shutdown(tls->ssl) >= 0;
	prctl(PR_SET_PDEATHSIG, 0);
	alarm(0);
	return stream_run(tls, service, service, -1, SILENT_MS);
}

static bool hand_over(struct tls *tls)
{
	struct serve_question question;
	u8 next[HAND_OVER_NEXT_SIZE], got[HAND_OVER_GOT_SIZE];
	bool good;

	memcpy(question.pin, tls->pin, sizeof(question.pin));
	good = tls_read(tls, question.have, sizeof(question.have)) &&
	       tell(&question, sizeof(question)) && receive(next, sizeof(next)) &&
	       tls_write(tls, next, sizeof(next));
	OPENSSL_cleanse(next, sizeof(next));
	return good && tls_read(tls, got, sizeof(got)) && tell(got, sizeof(got)) && go_on(tls);
}

/**
 * serve_child() - speak with a client
 *
 * Return: the status to exit with.
 */
int serve_child(void)
{
	unsigned char key[TLS_KEY_SIZE];
	struct tls tls;
	bool good;

	if (!drop_rights() || !give_up_the_rest() || !receive(key, sizeof(key)))
		return 1;
	good = tls_accept(&tls, SERVE_CHILD_CLIENT, key);
	OPENSSL_cleanse(key, sizeof(key));
	good = good && hand_over(&tls);
	tls_free(&tls);
	return good ? 0 : 1;
}
