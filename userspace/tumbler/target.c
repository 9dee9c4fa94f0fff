// SPDX-License-Identifier: GPL-2.0
/* The host's addresses, and for each the address that packets to it come from. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "target.h"

static struct knock_address address_of(const struct sockaddr_storage *socket_address)
{
	struct knock_address address;

	if (socket_address->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)socket_address;

		return knock_address_from_ipv4((const u8 *)&in->sin_addr);
	}
	memcpy(address.bytes, &((const struct sockaddr_in6 *)socket_address)->sin6_addr,
	       sizeof(address.bytes));
	return address;
}

/* The kernel chooses the source when the socket is connected: nothing is sent. */
static bool target_connect(struct target *target)
{
	struct sockaddr_storage own;
	socklen_t len = sizeof(own);
	int error;

	target->descriptor = socket(target->socket_address.ss_family, SOCK_DGRAM, 0);
	if (target->descriptor < 0)
		return false;
	if (!connect(target->descriptor, (struct sockaddr *)&target->socket_address,
		     target->socket_address_len) &&
	    !getsockname(target->descriptor, (struct sockaddr *)&own, &len)) {
		target->source = address_of(&own);
		return true;
	}
	error = errno;
	close(target->descriptor);
	target->descriptor = -1;
	errno = error;
	return false;
}

static bool is_known(const struct target_list *list, const struct target *target)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (knock_address_equal(&list->target[i].server, &target->server))
			return true;
	return false;
}

static bool target_find(struct target *target, const struct addrinfo *info,
			const struct options *options)
{
	bool is_ipv4 = info->ai_family == AF_INET;
	bool given = options->has_source && knock_address_is_ipv4(&options->source) == is_ipv4;

	memset(target, 0, sizeof(*target));
	target->descriptor = -1;
	memcpy(&target->socket_address, info->ai_addr, info->ai_addrlen);
	target->socket_address_len = info->ai_addrlen;
	target->server = address_of(&target->socket_address);
	/* What is only printed can be for a network that is not ours. */
	if (!(options->print && given) && !target_connect(target))
		return false;
	if (given)
		target->source = options->source;
	return true;
}

static struct addrinfo *resolve(const struct options *options, char why[TARGET_WHY_SIZE])
{
	struct addrinfo hints = {
		.ai_family = options->family,
		.ai_socktype = SOCK_DGRAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	char port[8];
	int error;

	snprintf(port, sizeof(port), "%u", options->url.port);
	error = getaddrinfo(options->url.host, port, &hints, &found);
	if (!error)
		return found;
	snprintf(why, TARGET_WHY_SIZE, "%.200s has no address to knock on: %s",
		 options->url.host,
		 error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
	return NULL;
}

/* Whether a --source of the other family was meant for an address of the host. */
static bool source_is_of_use(const struct target_list *list, const struct options *options)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (knock_address_equal(&list->target[i].source, &options->source))
			return true;
	return !options->has_source;
}

/**
 * targets_find() - find the addresses to knock on
 * @list: receives them; close it with targets_close()
 * @options: the host, and which families
 * @why: a sentence, on failure
 *
 * An address that cannot be reached (a host with IPv6, from a network without)
 * is left out. --source stands for the addresses of its own family.
 *
 * Return: true if there is at least one
 */
bool targets_find(struct target_list *list, const struct options *options,
		  char why[TARGET_WHY_SIZE])
{
	struct addrinfo *found, *info;
	int error = 0;

	list->count = 0;
	found = resolve(options, why);
	if (!found)
		return false;
	for (info = found; info && list->count < TARGETS_MAX; info = info->ai_next) {
		struct target *target = &list->target[list->count];

		if (info->ai_family != AF_INET && info->ai_family != AF_INET6)
			continue;
		if (!target_find(target, info, options))
			error = errno;
		else if (!is_known(list, target))
			list->count++;
		else if (target->descriptor >= 0)
			close(target->descriptor);
	}
	freeaddrinfo(found);

	if (list->count && source_is_of_use(list, options))
		return true;
	if (list->count)
		snprintf(why, TARGET_WHY_SIZE,
			 "%.200s has no address of the family of --source, give one of the other family",
			 options->url.host);
	else
		snprintf(why, TARGET_WHY_SIZE,
			 "%.200s cannot be reached from here: %s; check the network, or try -4 or -6",
			 options->url.host, strerror(error));
	targets_close(list);
	return false;
}

/**
 * target_at() - the address of another port of the host
 * @target: the host
 * @port: of TCP or UDP
 *
 * Return: as long as the target's own.
 */
struct sockaddr_storage target_at(const struct target *target, u16 port)
{
	struct sockaddr_storage address = target->socket_address;

	if (address.ss_family == AF_INET)
		((struct sockaddr_in *)&address)->sin_port = htons(port);
	else
		((struct sockaddr_in6 *)&address)->sin6_port = htons(port);
	return address;
}

/**
 * targets_unbind() - whatever address the server sees us by, have knocks not name it
 * @list: as targets_find() made it
 */
void targets_unbind(struct target_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		memset(&list->target[i].source, 0, sizeof(list->target[i].source));
}

/**
 * targets_close() - close the sockets
 * @list: as targets_find() made it
 */
void targets_close(struct target_list *list)
{
	while (list->count) {
		struct target *target = &list->target[--list->count];

		if (target->descriptor >= 0)
			close(target->descriptor);
	}
}
