// SPDX-License-Identifier: GPL-2.0
/*
 * Clients of the hand-over: each has a process of its own that speaks with it, a limit of
 * time for all it does, and little to itself, so that nobody waits for anybody else.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "serve.h"

/* Connections that are taken before all else is seen to again. */
#define ACCEPTED_AT_ONCE 16

/**
 * serve_init() - nobody is there, and nobody can come
 * @serve: to set up
 * @rules: who decides; stays as it is
 */
void serve_init(struct serve *serve, const struct serve_rules *rules)
{
	size_t i;

	memset(serve, 0, sizeof(*serve));
	serve->rules = rules;
	serve->listener = -1;
	serve->program = -1;
	for (i = 0; i < SERVE_MAX; i++)
		serve->client[i].channel = -1;
}

static void set(int descriptor, int level, int option, int value)
{
	setsockopt(descriptor, level, option, &value, sizeof(value));
}

/*
 * The process may have to be killed; it is seen to in any case. If it could not be, it ends
 * by what it does next, since the channel is closed, or by its own limit of time.
 */
static void send_away(struct serve *serve, struct serve_client *client)
{
	(void)kill(client->pid, SIGKILL);
	close(client->channel);
	client->channel = -1;
	client->left = serve_room_is_stranger(client);
	/* Until serve_reap(). */
	client->phase = SERVE_GOES;
	serve->sent_away++;
}

static void forget(struct serve *serve, struct serve_client *client)
{
	memset(client, 0, sizeof(*client));
	client->channel = -1;
	serve->count--;
}

static bool talks(const struct serve_client *client)
{
	return client->phase > SERVE_NOBODY && client->phase < SERVE_STREAMS;
}

static struct knock_address address_of(const struct sockaddr_storage *from)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)from;
	struct knock_address address;

	if (from->ss_family == AF_INET)
		return knock_address_from_ipv4((const u8 *)&in->sin_addr);
	memcpy(address.bytes, &((const struct sockaddr_in6 *)from)->sin6_addr,
	       sizeof(address.bytes));
	return address;
}

