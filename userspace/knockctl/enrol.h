/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_ENROL_H
#define _KNOCKCTL_ENROL_H

#include "config.h"
#include "profile.h"
#include "record.h"
#include "x25519.h"

/**
 * struct enrolment - a client that is told all it needs
 * @door: the door
 * @key: one of its keys, with its secret
 * @server: the server's public key, if the key is paired
 * @config: directory of the configuration, where the server's key is
 * @host: what the client calls this server; NULL if that was not said
 * @used: of a once key, what was used at least; the client gets what is above it
 */
struct enrolment {
	const struct config_door *door;
	const struct config_key *key;
	const unsigned char *server;
	const char *config;
	const char *host;
	u64 used;
};

bool enrol_fill(struct profile *profile, const struct enrolment *enrolment);
void enrol_print(const struct profile *profile, const struct enrolment *enrolment);
void enrol_print_armed(u64 used, u64 armed);
void enrol_record_agent(struct record *record, const struct profile *profile);
void enrol_record_series(struct record *record, const struct profile *profile);
bool enrol_host_is_good(const char *host, char why[PARSE_WHY_SIZE]);

#endif /* _KNOCKCTL_ENROL_H */
