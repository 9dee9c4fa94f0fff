// SPDX-License-Identifier: GPL-2.0
/*
 * A series of ports as a list, and what makes a list a bad one.
 */
#include <knock/sequence.h>

#define PORT_MAX	65535u
#define SUFFIX_LEN	4

/* What is left of a text. */
struct rest {
	const char *at;
	const char *end;
};

static bool is_digit(const struct rest *rest)
{
	return rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9';
}

/* Decimal without sign, space or leading zero; 0 if there is none, or none in range. */
static u32 take_port(struct rest *rest)
{
	u32 port = 0;

	if (is_digit(rest) && *rest->at == '0')
		return 0;
	while (is_digit(rest)) {
		port = 10 * port + (u32)(*rest->at++ - '0');
		if (port > PORT_MAX)
			return 0;
	}
	return port;
}

static bool take_suffix(struct rest *rest, const char suffix[SUFFIX_LEN + 1])
{
	if (rest->end - rest->at < SUFFIX_LEN || memcmp(rest->at, suffix, SUFFIX_LEN))
		return false;
	rest->at += SUFFIX_LEN;
	return true;
}

static u8 take_protocol(struct rest *rest)
{
	if (take_suffix(rest, "/udp"))
		return KNOCK_STEP_UDP;
	take_suffix(rest, "/tcp");
	return KNOCK_STEP_TCP;
}

static bool step_equal(const struct knock_step *a, const struct knock_step *b)
{
	return a->port == b->port && a->protocol == b->protocol;
}

static enum knock_sequence_result append(struct knock_sequence *sequence,
					 const struct knock_step *step)
{
	int i;

	for (i = 0; i < sequence->count; i++) {
		if (step_equal(&sequence->steps[i], step))
			return KNOCK_SEQUENCE_TWICE;
	}
	if (sequence->count == KNOCK_STEPS_MAX)
		return KNOCK_SEQUENCE_TOO_LONG;
	sequence->steps[sequence->count++] = *step;
	return KNOCK_SEQUENCE_GOOD;
}

/**
 * knock_sequence_parse() - read a list of ports
 * @sequence: receives the steps; its content is undefined on failure
 * @text: `PORT[/tcp|/udp]' and as many more as one likes, with commas between
 * @len: its length in bytes, without a NUL
 *
 * Context: Any.
 * Return: what was found
 */
enum knock_sequence_result knock_sequence_parse(struct knock_sequence *sequence,
						const char *text, size_t len)
{
	struct rest rest = { text, text + len };
	enum knock_sequence_result result;
	struct knock_step step;

	sequence->count = 0;
	for (;;) {
		step.port = (u16)take_port(&rest);
		if (!step.port)
			return KNOCK_SEQUENCE_BAD_PORT;
		step.protocol = take_protocol(&rest);
		if (rest.at < rest.end && *rest.at != ',')
			return KNOCK_SEQUENCE_BAD_PROTOCOL;
		result = append(sequence, &step);
		if (result != KNOCK_SEQUENCE_GOOD || rest.at == rest.end)
			return result;
		rest.at++;
	}
}

static char *put_port(char *at, u32 port)
{
	u32 unit = 10000;

	while (unit > port)
		unit /= 10;
	for (; unit; unit /= 10)
		*at++ = (char)('0' + port / unit % 10);
	return at;
}

/**
 * knock_sequence_format() - write a list of ports
 * @text: receives the list and a NUL; TCP goes without saying
 * @sequence: what it says
 *
 * Context: Any.
 * Return: length of the text without its NUL
 */
size_t knock_sequence_format(char text[KNOCK_SEQUENCE_TEXT_SIZE],
			     const struct knock_sequence *sequence)
{
	char *at = text;
	int i;

	for (i = 0; i < sequence->count; i++) {
		if (i)
			*at++ = ',';
		at = put_port(at, sequence->steps[i].port);
		if (sequence->steps[i].protocol == KNOCK_STEP_UDP) {
			memcpy(at, "/udp", SUFFIX_LEN);
			at += SUFFIX_LEN;
		}
	}
	*at = '\0';
	return (size_t)(at - text);
}

/**
 * knock_sequence_begins() - does one sequence begin with another?
 * @whole: the longer one, or an equal one
 * @beginning: what it may begin with
 *
 * Context: Any.
 * Return: true if whoever knocks @whole knocks @beginning on the way
 */
bool knock_sequence_begins(const struct knock_sequence *whole,
			   const struct knock_sequence *beginning)
{
	int i;

	if (beginning->count > whole->count)
		return false;
	for (i = 0; i < beginning->count; i++) {
		if (!step_equal(&whole->steps[i], &beginning->steps[i]))
			return false;
	}
	return true;
}

/* Ports only rise, or only fall. With @apart, each protocol has a sweep of its own, and
 * one of them is over when the other begins.
 */
static bool is_one_way(const struct knock_sequence *sequence, bool up, bool apart)
{
	const struct knock_step *step, *last;
	int i, changes = 0;

	for (i = 1; i < sequence->count; i++) {
		last = &sequence->steps[i - 1];
		step = &sequence->steps[i];
		if (apart && step->protocol != last->protocol) {
			if (changes++)
				return false;
			continue;
		}
		if (up ? step->port < last->port : step->port > last->port)
			return false;
	}
	return true;
}

/**
 * knock_sequence_is_swept() - does a scan of all ports in order complete it?
 * @sequence: any
 *
 * Context: Any.
 * Return: true if a sweep up or down does, of both protocols at once or one after the
 *	   other
 */
bool knock_sequence_is_swept(const struct knock_sequence *sequence)
{
	return is_one_way(sequence, true, false) || is_one_way(sequence, false, false) ||
	       is_one_way(sequence, true, true) || is_one_way(sequence, false, true);
}
