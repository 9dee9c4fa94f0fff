// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family `knock', for programs. A refusal is printed with
 * the kernel's own sentence wherever it gives one.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "netlink.h"
#include "reply_policy.h"

/* Events may come faster than they are printed. */
#define EVENT_BUFFER_BYTES (1 << 20)

#define NOT_PERMITTED \
	"not permitted, this needs CAP_NET_ADMIN in the user namespace that owns the network namespace; run it as root"

/**
 * struct conversation - one question and its answers
 * @reply: called for each answer
 * @data: for @reply
 * @heard: one has come
 * @done: the last answer has come
 * @error: it was a refusal: its number
 * @why: the sentence for it
 */
struct conversation {
	netlink_reply *reply;
	void *data;
	bool heard;
	bool done;
	int error;
	char why[NETLINK_WHY_SIZE];
};

static void refused(struct conversation *conversation, int error, const char *sentence, int length)
{
	conversation->error = error;
	snprintf(conversation->why, sizeof(conversation->why), "%.*s", length, sentence);
}

/* The kernel's sentence, or else what the number of the error means. */
static void take_refusal(struct conversation *conversation, int error, struct nlattr *sentence)
{
	const char *text = sentence ? nla_data(sentence) : NULL;
	int length = sentence ? nla_len(sentence) : 0;

	if (length > 0 && text[length - 1] == '\0')
		length--;
	if (length > 0)
		refused(conversation, error, text, length);
	else if (error == EPERM)
		refused(conversation, error, NOT_PERMITTED, INT_MAX);
	else if (error == ENOENT)
		/* Linux before 6.8 has no sentence for a dump that cannot begin. */
		refused(conversation, error,
			"there is no such door, knockctl doors lists those there are", INT_MAX);
	else
		snprintf(conversation->why, sizeof(conversation->why),
			 "the module refused, and gave no reason: %s; look at what dmesg says",
			 strerror(error));
	conversation->error = error;
	conversation->done = true;
}

/* The extended acknowledgment that begins @offset bytes into a message. */
static struct nlattr *refusal_sentence(struct nlmsghdr *header, size_t offset)
{
	int length = (int)header->nlmsg_len - (int)offset;

	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || length <= 0)
		return NULL;
	return nla_find((struct nlattr *)((char *)header + offset), length, NLMSGERR_ATTR_MSG);
}

static int on_error(struct sockaddr_nl *peer, struct nlmsgerr *error, void *data)
{
	struct nlmsghdr *header = (struct nlmsghdr *)((char *)error - NLMSG_HDRLEN);
	struct conversation *conversation = data;
	size_t offset = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(*error));

	(void)peer;
	/* Without NETLINK_CAP_ACK in the kernel the request is echoed before. */
	if (!(header->nlmsg_flags & NLM_F_CAPPED))
		offset += NLMSG_ALIGN(error->msg.nlmsg_len) - NLMSG_HDRLEN;
	take_refusal(conversation, -error->error, refusal_sentence(header, offset));
	return NL_STOP;
}

static int on_acknowledgment(struct nl_msg *message, void *data)
{
	struct conversation *conversation = data;

	(void)message;
	conversation->done = true;
	return NL_STOP;
}

static int on_finish(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct conversation *conversation = data;
	int error = 0;

	if (nlmsg_datalen(header) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(header), sizeof(error));
	if (error < 0)
		take_refusal(conversation, -error,
			     refusal_sentence(header, NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(error))));
	conversation->done = true;
	return NL_STOP;
}

static int on_valid(struct nl_msg *message, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	struct nlattr *attributes[KNOCK_A_MAX + 1];
	struct conversation *conversation = data;

	if (genlmsg_parse(header, 0, attributes, KNOCK_A_MAX, reply_policy)) {
		refused(conversation, EPROTO,
			"the module's answer is malformed, tools and module differ in version; install the same of both",
			INT_MAX);
		conversation->done = true;
		return NL_STOP;
	}
	conversation->heard = true;
	if (conversation->reply)
		conversation->reply(header, attributes, conversation->data);
	return NL_OK;
}

/* Events answer no request, so their sequence number means nothing. */
static int on_sequence(struct nl_msg *message, void *data)
{
	(void)message;
	(void)data;
	return NL_OK;
}

static struct nl_cb *callbacks(struct conversation *conversation)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, conversation);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, conversation);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_acknowledgment, conversation);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, conversation);
	return cb;
}

/* Must be on, or an error would carry the request back, secret and all. */
static bool switch_on(struct nl_sock *socket, int option)
{
	int on = 1;

	return !setsockopt(nl_socket_get_fd(socket), SOL_NETLINK, option, &on, sizeof(on));
}

