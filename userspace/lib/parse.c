// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "name.h"
#include "parse.h"

/* Quotes at most this much of what was typed. */
#define QUOTED "%.64s"

static const struct {
	const char *name;
	u8 number;
} protocols[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ "sctp", IPPROTO_SCTP },
	{ "dccp", IPPROTO_DCCP },
};

#define PROTOCOLS (sizeof(protocols) / sizeof(protocols[0]))

bool parse_name(const char *what, const char *text, char why[PARSE_WHY_SIZE])
{
	if (name_is_good(text))
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`" QUOTED "' cannot name a %s, use 1 to 31 of A-Z a-z 0-9 _ . - and begin with a letter or digit",
		 text, what);
	return false;
}

static bool read_whole_number(const char *text, u32 max, u32 *value)
{
	const char *end = parse_digits(text, max, value);

	return end && !*end;
}

bool parse_port(const char *text, u16 *port, char why[PARSE_WHY_SIZE])
{
	u32 number;

	if (read_whole_number(text, 65535, &number) && number >= 1 && number <= 65535) {
		*port = (u16)number;
		return true;
	}
	snprintf(why, PARSE_WHY_SIZE, "`" QUOTED "' is no port, use a number from 1 to 65535",
		 text);
	return false;
}

bool parse_grants(const char *text, u32 *grants, char why[PARSE_WHY_SIZE])
{
	if (read_whole_number(text, GRANTS_MAX, grants) && *grants >= 1 && *grants <= GRANTS_MAX)
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`" QUOTED "' is no number of grants, use one from 1 to %d", text, GRANTS_MAX);
	return false;
}

static int digit_value(char digit)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = strchr(digits, tolower((unsigned char)digit));

	return digit && at ? (int)(at - digits) : 16;
}

/* 32 bits, decimal or with 0x hexadecimal; NULL if there are none, or more. */
static const char *read_bits(const char *text, u32 *bits)
{
	int base = !strncasecmp(text, "0x", 2) ? 16 : 10;
	u64 sum = 0;

	if (base == 16)
		text += 2;
	if (digit_value(*text) >= base)
		return NULL;
	for (; digit_value(*text) < base; text++) {
		sum = sum * (u64)base + (u64)digit_value(*text);
		if (sum > UINT32_MAX)
			return NULL;
	}
	*bits = (u32)sum;
	return text;
}

bool parse_mark(const char *text, struct mark *mark, char why[PARSE_WHY_SIZE])
{
	const char *fault = NULL;
	const char *end;

	memset(mark, 0, sizeof(*mark));
	if (!strcmp(text, "none"))
		return true;
	end = read_bits(text, &mark->value);
	if (end && *end == '/')
		end = read_bits(end + 1, &mark->mask);
	else
		end = NULL;
	if (!end || *end)
		fault = "is no mark, write VALUE/MASK in 32 bits, like 0x100/0x100, or none";
	else if (!mark->mask)
		fault = "has a mask of 0, name the bits that are the door's, like 0x100/0x100";
	else if (mark->value & ~mark->mask)
		fault = "has bits outside its mask, add them to the mask";
	else if (!mark->value)
		fault = "marks with 0, which is what every other packet has, set a bit of the mask";
	if (!fault)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`" QUOTED "' %s", text, fault);
	return false;
}

void format_mark(char text[MARK_TEXT_SIZE], const struct mark *mark)
{
	snprintf(text, MARK_TEXT_SIZE, "0x%x/0x%x", mark->value, mark->mask);
}

static bool read_protocol(const char *text, size_t length, u8 *number)
{
	size_t i;

	for (i = 0; i < PROTOCOLS; i++) {
		if (strlen(protocols[i].name) == length &&
		    !strncasecmp(text, protocols[i].name, length)) {
			*number = protocols[i].number;
			return true;
		}
	}
	return false;
}

/* PROTOCOL/PORT or PROTOCOL/PORT-PORT */
static bool read_service(const char *text, struct knock_service *service, const char **why)
{
	const char *slash = strchr(text, '/');
	u32 first, last;
	const char *end;

	memset(service, 0, sizeof(*service));
	if (!strcmp(text, "any"))
		return true;
	*why = "write PROTOCOL/PORT with tcp, udp, sctp or dccp, like tcp/22, or any";
	if (!slash || !read_protocol(text, (size_t)(slash - text), &service->protocol))
		return false;
	end = parse_digits(slash + 1, 65535, &first);
	last = first;
	if (end && *end == '-')
		end = parse_digits(end + 1, 65535, &last);
	if (!end || *end)
		return false;
	*why = "ports are from 1 to 65535";
	if (first < 1 || first > 65535 || last < 1 || last > 65535)
		return false;
	*why = "a range goes from the lower port to the higher";
	if (first > last)
		return false;
	service->first = (u16)first;
	service->last = (u16)last;
	return true;
}

bool parse_services(const char *text, struct service_list *list, char why[PARSE_WHY_SIZE])
{
	const char *reason = NULL;
	char one[64];
	size_t length;

	memset(list, 0, sizeof(*list));
	if (!strcmp(text, "none"))
		return true;
	for (;;) {
		length = strcspn(text, ",");
		if (list->count == KNOCK_SERVICES_MAX) {
			snprintf(why, PARSE_WHY_SIZE,
				 "a door opens at most %d services, join neighbouring ports to ranges like tcp/8000-8010",
				 KNOCK_SERVICES_MAX);
			return false;
		}
		snprintf(one, sizeof(one), "%.*s", (int)(length < 63 ? length : 63), text);
		if (!read_service(one, &list->service[list->count], &reason)) {
			snprintf(why, PARSE_WHY_SIZE, "`%s' is no service, %s", one, reason);
			return false;
		}
		list->count++;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

bool parse_address(const char *text, struct knock_address *address, char why[PARSE_WHY_SIZE])
{
	u8 ipv4[4];

	if (inet_pton(AF_INET, text, ipv4) == 1) {
		*address = knock_address_from_ipv4(ipv4);
		return true;
	}
	/* ::ffff:a.b.c.d is IPv4 already, in the form we keep it in. */
	if (inet_pton(AF_INET6, text, address->bytes) == 1)
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`" QUOTED "' is no address, write IPv4 like 192.0.2.1 or IPv6 like 2001:db8::1, no name and no %%interface",
		 text);
	return false;
}

void format_service(char text[SERVICE_TEXT_SIZE], const struct knock_service *service)
{
	char protocol[8];
	size_t i;

	if (!service->protocol) {
		snprintf(text, SERVICE_TEXT_SIZE, "any");
		return;
	}
	snprintf(protocol, sizeof(protocol), "%u", service->protocol);
	for (i = 0; i < PROTOCOLS; i++)
		if (protocols[i].number == service->protocol)
			snprintf(protocol, sizeof(protocol), "%s", protocols[i].name);
	if (service->first == service->last)
		snprintf(text, SERVICE_TEXT_SIZE, "%s/%u", protocol, service->first);
	else
		snprintf(text, SERVICE_TEXT_SIZE, "%s/%u-%u", protocol, service->first,
			 service->last);
}
