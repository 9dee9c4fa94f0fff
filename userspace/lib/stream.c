// SPDX-License-Identifier: GPL-2.0
/*
 * What comes out of a TLS connection goes to one descriptor, and what comes from another
 * goes into it, both at once, and each end is passed on by itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stream.h"

#define BUFFER_SIZE 65536

/* So much a pipe that poll() reports takes without waiting. */
#define PIECE_SIZE 4096

/**
 * struct flow - one direction
 * @at: where what is not written yet begins
 * @end: where it ends
 * @closed: nothing more is read
 * @passed: and the other side was told
 * @bytes: what was read
 */
struct flow {
	size_t at;
	size_t end;
	bool closed;
	bool passed;
	unsigned char bytes[BUFFER_SIZE];
};

/**
 * struct stream - both directions
 * @ssl: libssl's connection
 * @socket: under it
 * @in: where @up comes from
 * @out: where @down goes
 * @stop: it is to end when something can be read there; -1 for nowhere
 * @silent_ms: how long the other side may say nothing when @in has ended; -1 for ever
 * @waits: whether writes to @out may wait
 * @want: what libssl waits for, of poll()
 * @up: into TLS
 * @down: out of it
 */
struct stream {
	SSL *ssl;
	int socket;
	int in;
	int out;
	int stop;
	int silent_ms;
	bool waits;
	short want;
	struct flow up;
	struct flow down;
};

static size_t filled(const struct flow *flow)
{
	return flow->end - flow->at;
}

static bool has_room(const struct flow *flow)
{
	return !flow->closed && flow->at == flow->end;
}

/*
 * What came of a call of libssl. Return: false if the connection is broken; @more is
 * cleared if nothing more can be done now.
 */
static bool see_to(struct stream *stream, int result, bool *more)
{
	*more = result > 0;
	if (result > 0)
		return true;
	switch (SSL_get_error(stream->ssl, result)) {
	case SSL_ERROR_WANT_READ:
		stream->want |= POLLIN;
		return true;
	case SSL_ERROR_WANT_WRITE:
		stream->want |= POLLOUT;
		return true;
	case SSL_ERROR_ZERO_RETURN:
		stream->down.closed = true;
		return true;
	default:
		return false;
	}
}

static bool read_in(struct stream *stream, short events)
{
	struct flow *up = &stream->up;
	ssize_t got;

	if (!events || !has_room(up))
		return true;
	got = read(stream->in, up->bytes, sizeof(up->bytes));
	if (got < 0)
		return errno == EINTR || errno == EAGAIN;
	up->at = 0;
	up->end = (size_t)got;
	up->closed = !got;
	return true;
}

static bool write_tls(struct stream *stream)
{
	struct flow *up = &stream->up;
	bool more = true;
	size_t put = 0;

	while (filled(up) && more) {
		if (!see_to(stream, SSL_write_ex(stream->ssl, up->bytes + up->at, filled(up),
						 &put), &more))
			return false;
		up->at += more ? put : 0;
	}
	if (!up->closed || filled(up) || up->passed)
		return true;
	/* 0: ours is said, and the other's is not; that comes by reading. */
	up->passed = SSL_shutdown(stream->ssl) >= 0;
	return up->passed || see_to(stream, -1, &more);
}

static bool read_tls(struct stream *stream)
{
	struct flow *down = &stream->down;
	size_t got = 0;
	bool more;

	if (!has_room(down))
		return true;
	if (!see_to(stream, SSL_read_ex(stream->ssl, down->bytes, sizeof(down->bytes), &got),
		    &more))
		return false;
	down->at = 0;
	down->end = more ? got : 0;
	return true;
}

/* Who reads has all now. A socket goes on the other way. */
static void pass_end(struct stream *stream)
{
	stream->down.passed = true;
	if (shutdown(stream->out, SHUT_WR) && errno == ENOTSOCK)
		close(stream->out);
}

static bool write_out(struct stream *stream, short events)
{
	struct flow *down = &stream->down;
	size_t size = filled(down);
	ssize_t put;

	if (size && stream->waits && !(events & POLLOUT))
		return !(events & (POLLERR | POLLHUP | POLLNVAL));
	if (size) {
		if (stream->waits && size > PIECE_SIZE)
			size = PIECE_SIZE;
		put = write(stream->out, down->bytes + down->at, size);
		if (put < 0)
			return errno == EINTR || errno == EAGAIN;
		down->at += (size_t)put;
	}
	if (down->closed && !filled(down) && !down->passed)
		pass_end(stream);
	return true;
}

/* Waits until something can be done. Return: false if it is to end, or is silent too long. */
static bool wait_for(struct stream *stream, struct pollfd entry[4])
{
	int timeout = stream->up.passed ? stream->silent_ms : -1, ready;

	/* A broken one would be reported again and again while nothing is wanted of it. */
	entry[0] = (struct pollfd){ .fd = stream->want ? stream->socket : -1,
				    .events = stream->want };
	entry[1] = (struct pollfd){ .fd = has_room(&stream->up) ? stream->in : -1,
				    .events = POLLIN };
	entry[2] = (struct pollfd){ .fd = filled(&stream->down) ? stream->out : -1,
				    .events = POLLOUT };
	entry[3] = (struct pollfd){ .fd = stream->stop, .events = POLLIN };
	/* Of libssl it is known that there is nothing more only when it has said so. */
	if (has_room(&stream->down) && !(stream->want & POLLIN))
		timeout = 0;
	ready = poll(entry, 4, timeout);
	if (ready < 0)
		return errno == EINTR;
	return !entry[3].revents && (ready || timeout <= 0);
}

static bool is_over(const struct stream *stream)
{
	return stream->up.passed && stream->down.passed;
}

static void wipe(struct stream *stream)
{
	OPENSSL_cleanse(&stream->up, sizeof(stream->up));
	OPENSSL_cleanse(&stream->down, sizeof(stream->down));
}

/**
 * stream_run() - pass on all that comes, until both ends have said they are done
 * @tls: done with its handshake
 * @in: what comes from there is for the other side
 * @out: where that comes from the other side goes; may be @in. If it is no socket it is
 *	closed when all is said
 * @stop: a descriptor that can be read when it is to end; -1 for none
 * @silent_ms: how long the other side may say nothing once @in has ended; -1 for ever
 *
 * Return: true; false if one of them broke, was too slow, or it was to end.
 */
bool stream_run(struct tls *tls, int in, int out, int stop, int silent_ms)
{
	static struct stream stream;
	struct pollfd entry[4] = { 0 };
	bool good = true;

	stream = (struct stream){ .ssl = tls->ssl, .socket = SSL_get_fd(tls->ssl), .in = in,
				  .out = out, .stop = stop, .silent_ms = silent_ms };
	stream.waits = !(fcntl(out, F_GETFL) & O_NONBLOCK);
	fcntl(stream.socket, F_SETFL, fcntl(stream.socket, F_GETFL) | O_NONBLOCK);
	while (good && !is_over(&stream)) {
		stream.want = 0;
		good = read_in(&stream, entry[1].revents) && write_tls(&stream) &&
		       read_tls(&stream) && write_out(&stream, entry[2].revents) &&
		       (is_over(&stream) || wait_for(&stream, entry));
	}
	wipe(&stream);
	return good;
}
