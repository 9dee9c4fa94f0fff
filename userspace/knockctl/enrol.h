/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_ENROL_H
#define _KNOCKCTL_ENROL_H

#include "config.h"
#include "profile.h"
#include "x25519.h"

/**
 * struct enrolment - a client that is told all it needs
 * @door: the door
 * @key: one of its keys, with its secret
 * @server: the server's public key, if the key is paired
 * @host: what the client calls this server; NULL if that was not said
 */
struct enrolment {
	const struct config_door *door;
	const struct config_key *key;
	const unsigned char *server;
	const char *host;
};

void enrol_fill(struct profile *profile, const struct enrolment *enrolment);
void enrol_print(const struct profile *profile, const struct enrolment *enrolment);
bool enrol_host_is_good(const char *host, char why[PARSE_WHY_SIZE]);

#endif /* _KNOCKCTL_ENROL_H */
