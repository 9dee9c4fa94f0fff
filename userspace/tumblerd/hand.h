/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_HAND_H
#define _TUMBLERD_HAND_H

#include "config.h"
#include "follow.h"
#include "netlink.h"
#include "serve.h"

/**
 * struct hand - what decides who is given which sequences
 * @follow: grants
 * @netlink: the connection
 * @config: knockctl's directory of that name
 * @state: and the other
 * @door: one that was read from its file, with the secrets of all its keys
 * @read: that file, as it was then
 * @good: it can be relied on; else @door has but a name
 * @faulty: the last door of which it was said that its cannot
 * @told_server: that there is no server's key was said
 */
struct hand {
	struct follow *follow;
	struct netlink *netlink;
	const char *config;
	const char *state;
	struct config_door door;
	struct stamp read;
	bool good;
	char faulty[NAME_SIZE];
	bool told_server;
};

/* hand_key.c: whose key it is */
struct config_key *hand_key(struct hand *hand, const char *door, const char *key);
const unsigned char *hand_pin(struct hand *hand, struct followed *followed);
bool hand_server_key(void *data, unsigned char key[TLS_KEY_SIZE]);
void hand_forget(struct hand *hand);

/* hand_open.c: the door of who has shown a roaming key */
bool hand_open(struct hand *hand, const struct subject *subject, const struct serve_asked *asked);

/* hand.c: who it is, and what it is given; for struct serve_rules */
void hand_find_party(void *data, const struct knock_address *address, struct serve_party *party);
enum serve_answer hand_ask(void *data, struct serve_asked *asked, struct serve_gift *gift);

#endif /* _TUMBLERD_HAND_H */
