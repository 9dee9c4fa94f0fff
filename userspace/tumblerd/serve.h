/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_SERVE_H
#define _TUMBLERD_SERVE_H

#include <poll.h>
#include <sys/socket.h>

#include <knock/address.h>

#include "hand_over.h"
#include "name.h"
#include "serve_child.h"
#include "user.h"

/* Clients at once that have not proved a key, in all and of one network. */
#define SERVE_TALKING_MAX 64
#define SERVE_TALKING_MAX_EACH 16

/* Those that have, in all and of one key from one address. */
#define SERVE_STAYING_MAX 256
#define SERVE_STAYING_MAX_EACH 32

/* And those that were sent away, until their processes have ended. */
#define SERVE_GOING 16
#define SERVE_MAX (SERVE_TALKING_MAX + SERVE_STAYING_MAX + SERVE_GOING)

/* From connecting to HAVE, and from NEXT to GOT. */
#define SERVE_TALK_MS 10000

/*
 * So long nobody has to give way to who is of no smaller a crowd: an honest client needs one
 * round trip, by satellite 0.7 s, and a packet that was lost is sent again after 1 s. And so
 * long a place is taken even if who had it has left: else who comes and goes could have
 * processes made for him at any rate.
 */
#define SERVE_GRACE_MS 2000

/* That a client knocked may be told after it has connected. */
#define SERVE_ASK_MS 3000

/* It is looked again so soon, then after twice as long, and so on. */
#define SERVE_AGAIN_MS 50

/* Nobody is accepted for so long when the host has no room for one more. */
#define SERVE_REST_MS 100

/**
 * struct serve_service - where a client's stream goes
 * @length: of @address; 0 if it goes nowhere
 * @address: of the service
 */
struct serve_service {
	socklen_t length;
	struct sockaddr_storage address;
};

/**
 * struct serve_gift - what a client gets
 * @next: its numbers; to be wiped
 * @service: what is behind its door
 */
struct serve_gift {
	struct hand_over_next next;
	struct serve_service service;
};

/**
 * struct serve_party - who has knocked; all empty if that is not known
 * @door: where
 * @key: with which key
 */
struct serve_party {
	char door[NAME_SIZE];
	char key[NAME_SIZE];
};

/**
 * struct serve_asked - who asks for what
 * @address: where the connection comes from
 * @party: who has knocked for that address; once @proved, whose key it is
 * @proved: it has the key that was knocked with
 * @pin: of the key that the client has proved to have
 * @have: what it has
 * @last: it is not asked about again
 * @seen: whoever decides may keep something here, from 0 on
 */
struct serve_asked {
	struct knock_address address;
	struct serve_party party;
	bool proved;
	unsigned char pin[TLS_PIN_SIZE];
	struct hand_over_have have;
	bool last;
	uint64_t seen;
};

/* What becomes of who asks: it goes away, is seen to later, or gets something. */
enum serve_answer { SERVE_REFUSED, SERVE_LATER, SERVE_GIVEN };

/**
 * struct serve_rules - who decides
 * @key: tells the server's private key for TLS; false if there is none
 * @find_party: tells who has knocked for an address; what it does not know stays as it is
 * @ask: decides what a client gets, and says who has proved his key
 * @data: for all
 */
struct serve_rules {
	bool (*key)(void *data, unsigned char key[TLS_KEY_SIZE]);
	void (*find_party)(void *data, const struct knock_address *address,
			   struct serve_party *party);
	enum serve_answer (*ask)(void *data, struct serve_asked *asked, struct serve_gift *gift);
	void *data;
};

/**
 * enum serve_phase - how far a client has come
 * @SERVE_NOBODY: there is none
 * @SERVE_TALKS: it has connected, and nothing more is known of it
 * @SERVE_ASKS: it has said who it is and what it has
 * @SERVE_TAKES: it was sent what it gets
 * @SERVE_STREAMS: it has its service, and only its end is still of interest
 * @SERVE_GOES: it was sent away, and its process is about to end
 * @SERVE_RESTS: it left early, as a stranger; there is no process, but its place is taken
 */
enum serve_phase {
	SERVE_NOBODY,
	SERVE_TALKS,
	SERVE_ASKS,
	SERVE_TAKES,
	SERVE_STREAMS,
	SERVE_GOES,
	SERVE_RESTS
};

/**
 * struct serve_client - one client, and the process that speaks with it
 * @phase: how far it has come
 * @pid: of its process
 * @channel: to that; -1 once it streams, or goes
 * @since: when it came, in ms
 * @until: when it is sent away, in ms
 * @again: when it is seen to again, in ms
 * @pause: how long that is from the last time
 * @left: it went as a stranger, and for nobody else, so its place is taken for a while
 * @asked: what it asks
 * @service: what it gets behind that
 * @highest: number that it has to say it has got
 */
struct serve_client {
	enum serve_phase phase;
	pid_t pid;
	int channel;
	uint64_t since;
	uint64_t until;
	uint64_t again;
	uint64_t pause;
	bool left;
	struct serve_asked asked;
	struct serve_service service;
	u64 highest;
};

/**
 * struct serve - all clients
 * @rules: who decides; stays as it is
 * @user: who their processes are
 * @listener: where they connect to; -1 for nowhere
 * @program: what their processes run
 * @rest: until when nobody is accepted, in ms; 0 if all are
 * @count: how many there are
 * @given: how many got what they asked for
 * @sent_away: how many did not
 * @client: the clients
 */
struct serve {
	const struct serve_rules *rules;
	struct user user;
	int listener;
	int program;
	uint64_t rest;
	size_t count;
	uint64_t given;
	uint64_t sent_away;
	struct serve_client client[SERVE_MAX];
};

/* What poll() has to watch. */
#define SERVE_ENTRIES (1 + SERVE_MAX)

/* A time that does not come. */
#define SERVE_NEVER UINT64_MAX

/* serve.c, but for serve_listen.c's */
void serve_init(struct serve *serve, const struct serve_rules *rules);
bool serve_listen(struct serve *serve, u16 port);
void serve_watch(const struct serve *serve, struct pollfd entry[SERVE_ENTRIES]);
void serve_hear(struct serve *serve, const struct pollfd entry[SERVE_ENTRIES], uint64_t now);
void serve_look(struct serve *serve, uint64_t now);
uint64_t serve_wake(const struct serve *serve);
void serve_reap(struct serve *serve, uint64_t now);
void serve_stop(struct serve *serve);

/* serve_room.c */
bool serve_room_is_stranger(const struct serve_client *client);
bool serve_room_to_talk(struct serve *serve, const struct serve_asked *newcomer, uint64_t now,
			struct serve_client **gives_way);
bool serve_room_to_stay(const struct serve *serve, const struct serve_client *client);

#endif /* _TUMBLERD_SERVE_H */