/**
 * netlink_open() - connect to the module
 * @netlink: to fill
 *
 * Return: true; false if that failed, with the sentence printed.
 */
bool netlink_open(struct netlink *netlink)
{
	netlink->socket = nl_socket_alloc();
	if (!netlink->socket || genl_connect(netlink->socket)) {
		complain("no netlink socket can be had: %m");
		goto err_close;
	}
	if (!switch_on(netlink->socket, NETLINK_CAP_ACK) ||
	    !switch_on(netlink->socket, NETLINK_EXT_ACK)) {
		complain("this kernel lacks extended netlink errors (%m), use Linux 5.10 or newer");
		goto err_close;
	}
	netlink->family = genl_ctrl_resolve(netlink->socket, KNOCK_GENL_NAME);
	if (netlink->family < 0) {
		complain("the kernel module is not loaded, load it with: modprobe xt_knock");
		goto err_close;
	}
	return true;

err_close:
	netlink_close(netlink);
	return false;
}

/**
 * netlink_close() - end a connection
 * @netlink: opened by netlink_open(), or its opening failed
 */
void netlink_close(struct netlink *netlink)
{
	nl_socket_free(netlink->socket);
	netlink->socket = NULL;
}

/**
 * netlink_message() - begin a request
 * @netlink: the connection
 * @command: of enum knock_cmd
 * @flags: NLM_F_DUMP or 0
 *
 * Return: the message, with room for any request of the family, or NULL.
 */
struct nl_msg *netlink_message(struct netlink *netlink, int command, int flags)
{
	struct nl_msg *message = nlmsg_alloc();

	if (message && !genlmsg_put(message, NL_AUTO_PORT, NL_AUTO_SEQ, netlink->family, 0,
				    flags, (uint8_t)command, KNOCK_GENL_VERSION)) {
		nlmsg_free(message);
		message = NULL;
	}
	return message;
}

/**
 * netlink_discard() - free a request, wiped, since it may carry a secret
 * @message: of netlink_message()
 */
void netlink_discard(struct nl_msg *message)
{
	OPENSSL_cleanse(nlmsg_hdr(message), nlmsg_get_max_size(message));
	nlmsg_free(message);
}

/* Return: 0, if the last answer has come; else an error of libnl, and @sent whether it may. */
static int converse(struct netlink *netlink, struct nl_msg *message,
		    struct conversation *conversation, bool *sent)
{
	struct nl_cb *cb = callbacks(conversation);
	int error;

	error = cb ? nl_send_auto(netlink->socket, message) : -NLE_NOMEM;
	*sent = error >= 0;
	while (error >= 0 && !conversation->done) {
		error = nl_recvmsgs(netlink->socket, cb);
		/*
		 * Something came or went while the dump ran. What lived all the
		 * time is in it once, so there is no need to ask again.
		 */
		if (error == -NLE_DUMP_INTR)
			error = 0;
	}
	nl_cb_put(cb);
	return conversation->done ? 0 : error;
}

static bool is_dump(struct nl_msg *message)
{
	return (nlmsg_hdr(message)->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
}

/* Whether @error says that what is asked for is so already. */
static bool is_so(struct nl_msg *message, int error)
{
	struct genlmsghdr *header = nlmsg_data(nlmsg_hdr(message));

	switch (header->cmd) {
	case KNOCK_CMD_DOOR_ADD:
	case KNOCK_CMD_KEY_ADD:
		return error == EEXIST;
	case KNOCK_CMD_DOOR_DEL:
	case KNOCK_CMD_KEY_DEL:
		return error == ENOENT;
	default:
		return false;
	}
}

/* What the module says of a key that it was to add is what it says of one it has. */
static int ask_of_key(struct netlink *netlink, struct nl_msg *added,
		      struct conversation *conversation)
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_KEY_GET, 0);
	struct genlmsghdr *header = nlmsg_data(nlmsg_hdr(added));
	static const int names[] = { KNOCK_A_DOOR_NAME, KNOCK_A_KEY_NAME };
	int error = message ? 0 : -NLE_NOMEM;
	struct nlattr *name;
	bool sent;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !error; i++) {
		name = nla_find(genlmsg_attrdata(header, 0), genlmsg_attrlen(header, 0), names[i]);
		error = name ? nla_put(message, names[i], nla_len(name), nla_data(name)) :
			       -NLE_MISSING_ATTR;
	}
	conversation->done = false;
	if (!error)
		error = converse(netlink, message, conversation, &sent);
	nlmsg_free(message);
	return error;
}