/* Where @count is not SERVE_MAX. Return: false if there is no process for it. */
static bool begin(struct serve *serve, int connection, const struct serve_asked *newcomer,
		  uint64_t now)
{
	struct serve_client *client = serve->client;
	unsigned char key[TLS_KEY_SIZE];
	bool good;

	while (client->phase)
		client++;
	if (!serve->rules->key(serve->rules->data, key))
		return false;
	client->pid = serve_start(serve->program, &serve->user, connection, &client->channel);
	good = client->pid > 0;
	if (good) {
		client->phase = SERVE_TALKS;
		client->since = now;
		client->until = now + SERVE_TALK_MS;
		client->asked = *newcomer;
		serve->count++;
		if (send(client->channel, key, sizeof(key), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			send_away(serve, client);
	} else {
		client->channel = -1;
	}
	OPENSSL_cleanse(key, sizeof(key));
	return good;
}

static void take_place(struct serve *serve, struct serve_client *client)
{
	if (client->phase == SERVE_RESTS) {
		forget(serve, client);
		return;
	}
	if (client->phase != SERVE_GOES)
		send_away(serve, client);
	client->left = false;
}

static void greet(struct serve *serve, int connection, const struct knock_address *address,
		  uint64_t now)
{
	struct serve_asked newcomer = { .address = *address };
	struct serve_client *gives_way;

	serve->rules->find_party(serve->rules->data, address, &newcomer.party);
	if (!serve_room_to_talk(serve, &newcomer, now, &gives_way) ||
	    !begin(serve, connection, &newcomer, now))
		serve->sent_away++;
	else if (gives_way)
		take_place(serve, gives_way);
}

/* As soon as one that was sent away has ended there is a place for the next. */
static bool is_full(const struct serve *serve)
{
	return serve->count == SERVE_MAX;
}

static void accept_some(struct serve *serve, uint64_t now)
{
	struct sockaddr_storage from;
	struct knock_address address;
	socklen_t length;
	int connection, i;

	for (i = 0; i < ACCEPTED_AT_ONCE && !is_full(serve); i++) {
		length = sizeof(from);
		connection = accept4(serve->listener, (struct sockaddr *)&from, &length,
				     SOCK_CLOEXEC);
		if (connection < 0) {
			/* It would be reported again at once. */
			if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
			    errno == ENOMEM)
				serve->rest = now + SERVE_REST_MS;
			return;
		}
		address = address_of(&from);
		set(connection, IPPROTO_TCP, TCP_NODELAY, 1);
		greet(serve, connection, &address, now);
		close(connection);
	}
}

static void give(struct serve *serve, struct serve_client *client, struct serve_gift *gift,
		 uint64_t now)
{
	u8 next[HAND_OVER_NEXT_SIZE];

	hand_over_put_next(next, &gift->next);
	client->highest = hand_over_highest(&gift->next);
	client->service = gift->service;
	client->phase = SERVE_TAKES;
	client->until = now + SERVE_TALK_MS;
	if (send(client->channel, next, sizeof(next), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		send_away(serve, client);
	OPENSSL_cleanse(next, sizeof(next));
}

/* What is not for want of room given is given the next time. */
static enum serve_answer decide(struct serve *serve, struct serve_client *client,
				struct serve_gift *gift)
{
	bool proved = client->asked.proved;
	enum serve_answer answer;

	answer = serve->rules->ask(serve->rules->data, &client->asked, gift);
	if (client->asked.proved && !proved && !serve_room_to_stay(serve, client))
		return SERVE_REFUSED;
	return answer;
}

static void ask(struct serve *serve, struct serve_client *client, uint64_t now)
{
	static struct serve_gift gift;

	memset(&gift, 0, sizeof(gift));
	client->asked.last = now + client->pause >= client->until;
	switch (decide(serve, client, &gift)) {
	case SERVE_GIVEN:
		give(serve, client, &gift, now);
		break;
	case SERVE_LATER:
		client->again = now + client->pause;
		client->pause *= 2;
		break;
	case SERVE_REFUSED:
		send_away(serve, client);
		break;
	}
	OPENSSL_cleanse(&gift, sizeof(gift));
}

static bool take_question(struct serve_client *client)
{
	struct serve_question question;

	if (recv(client->channel, &question, sizeof(question), MSG_DONTWAIT) != sizeof(question) ||
	    !hand_over_take_have(&client->asked.have, question.have))
		return false;
	memcpy(client->asked.pin, question.pin, sizeof(client->asked.pin));
	return true;
}

static bool take_got(struct serve_client *client)
{
	u8 got[HAND_OVER_GOT_SIZE];
	u64 number;

	return recv(client->channel, got, sizeof(got), MSG_DONTWAIT) == sizeof(got) &&
	       hand_over_take_got(&number, got) && number == client->highest;
}

/* Begins to connect. Return: the connection; -1 if it goes nowhere. */
static int connect_service(const struct serve_service *service)
{
	int descriptor;

	if (!service->length)
		return -1;
	descriptor = socket(service->address.ss_family,
			    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0)
		return -1;
	set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
	if (!connect(descriptor, (const struct sockaddr *)&service->address, service->length) ||
	    errno == EINPROGRESS)
		return descriptor;
	close(descriptor);
	return -1;
}

static bool send_go(const struct serve_client *client)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = { 0 } };
	u8 go[HAND_OVER_GO_SIZE];
	struct iovec part = { .iov_base = go, .iov_len = sizeof(go) };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	int service = connect_service(&client->service);
	bool good;

	hand_over_put_go(go, service >= 0 ? HAND_OVER_SERVICE :
			     client->service.length ? HAND_OVER_SILENCE : HAND_OVER_NOTHING);
	if (service >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.align), &service, sizeof(service));
	}
	good = sendmsg(client->channel, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(go);
	if (service >= 0)
		close(service);
	return good;
}

static void hear_client(struct serve *serve, struct serve_client *client, uint64_t now)
{
	switch (client->phase) {
	case SERVE_TALKS:
		if (!take_question(client)) {
			send_away(serve, client);
			return;
		}
		client->phase = SERVE_ASKS;
		client->until = now + SERVE_ASK_MS;
		client->pause = SERVE_AGAIN_MS;
		ask(serve, client, now);
		return;
	case SERVE_TAKES:
		if (!take_got(client) || !send_go(client)) {
			send_away(serve, client);
			return;
		}
		close(client->channel);
		client->channel = -1;
		client->phase = SERVE_STREAMS;
		serve->given++;
		return;
	default:
		/* It was to say nothing, or is gone. */
		send_away(serve, client);
	}
}

