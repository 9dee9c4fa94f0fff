/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_OPTIONS_H
#define _TUMBLER_OPTIONS_H

#include <knock/address.h>

#include "url.h"

/**
 * struct options - what the command line asks for
 * @url: what to knock on
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for what the host has
 * @has_source: whether @source is given
 * @source: the address that the server sees, where it is not our own
 * @secret_file: read the secret from there; NULL: it is in the URL, or asked for
 * @print: show the datagram and send nothing
 * @wait: wait for a minute whose knock was not used yet
 * @wait_port: go on until this TCP port answers; 0: do not
 */
struct options {
	struct url url;
	int family;
	bool has_source;
	struct knock_address source;
	const char *secret_file;
	bool print;
	bool wait;
	u16 wait_port;
};

bool options_parse(int argc, char *argv[], struct options *options, int *status);

#endif /* _TUMBLER_OPTIONS_H */
