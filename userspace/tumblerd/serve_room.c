// SPDX-License-Identifier: GPL-2.0
/*
 * Who finds room. Anybody whom a knock lets as far as here can connect as often as he likes,
 * be slow, and knock for many addresses; so room is shared between those who have knocked,
 * then between networks, and only then by time. Nothing here but counting.
 */
#include <string.h>

#include "serve.h"

/* Whoever has an address of IPv6 has 2^64 of them. */
#define NETWORK_BYTES 8

static bool is_same_network(const struct knock_address *a, const struct knock_address *b)
{
	if (knock_address_is_ipv4(a) || knock_address_is_ipv4(b))
		return knock_address_equal(a, b);
	return !memcmp(a->bytes, b->bytes, NETWORK_BYTES);
}

static bool is_same_party(const struct serve_asked *a, const struct serve_asked *b)
{
	return !strcmp(a->party.door, b->party.door) && !strcmp(a->party.key, b->party.key);
}

/**
 * serve_room_is_stranger() - whether a client has not shown to be who has knocked
 * @client: there or not
 */
bool serve_room_is_stranger(const struct serve_client *client)
{
	return (client->phase == SERVE_TALKS || client->phase == SERVE_ASKS) &&
	       !client->asked.proved;
}

static bool has_place(const struct serve_client *client, uint64_t now)
{
	if (client->phase == SERVE_RESTS || client->left)
		return now < client->since + SERVE_GRACE_MS;
	return serve_room_is_stranger(client);
}

static bool is_proved(const struct serve_client *client)
{
	return client->phase > SERVE_NOBODY && client->phase < SERVE_GOES &&
	       client->asked.proved;
}

/**
 * struct crowd - those strangers that a newcomer has to find room among
 * @newcomer: who that is
 * @count: how many they are
 * @client: they
 */
struct crowd {
	const struct serve_asked *newcomer;
	size_t count;
	struct serve_client *client[SERVE_TALKING_MAX];
};

/**
 * struct claim - what speaks against a stranger
 * @party: how many are there of who has knocked for him
 * @own_party: as for the newcomer
 * @network: how many of these are in his network
 * @own_network: which is the newcomer's
 */
struct claim {
	size_t party;
	bool own_party;
	size_t network;
	bool own_network;
};

static struct claim find_claim(const struct crowd *crowd, const struct serve_asked *asked)
{
	struct claim claim = {
		.own_party = is_same_party(asked, crowd->newcomer),
		.own_network = is_same_network(&asked->address, &crowd->newcomer->address),
	};
	size_t i;

	for (i = 0; i < crowd->count; i++) {
		const struct serve_asked *other = &crowd->client[i]->asked;

		if (!is_same_party(asked, other))
			continue;
		claim.party++;
		claim.network += is_same_network(&asked->address, &other->address);
	}
	return claim;
}

/*
 * Return: below 0 if the first has more right to stay. Of two that are as many the
 * newcomer's own give way: else he would take from those that have no more than their share.
 */
static int compare(const struct claim *a, const struct claim *b)
{
	if (a->party != b->party)
		return a->party < b->party ? -1 : 1;
	if (a->own_party != b->own_party)
		return a->own_party ? 1 : -1;
	if (a->network != b->network)
		return a->network < b->network ? -1 : 1;
	return (int)a->own_network - (int)b->own_network;
}

/*
 * Of a crowd that is not empty the one who has least right to stay; of several, who has
 * been there longest.
 */
static struct serve_client *find_last(const struct crowd *crowd, struct claim *claim)
{
	struct serve_client *last = crowd->client[0];
	size_t i;

	*claim = find_claim(crowd, &last->asked);
	for (i = 1; i < crowd->count; i++) {
		struct claim its = find_claim(crowd, &crowd->client[i]->asked);
		int order = compare(&its, claim);

		if (order < 0 || (!order && crowd->client[i]->since >= last->since))
			continue;
		last = crowd->client[i];
		*claim = its;
	}
	return last;
}

/* With the newcomer in his place, are they shared out more evenly? */
static bool is_fairer(const struct claim *last, const struct claim *newcomer)
{
	if (!last->own_party)
		return newcomer->party + 1 < last->party;
	return newcomer->network + 1 < last->network;
}

static void gather(struct crowd *crowd, struct serve *serve, uint64_t now, bool network)
{
	struct serve_client *client;

	crowd->count = 0;
	for (client = serve->client; client < serve->client + SERVE_MAX; client++)
		if (crowd->count < SERVE_TALKING_MAX && has_place(client, now) &&
		    (!network ||
		     is_same_network(&client->asked.address, &crowd->newcomer->address)))
			crowd->client[crowd->count++] = client;
}

/**
 * serve_room_to_talk() - whether a newcomer may talk
 * @serve: all clients
 * @newcomer: where he comes from, and who has knocked for that
 * @now: what time it is, in ms
 * @gives_way: receives who has to go for it, NULL for nobody
 *
 * Return: false if there is no room for him.
 */
bool serve_room_to_talk(struct serve *serve, const struct serve_asked *newcomer, uint64_t now,
			struct serve_client **gives_way)
{
	struct crowd crowd = { .newcomer = newcomer };
	struct claim last, his;

	*gives_way = NULL;
	gather(&crowd, serve, now, true);
	if (crowd.count < SERVE_TALKING_MAX_EACH) {
		gather(&crowd, serve, now, false);
		if (crowd.count < SERVE_TALKING_MAX)
			return true;
	}
	*gives_way = find_last(&crowd, &last);
	his = find_claim(&crowd, newcomer);
	return is_fairer(&last, &his) || now - (*gives_way)->since >= SERVE_GRACE_MS;
}

/**
 * serve_room_to_stay() - whether there is room for one who has proved his key
 * @serve: all clients
 * @client: he, who is one of them
 *
 * Nobody has to go for him: he may be at work. So of each key there may be no more than as
 * many as still find room, and it takes nine that want all to leave nothing for a tenth.
 *
 * Return: false if there is none.
 */
bool serve_room_to_stay(const struct serve *serve, const struct serve_client *client)
{
	const struct serve_client *other;
	size_t all = 0, party = 0, each = 0;

	for (other = serve->client; other < serve->client + SERVE_MAX; other++) {
		if (other == client || !is_proved(other))
			continue;
		all++;
		if (!is_same_party(&other->asked, &client->asked))
			continue;
		party++;
		each += knock_address_equal(&other->asked.address, &client->asked.address);
	}
	return each < SERVE_STAYING_MAX_EACH && party + all < SERVE_STAYING_MAX;
}