/*
 * The answer was lost, so nobody knows whether it was done. What came of it may still be
 * in the socket: through another one it is asked once more, and what was done then is
 * refused because it was.
 */
static int converse_again(struct netlink *netlink, struct nl_msg *message,
			  struct conversation *conversation)
{
	struct nlmsghdr *header = nlmsg_hdr(message);
	bool sent;
	int error;

	netlink_close(netlink);
	if (!netlink_open(netlink))
		return -NLE_FAILURE;
	/* There is a reply only to what was done. */
	if (conversation->heard)
		return 0;
	header->nlmsg_seq = NL_AUTO_SEQ;
	header->nlmsg_pid = NL_AUTO_PORT;
	error = converse(netlink, message, conversation, &sent);
	if (error || !is_so(message, conversation->error))
		return error;
	conversation->error = 0;
	return conversation->reply ? ask_of_key(netlink, message, conversation) : 0;
}

/**
 * netlink_try() - send a request and take its answers
 * @netlink: the connection; another one on return, if an answer was lost
 * @message: the request; wiped and freed here, in any case; NULL if there was no memory
 * @reply: called for each object of the answer, may be NULL
 * @data: for @reply
 * @why: the sentence, if it was refused
 *
 * Return: 0, or the number of an error.
 */
int netlink_try(struct netlink *netlink, struct nl_msg *message, netlink_reply *reply, void *data,
		char why[NETLINK_WHY_SIZE])
{
	struct conversation conversation = { .reply = reply, .data = data };
	int error = -NLE_NOMEM;
	bool sent;

	if (message) {
		error = converse(netlink, message, &conversation, &sent);
		if (error < 0 && sent && !is_dump(message))
			error = converse_again(netlink, message, &conversation);
		netlink_discard(message);
	}
	if (error < 0 && !conversation.error) {
		conversation.error = EIO;
		snprintf(conversation.why, sizeof(conversation.why),
			 "the module could not be asked: %s; try again", nl_geterror(error));
	}
	if (conversation.error)
		snprintf(why, NETLINK_WHY_SIZE, "%s", conversation.why);
	return conversation.error;
}

/**
 * netlink_ask() - as netlink_try(), and say why it was refused
 * @netlink: the connection
 * @message: the request; wiped and freed here, in any case
 * @reply: called for each object of the answer, may be NULL
 * @data: for @reply
 *
 * Return: true if it was done; false if it was not, with the sentence printed.
 */
bool netlink_ask(struct netlink *netlink, struct nl_msg *message, netlink_reply *reply,
		 void *data)
{
	char why[NETLINK_WHY_SIZE];

	if (!netlink_try(netlink, message, reply, data, why))
		return true;
	complain("%s", why);
	return false;
}

/**
 * netlink_subscribe() - have events sent to a connection
 * @netlink: the connection, which is for events only from now on
 *
 * Return: true; false if that failed, with the sentence printed.
 */
bool netlink_subscribe(struct netlink *netlink)
{
	int group = genl_ctrl_resolve_grp(netlink->socket, KNOCK_GENL_NAME, KNOCK_MCGRP_EVENTS);
	int error = group < 0 ? group : 0;

	nl_socket_set_buffer_size(netlink->socket, EVENT_BUFFER_BYTES, 0);
	if (!error)
		error = nl_socket_add_membership(netlink->socket, group);
	if (!error)
		return true;
	if (error == -NLE_PERM || errno == EPERM)
		complain(NOT_PERMITTED);
	else
		complain("events cannot be subscribed to: %s; try again", nl_geterror(error));
	return false;
}

/**
 * netlink_wait() - wait for events and hand them on
 * @netlink: subscribed
 * @reply: called for each event
 * @data: for @reply
 *
 * Return: 0; 1 if the socket overflowed, and an unknown number of events was
 * lost; -1 if nothing more can come, with the sentence printed.
 */
int netlink_wait(struct netlink *netlink, netlink_reply *reply, void *data)
{
	struct conversation conversation = { .reply = reply, .data = data };
	struct nl_cb *cb = callbacks(&conversation);
	int error = -NLE_NOMEM;

	if (cb) {
		nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, NULL);
		error = nl_recvmsgs(netlink->socket, cb);
	}
	nl_cb_put(cb);
	if (conversation.error) {
		complain("%s", conversation.why);
		return -1;
	}
	/* libnl has one number for a full receive buffer and for no memory. */
	if (error == -NLE_NOMEM && errno == ENOBUFS)
		return 1;
	if (error < 0 && error != -NLE_INTR) {
		complain("events cannot be received: %s; start again", nl_geterror(error));
		return -1;
	}
	return 0;
}
