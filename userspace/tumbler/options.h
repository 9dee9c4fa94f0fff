/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_OPTIONS_H
#define _TUMBLER_OPTIONS_H

#include <knock/address.h>

#include "url.h"

enum verb {
	VERB_NONE,
	VERB_OPEN,
	VERB_CLOSE,
	VERB_CONNECT,
	VERB_CHECK,
	VERB_IMPORT,
	VERB_GENKEY,
	VERB_PUBKEY,
};

/**
 * struct options - what the command line asks for
 * @verb: what is to be done
 * @name: of a profile; NULL if @url says what to knock on
 * @url: what to knock on
 * @open_for: seconds that the door shall be open, 0 for as long as it says
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for what the host has
 * @has_source: whether @source is given
 * @source: the address that the server sees, where it is not our own
 * @secret_file: read the secret from there; NULL: it is in the URL, or asked for
 * @print: show the datagram and send nothing
 * @has_delay: whether @delay_ms is given
 * @delay_ms: between two steps of a series of ports
 * @wait: wait for a minute whose knock was not used yet
 * @wait_port: go on until this TCP port answers; 0: do not
 * @host: in the place of the profile's, or NULL
 * @service: port that the door's service must have, or 0
 * @file: to import or to read a private key from, - for standard input
 * @private_key: file of the private key that an imported profile lacks, or NULL
 * @force: import over a profile that is there
 */
struct options {
	enum verb verb;
	const char *name;
	struct url url;
	u32 open_for;
	int family;
	bool has_source;
	struct knock_address source;
	const char *secret_file;
	bool print;
	bool has_delay;
	u32 delay_ms;
	bool wait;
	u16 wait_port;
	const char *host;
	u16 service;
	const char *file;
	const char *private_key;
	bool force;
};

bool options_parse(int argc, char *argv[], struct options *options, int *status);

#endif /* _TUMBLER_OPTIONS_H */
