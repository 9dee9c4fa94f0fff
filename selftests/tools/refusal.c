// SPDX-License-Identifier: GPL-2.0
/*
 * Requests to the family `knock', well formed or not, and the bare answer.
 * It shares nothing with knockctl, which refuses most of these by itself.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include "refusal.h"

static struct nl_sock *sock;
static int family;
static void (*about_to_send)(void);

/**
 * refusal_connect() - open the socket, and find the family
 *
 * Return: false if either fails.
 */
bool refusal_connect(void)
{
	int on = 1;

	sock = nl_socket_alloc();
	if (!sock || genl_connect(sock))
		return false;
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
	setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	family = genl_ctrl_resolve(sock, KNOCK_GENL_NAME);
	return family >= 0;
}

/**
 * refusal_disconnect() - close the socket of refusal_connect()
 */
void refusal_disconnect(void)
{
	nl_socket_free(sock);
	sock = NULL;
}

/**
 * refusal_socket() - the file descriptor of refusal_connect(), to be handed on
 */
int refusal_socket(void)
{
	return nl_socket_get_fd(sock);
}

/**
 * refusal_adopt() - make a socket of another process one to speak by
 * @fd: of its refusal_connect()
 *
 * Return: NULL if it is no socket of the kind.
 */
struct nl_sock *refusal_adopt(int fd)
{
	struct nl_sock *other = nl_socket_alloc();

	return other && !nl_socket_set_fd(other, NETLINK_GENERIC, fd) ? other : NULL;
}

/**
 * refusal_use() - speak by this socket from now on
 * @other: of refusal_adopt(); the family's number is the same in every namespace
 */
void refusal_use(struct nl_sock *other)
{
	sock = other;
}

/* The end of a conversation, and what was said until then. */
struct hearing {
	struct answer answer;
	struct snapshot *replies;
	bool done;
};

/* The end is an error number and, @offset bytes into the payload, a sentence. */
static void hear_end(struct hearing *hearing, struct nlmsghdr *header, int error, int offset)
{
	struct nlattr *text;

	hearing->answer.error = error;
	hearing->done = true;
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	text = nla_find((struct nlattr *)((char *)nlmsg_data(header) + offset),
			nlmsg_datalen(header) - offset, NLMSGERR_ATTR_MSG);
	if (text)
		snprintf(hearing->answer.sentence, sizeof(hearing->answer.sentence),
			 "%.*s", nla_len(text), (char *)nla_data(text));
}

static int on_error(struct sockaddr_nl *peer, struct nlmsgerr *error, void *data)
{
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)error - NLMSG_HDRLEN);
	struct hearing *hearing = data;

	(void)peer;
	hear_end(hearing, header, error->error, (int)NLMSG_ALIGN(sizeof(*error)));
	return NL_STOP;
}

static int on_end(struct nl_msg *message, void *data)
{
	struct hearing *hearing = data;

	(void)message;
	hearing->done = true;
	return NL_STOP;
}

/* A dump that was refused ends as any other, but for what it carries. */
static int on_finish(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	int error = 0;

	if (nlmsg_datalen(header) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(header), sizeof(error));
	hear_end(data, header, error, (int)NLMSG_ALIGN(sizeof(error)));
	return NL_STOP;
}

static int on_reply(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct hearing *hearing = data;
	struct snapshot *replies = hearing->replies;
	size_t length = (size_t)nlmsg_datalen(header);

	if (replies && length <= SNAPSHOT_SIZE - replies->length) {
		memcpy(replies->bytes + replies->length, nlmsg_data(header), length);
		replies->length += length;
	}
	return NL_OK;
}

/* Not by the library, which may take the registers of vectors: see the Makefile. */
static void copy(void *to, const void *from, size_t length)
{
	unsigned char *out = to;
	const unsigned char *in = from;

	while (length--)
		*out++ = *in++;
}

static struct nl_msg *build(const struct request *request)
{
	struct nl_msg *message = nlmsg_alloc_size(8192);
	struct nlattr *attribute;
	size_t i;

