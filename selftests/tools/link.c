// SPDX-License-Identifier: GPL-2.0
/* An interface, below IP. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "link.h"
#include "words.h"

#define BATCH 64
/* Room for the answers to a scan of all ports. */
#define RECEIVE_BUFFER (128 << 20)

/**
 * link_open() - a packet socket
 * @device: name of the interface
 * @receive: whether packets that arrive there are wanted
 *
 * Return: the socket; with no interface or no right the program ends.
 */
int link_open(const char *device, bool receive)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int buffer = RECEIVE_BUFFER;
	int on = 1;
	int fd;

	at.sll_protocol = receive ? htons(ETH_P_ALL) : 0;
	at.sll_ifindex = (int)if_nametoindex(device);
	if (!at.sll_ifindex)
		die("no interface %s here", device);
	fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (fd < 0)
		die("no packet socket: %s", strerror(errno));
	if (receive) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
		setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	}
	if (bind(fd, (struct sockaddr *)&at, sizeof(at)))
		die("cannot use %s: %s", device, strerror(errno));
	return fd;
}

/**
 * link_keep() - a copy no longer than it need be, of which thousands find room
 * @frame: a packet
 *
 * Return: its bytes, never freed.
 */
struct iovec link_keep(const struct frame *frame)
{
	struct iovec kept = { .iov_base = malloc(frame->len), .iov_len = frame->len };

	if (!kept.iov_base)
		die("no memory for so many packets");
	memcpy(kept.iov_base, frame->bytes, frame->len);
	return kept;
}

/**
 * link_send() - send frames, one right behind the other
 * @fd: a socket of link_open()
 * @frames: what to send
 * @count: how many
 */
void link_send(int fd, const struct iovec *frames, size_t count)
{
	struct mmsghdr messages[BATCH];
	size_t done = 0;

	while (done < count) {
		unsigned int i, n = count - done < BATCH ? (unsigned int)(count - done) : BATCH;
		int sent;

		memset(messages, 0, sizeof(messages));
		for (i = 0; i < n; i++) {
			messages[i].msg_hdr.msg_iov = (struct iovec *)&frames[done + i];
			messages[i].msg_hdr.msg_iovlen = 1;
		}
		sent = sendmmsg(fd, messages, n, 0);
		if (sent < 0 && errno != ENOBUFS && errno != EINTR)
			die("cannot send: %s", strerror(errno));
		if (sent > 0)
			done += (size_t)sent;
	}
}

/**
 * link_check_drops() - end the program if the socket lost a packet
 * @fd: a socket of link_open() that receives
 */
void link_check_drops(int fd)
{
	struct tpacket_stats stats = { 0 };
	socklen_t len = sizeof(stats);

	if (getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		die("no statistics: %s", strerror(errno));
	if (stats.tp_drops)
		die("%u packets came too fast to be seen: lower --rate", stats.tp_drops);
}

/**
 * link_now_ns() - nanoseconds on a clock that nobody sets
 *
 * Return: the time since boot.
 */
u64 link_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000 + (u64)now.tv_nsec;
}

/**
 * link_now_ms() - milliseconds on a clock that nobody sets
 *
 * Return: the time since boot.
 */
u64 link_now_ms(void)
{
	return link_now_ns() / 1000000;
}