/**
 * serve_watch() - what is to be waited for
 * @serve: set up
 * @entry: to fill
 */
void serve_watch(const struct serve *serve, struct pollfd entry[SERVE_ENTRIES])
{
	size_t i;

	entry[0] = (struct pollfd){ .fd = serve->rest || is_full(serve) ? -1 : serve->listener,
				    .events = POLLIN };
	for (i = 0; i < SERVE_MAX; i++)
		entry[1 + i] = (struct pollfd){ .fd = serve->client[i].channel,
						.events = POLLIN };
}

/**
 * serve_hear() - see to what poll() reports
 * @serve: set up
 * @entry: of serve_watch(), by poll()
 * @now: what time it is, in ms
 */
void serve_hear(struct serve *serve, const struct pollfd entry[SERVE_ENTRIES], uint64_t now)
{
	size_t i;

	for (i = 0; i < SERVE_MAX; i++)
		if (entry[1 + i].revents && serve->client[i].channel == entry[1 + i].fd)
			hear_client(serve, &serve->client[i], now);
	if (entry[0].revents && serve->listener >= 0)
		accept_some(serve, now);
}

/**
 * serve_look() - see to those whose time is over, or has come
 * @serve: set up
 * @now: what time it is, in ms
 */
void serve_look(struct serve *serve, uint64_t now)
{
	struct serve_client *client;

	if (now >= serve->rest)
		serve->rest = 0;
	for (client = serve->client; client < serve->client + SERVE_MAX; client++) {
		if (client->phase == SERVE_RESTS && now >= client->since + SERVE_GRACE_MS)
			forget(serve, client);
		if (!talks(client))
			continue;
		if (now >= client->until)
			send_away(serve, client);
		else if (client->phase == SERVE_ASKS && now >= client->again)
			ask(serve, client, now);
	}
}

/**
 * serve_wake() - when serve_look() has something to do
 * @serve: set up
 *
 * Return: a time in ms, or SERVE_NEVER.
 */
uint64_t serve_wake(const struct serve *serve)
{
	const struct serve_client *client;
	uint64_t wake = serve->rest ? serve->rest : SERVE_NEVER, its;

	for (client = serve->client; client < serve->client + SERVE_MAX; client++) {
		if (!talks(client))
			continue;
		its = client->phase == SERVE_ASKS && client->again < client->until ?
		      client->again : client->until;
		if (its < wake)
			wake = its;
	}
	return wake;
}

/* Its process has ended, by itself or not. */
static void see_off(struct serve *serve, struct serve_client *client, uint64_t now)
{
	if (client->channel >= 0) {
		close(client->channel);
		client->channel = -1;
		serve->sent_away++;
	}
	if ((client->left || serve_room_is_stranger(client)) &&
	    now < client->since + SERVE_GRACE_MS) {
		client->phase = SERVE_RESTS;
		client->pid = 0;
	} else {
		forget(serve, client);
	}
}

/**
 * serve_reap() - see to processes that have ended
 * @serve: set up
 * @now: what time it is, in ms
 */
void serve_reap(struct serve *serve, uint64_t now)
{
	struct serve_client *client;

	for (client = serve->client; client < serve->client + SERVE_MAX; client++)
		if (client->pid && waitpid(client->pid, NULL, WNOHANG) == client->pid)
			see_off(serve, client, now);
}

/**
 * serve_stop() - let nobody connect any more; who has a service keeps it
 * @serve: set up
 */
void serve_stop(struct serve *serve)
{
	struct serve_client *client;

	for (client = serve->client; client < serve->client + SERVE_MAX; client++)
		if (talks(client))
			send_away(serve, client);
	if (serve->listener >= 0)
		close(serve->listener);
	if (serve->program >= 0)
		close(serve->program);
	serve->listener = -1;
	serve->program = -1;
}
