/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_SERVE_CHILD_H
#define _TUMBLERD_SERVE_CHILD_H

#include "hand_over.h"
#include "tls_key.h"
#include "user.h"

/*
 * A process for each client, which speaks TLS with it and decides nothing. What the two
 * processes tell each other is, in this order, and each in one piece: who it shall be, our
 * key, what the client asks, NEXT, GOT, GO, and with that the connection to the service.
 */

/* What tumblerd is called with to be one. */
#define SERVE_CHILD_WORD "--serve"

/* Where its descriptors are. */
#define SERVE_CHILD_CHANNEL 3
#define SERVE_CHILD_CLIENT 4

/**
 * struct serve_question - what a process says of its client
 * @pin: of the key that the client has proved to have
 * @have: as the client sent it
 */
struct serve_question {
	unsigned char pin[TLS_PIN_SIZE];
	u8 have[HAND_OVER_HAVE_SIZE];
};

/* serve_start.c: run by tumblerd */
int serve_open_program(void);
pid_t serve_start(int program, const struct user *user, int client, int *channel);

/* serve_child.c: run by the process */
int serve_child(void);

#endif /* _TUMBLERD_SERVE_CHILD_H */
