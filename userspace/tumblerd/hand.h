/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_HAND_H
#define _TUMBLERD_HAND_H

#include <sys/stat.h>

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
 * @read: of that file, when it was read
 * @told: what keeps it from handing out was said
 */
struct hand {
	struct follow *follow;
	struct netlink *netlink;
	const char *config;
	const char *state;
	struct config_door door;
	struct stat read;
	bool told;
};

/* hand_key.c: whose key it is */
struct config_key *hand_key(struct hand *hand, const char *door, const char *key);
bool hand_pin(unsigned char pin[TLS_PIN_SIZE], const struct config_key *key);
bool hand_server_key(void *data, unsigned char key[TLS_KEY_SIZE]);
void hand_forget(struct hand *hand);

/* hand.c: what it is given; both for struct serve_rules */
enum serve_answer hand_ask(void *data, const struct serve_asked *asked, struct serve_gift *gift);

#endif /* _TUMBLERD_HAND_H */
