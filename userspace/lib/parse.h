/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PARSE_H
#define _LIB_PARSE_H

#include <knock/address.h>
#include <linux/knock.h>

#include "duration.h"

#define GRANTS_MAX 1048576

/* Room for a sentence about what is wrong with a text, which is quoted in it. */
#define PARSE_WHY_SIZE DURATION_WHY_SIZE

/* Room for `0x80000000/0xffffffff'. */
#define MARK_TEXT_SIZE 24

/* Room for `dccp/65535-65535'. */
#define SERVICE_TEXT_SIZE 20

/**
 * struct service_list - what a door opens
 * @count: how many are set; none is a door that opens nothing
 * @service: in the order they were given
 */
struct service_list {
	size_t count;
	struct knock_service service[KNOCK_SERVICES_MAX];
};

/**
 * struct mark - what a door gives admitted packets
 * @value: bits that are set, of @mask
 * @mask: bits that are the door's; 0 is no mark
 */
struct mark {
	u32 value;
	u32 mask;
};

/*
 * Each reads one value of the command line. Return: true, with the value
 * stored; false, with a sentence in @why that says what, why and the mend.
 */
bool parse_name(const char *what, const char *text, char why[PARSE_WHY_SIZE]);
bool parse_port(const char *text, u16 *port, char why[PARSE_WHY_SIZE]);
bool parse_grants(const char *text, u32 *grants, char why[PARSE_WHY_SIZE]);
bool parse_mark(const char *text, struct mark *mark, char why[PARSE_WHY_SIZE]);
bool parse_services(const char *text, struct service_list *list, char why[PARSE_WHY_SIZE]);
bool parse_address(const char *text, struct knock_address *address, char why[PARSE_WHY_SIZE]);

/**
 * format_service() - a service as parse_services() reads it
 * @text: where to write it
 * @service: the service
 */
void format_service(char text[SERVICE_TEXT_SIZE], const struct knock_service *service);

/**
 * format_mark() - a mark as parse_mark() reads it
 * @text: where to write it
 * @mark: the mark
 */
void format_mark(char text[MARK_TEXT_SIZE], const struct mark *mark);

#endif /* _LIB_PARSE_H */
