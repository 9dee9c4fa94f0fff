/* SPDX-License-Identifier: GPL-2.0 */
/* A series of ports as a list: `42,196/udp,69'. See Documentation/protocol.rst. */
#ifndef _KNOCK_SEQUENCE_H
#define _KNOCK_SEQUENCE_H

#include <knock/platform.h>

#define KNOCK_STEPS_MAX		32
/* The longest list with its NUL: each step as `65535/udp,'. */
#define KNOCK_SEQUENCE_TEXT_SIZE (KNOCK_STEPS_MAX * 10)

/**
 * enum knock_step_protocol - what a step is sent as, by its number in IP
 * @KNOCK_STEP_TCP: a lone SYN
 * @KNOCK_STEP_UDP: a datagram, whatever is in it
 */
enum knock_step_protocol {
	KNOCK_STEP_TCP = 6,
	KNOCK_STEP_UDP = 17,
};

/**
 * struct knock_step - one port of a sequence
 * @port: 1 to 65535
 * @protocol: enum knock_step_protocol
 */
struct knock_step {
	u16 port;
	u8 protocol;
};

/**
 * struct knock_sequence - steps in their order
 * @steps: all different
 * @count: how many there are, 1 to KNOCK_STEPS_MAX
 */
struct knock_sequence {
	struct knock_step steps[KNOCK_STEPS_MAX];
	u8 count;
};

/**
 * enum knock_sequence_result - what is wrong with a list
 * @KNOCK_SEQUENCE_GOOD: nothing
 * @KNOCK_SEQUENCE_BAD_PORT: a step does not begin with 1 to 65535
 * @KNOCK_SEQUENCE_BAD_PROTOCOL: a port is followed by what is neither /tcp nor /udp
 * @KNOCK_SEQUENCE_TWICE: a step is there twice
 * @KNOCK_SEQUENCE_TOO_LONG: it has more than KNOCK_STEPS_MAX steps
 */
enum knock_sequence_result {
	KNOCK_SEQUENCE_GOOD,
	KNOCK_SEQUENCE_BAD_PORT,
	KNOCK_SEQUENCE_BAD_PROTOCOL,
	KNOCK_SEQUENCE_TWICE,
	KNOCK_SEQUENCE_TOO_LONG,
};

enum knock_sequence_result knock_sequence_parse(struct knock_sequence *sequence,
						const char *text, size_t len);
size_t knock_sequence_format(char text[KNOCK_SEQUENCE_TEXT_SIZE],
			     const struct knock_sequence *sequence);
bool knock_sequence_begins(const struct knock_sequence *whole,
			   const struct knock_sequence *beginning);
bool knock_sequence_is_swept(const struct knock_sequence *sequence);

#endif /* _KNOCK_SEQUENCE_H */