	if (!message ||
	    !genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, family, 0, request->flags,
			 (uint8_t)request->command, KNOCK_GENL_VERSION))
		return message;
	for (i = 0; i < request->count; i++) {
		attribute = nla_reserve(message, request->part[i].type, request->part[i].length);
		if (attribute)
			copy(nla_data(attribute), request->part[i].data,
			     request->part[i].length);
	}
	if (request->lie && request->count)
		genlmsg_attrdata(nlmsg_data(nlmsg_hdr(message)), 0)->nla_len = request->lie;
	if (request->tail)
		memset(nlmsg_reserve(message, request->tail, 0), 0, request->tail);
	return message;
}

/**
 * refusal_on_send() - have something done when the next requests are made, but not yet sent
 * @call: what; NULL: nothing any more
 */
void refusal_on_send(void (*call)(void))
{
	about_to_send = call;
}

/**
 * refusal_send() - send a request and hear the whole answer
 * @request: as it shall be sent, nothing is checked
 * @replies: what came before the end is added to it; may be NULL
 *
 * Return: how it ended.
 */
struct answer refusal_send(const struct request *request, struct snapshot *replies)
{
	struct hearing hearing = { .replies = replies };
	struct nl_msg *message = build(request);
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);
	int error = -1;

	if (message && cb) {
		nl_cb_err(cb, NL_CB_CUSTOM, on_error, &hearing);
		nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_reply, &hearing);
		nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, &hearing);
		nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, &hearing);
		if (about_to_send)
			about_to_send();
		error = nl_send_auto(sock, message);
	}
	while (error >= 0 && !hearing.done)
		error = nl_recvmsgs(sock, cb);
	if (!hearing.done) {
		hearing.answer.lost = true;
		hearing.answer.error = -EIO;
		snprintf(hearing.answer.sentence, sizeof(hearing.answer.sentence),
			 "no answer: %s", nl_geterror(error));
	}
	nl_cb_put(cb);
	if (message)
		explicit_bzero(nlmsg_hdr(message), nlmsg_get_max_size(message));
	nlmsg_free(message);
	return hearing.answer;
}

/* Hints come and go with the minutes, one after the other. */
static void forget_hints(struct snapshot *snapshot, size_t begin)
{
	const size_t head = sizeof(struct genlmsghdr);
	struct nlattr *hints;

	if (snapshot->length < begin + head)
		return;
	hints = nla_find((struct nlattr *)(snapshot->bytes + begin + head),
			 (int)(snapshot->length - begin - head), KNOCK_A_STATE_HINTS);
	if (hints)
		memset(nla_data(hints), 0, (size_t)nla_len(hints));
}

/**
 * refusal_snapshot() - all doors, keys, grants, bans, blocks, trust and counters, but for
 * what the clock changes
 * @snapshot: to fill
 * @counters: with those, which packets change
 *
 * Return: false if something of it was refused.
 */
bool refusal_snapshot(struct snapshot *snapshot, bool counters)
{
	static const struct request all[] = {
		{ .command = KNOCK_CMD_DOOR_GET, .flags = NLM_F_DUMP },
		{ .command = KNOCK_CMD_KEY_GET, .flags = NLM_F_DUMP },
		{ .command = KNOCK_CMD_GRANT_GET, .flags = NLM_F_DUMP },
		{ .command = KNOCK_CMD_BLACKLIST_GET, .flags = NLM_F_DUMP },
		{ .command = KNOCK_CMD_TRUST_GET, .flags = NLM_F_DUMP },
	};
	static const struct request state = { .command = KNOCK_CMD_STATE_GET };
	size_t i, begin;

	memset(snapshot, 0, sizeof(*snapshot));
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (refusal_send(&all[i], snapshot).error)
			return false;
	begin = snapshot->length;
	if (counters && refusal_send(&state, snapshot).error)
		return false;
	forget_hints(snapshot, begin);
	return true;
}

/**
 * refusal_join_events() - join the group of events
 *
 * Return: 0, or a negative errno.
 */
int refusal_join_events(void)
{
	int group = genl_ctrl_resolve_grp(sock, KNOCK_GENL_NAME, KNOCK_MCGRP_EVENTS);

	if (group < 0)
		return -ENOENT;
	if (setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       sizeof(group)))
		return -errno;
	return 0;
}
