// SPDX-License-Identifier: GPL-2.0
/*
 * The agent's one loop: it hears the module, runs commands, and hears these. It decides
 * nothing that a door depends on, so all doors go on working where it ends.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-daemon.h>

#include "agent.h"
#include "commands.h"
#include "complain.h"
#include "descriptors.h"
#include "doors.h"
#include "follow.h"
#include "hand.h"
#include "journal.h"
#include "others.h"
#include "tally.h"
#include "windows.h"

/* How often it looks after what nobody tells it. */
#define TICK_MS 5000

/* Events that are heard before commands are seen to again. */
#define EVENTS_AT_ONCE 256

enum { HEAR_EVENTS, HEAR_SIGNALS, HEAR_COMMANDS };

/**
 * struct agent - all that it knows
 * @settings: the file
 * @events: where events come
 * @asking: where all else is asked
 * @signals: signals that came
 * @commands: what runs, and waits
 * @follow: grants
 * @windows: once keys
 * @hand: who is given sequences
 * @rules: by which
 * @serve: clients of that
 * @others: who does what this process leaves out
 * @missed: events were lost, so grants are to be listed
 * @list_by: from when on they are, though there is more to hear, in ms
 * @first: they were not listed before
 * @stopping: nothing more is begun
 * @tally: what is said now and then
 * @tick: when it looks again, in ms
 */
struct agent {
	const struct settings *settings;
	struct netlink events;
	struct netlink asking;
	int signals;
	struct commands commands;
	struct follow follow;
	struct windows windows;
	struct hand hand;
	struct serve_rules rules;
	struct serve serve;
	struct others others;
	bool missed;
	uint64_t list_by;
	bool first;
	bool stopping;
	struct tally tally;
	uint64_t tick;
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Or it only runs commands, and all else is another's. */
static bool is_agent(const struct agent *agent)
{
	return agent->settings->roles & ROLE_AGENT;
}

static void look_at_all_windows(struct agent *agent)
{
	if (is_agent(agent))
		windows_look_at_all(&agent->windows);
}

static void miss(struct agent *agent)
{
	if (!agent->missed)
		agent->list_by = now_ms() + TICK_MS;
	agent->missed = true;
	look_at_all_windows(agent);
}

static void take_event(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct agent *agent = data;
	struct event event;

	(void)header;
	if (event_take(&event, attributes)) {
		if (is_agent(agent) && tally_passes(&agent->tally, &event))
			journal_event(&event);
		follow_event(&agent->follow, &event);
		if (is_agent(agent) && event.kind == KNOCK_EVENT_KIND_USED)
			windows_look(&agent->windows, event.subject.name, event.subject.key);
	}
	if (event.lost) {
		agent->tally.count[TALLY_LOST] += event.lost;
		miss(agent);
	}
}

static bool is_readable(int descriptor)
{
	struct pollfd entry = { .fd = descriptor, .events = POLLIN };

	return poll(&entry, 1, 0) > 0;
}

/* Return: false if nothing more can come, with the sentence printed. */
static bool hear_events(struct agent *agent)
{
	int socket = nl_socket_get_fd(agent->events.socket);
	int i, lost;

	for (i = 0; i < EVENTS_AT_ONCE && is_readable(socket); i++) {
		lost = netlink_wait(&agent->events, take_event, agent);
		if (lost < 0)
			return false;
		if (lost) {
			agent->tally.count[TALLY_OVERFLOWS]++;
			miss(agent);
		}
	}
	return true;
}

static void take_grant(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct agent *agent = data;
	struct event event;

	(void)header;
	event_take_grant(&event, attributes);
	follow_dumped(&agent->follow, &event, agent->first);
}

/*
 * What was told before the listing should have been heard, or a grant of it may be known
 * that has ended. If it never is, since more and more comes, it is listed all the same, and
 * once more later.
 */
static bool list_grants(struct agent *agent)
{
	bool more = is_readable(nl_socket_get_fd(agent->events.socket));
	char why[NETLINK_WHY_SIZE];

	if (!agent->missed || agent->stopping || (more && now_ms() < agent->list_by))
		return true;
	agent->missed = more;
	agent->list_by = now_ms() + TICK_MS;
	follow_dump(&agent->follow);
	if (netlink_try(&agent->asking,
			netlink_message(&agent->asking, KNOCK_CMD_GRANT_GET, NLM_F_DUMP),
			take_grant, agent, why)) {
		complain("grants cannot be listed: %s", why);
		return false;
	}
	follow_dump_end(&agent->follow);
	agent->first = false;
	return true;
}

/* In a round that takes long, systemd would take it for one that has no end. */
static void beat(const struct agent *agent)
{
	if (now_ms() >= agent->tick)
		sd_notify(0, "WATCHDOG=1");
}

static void stop(struct agent *agent)
{
	sd_notify(0, "STOPPING=1");
	agent->stopping = true;
	serve_stop(&agent->serve);
	commands_stop(&agent->commands, now_ms());
}

static void take_signals(struct agent *agent)
{
	struct signalfd_siginfo info;

	while (read(agent->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo != SIGCHLD && !agent->stopping)
			stop(agent);
	commands_reap(&agent->commands, now_ms());
	serve_reap(&agent->serve, now_ms());
}

/* A module that was taken out tells nothing, not even that. */
static bool is_module_there(struct agent *agent)
{
	struct netlink other;
	bool same;

	if (!netlink_open(&other))
		return false;
	same = other.family == agent->events.family;
	netlink_close(&other);
	if (!same)
		complain("the kernel module is another one than before, start again");
	return same;
}

/* Return: false if it cannot go on, with the sentence printed. */
static bool look_after(struct agent *agent)
{
	uint64_t now = now_ms();

	if (now < agent->tick)
		return true;
	agent->tick = now + TICK_MS;
	sd_notifyf(0, "WATCHDOG=1\nSTATUS=%zu grants, %zu commands run, %zu wait, %zu clients",
		   agent->follow.count, agent->commands.jobs.running, agent->commands.jobs.waiting,
		   agent->serve.count);
	agent->tally.count[TALLY_REFUSED] = agent->follow.refused;
	agent->tally.count[TALLY_SENT_AWAY] = agent->serve.sent_away;
	tally_say(&agent->tally);
	if (!is_module_there(agent))
		return false;
	doors_mend(&agent->asking, agent->settings);
	others_look(&agent->others, agent->settings);
	return true;
}

static int wait_ms(const struct agent *agent)
{
	uint64_t now = now_ms(), wake = jobs_wake(&agent->commands.jobs);
	uint64_t arm = windows_wake(&agent->windows), serve = serve_wake(&agent->serve);

	if (agent->tick < wake)
		wake = agent->tick;
	if (arm < wake && !agent->stopping)
		wake = arm;
	if (serve < wake)
		wake = serve;
	return wake > now ? (int)(wake - now) : 0;
}

/* Return: false if it cannot go on, with the sentence printed. */
static bool hear(struct agent *agent)
{
	static struct pollfd entry[HEAR_COMMANDS + AT_ONCE_MAX + SERVE_ENTRIES];
	struct pollfd *commands = entry + HEAR_COMMANDS, *clients;

	entry[HEAR_EVENTS] = (struct pollfd){
		.fd = agent->stopping ? -1 : nl_socket_get_fd(agent->events.socket),
		.events = POLLIN,
	};
	entry[HEAR_SIGNALS] = (struct pollfd){ .fd = agent->signals, .events = POLLIN };
	clients = commands + commands_watch(&agent->commands, commands);
	serve_watch(&agent->serve, clients);
	if (poll(entry, (nfds_t)(clients - entry) + SERVE_ENTRIES,
		 agent->missed && !agent->stopping ? 0 : wait_ms(agent)) < 0) {
		if (errno == EINTR)
			return true;
		complain("nothing can be waited for: %m; start again");
		return false;
	}
	commands_hear(&agent->commands, commands, now_ms());
	/* What the module tells comes first, since clients come when they have knocked. */
	if (entry[HEAR_EVENTS].revents && !agent->stopping && !hear_events(agent))
		return false;
	serve_hear(&agent->serve, clients, now_ms());
	if (entry[HEAR_SIGNALS].revents)
		take_signals(agent);
	return true;
}

/* Return: whether it ended because it was told to. */
static bool go_round(struct agent *agent)
{
	while (!agent->stopping || agent->commands.jobs.running) {
		if (!hear(agent) || !list_grants(agent) || !look_after(agent))
			return false;
		commands_end(&agent->commands, now_ms());
		if (agent->stopping)
			continue;
		while (commands_start(&agent->commands, now_ms()))
			beat(agent);
		owed_flush(&agent->commands.owed);
		serve_look(&agent->serve, now_ms());
		beat(agent);
		windows_arm(&agent->windows, &agent->asking, now_ms());
	}
	return true;
}

static bool take_signals_from_now(struct agent *agent)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	/* Who has it ignored cannot wait for processes. */
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	agent->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (agent->signals < 0)
		complain("signals cannot be waited for: %m; start again");
	return agent->signals >= 0;
}

static bool serve_clients(struct agent *agent)
{
	if (!settings_forward(agent->settings))
		return true;
	agent->serve.user = agent->settings->agent_user;
	return serve_listen(&agent->serve, agent->settings->agent);
}

static bool begin(struct agent *agent)
{
	/* First the events: what is listed after that cannot change unheard. */
	if (!netlink_subscribe(&agent->events) || !list_grants(agent) || !serve_clients(agent))
		return false;
	sd_notify(0, "READY=1");
	fputs("listening\n", stderr);
	return true;
}

/**
 * agent_run() - do what the file says, until a signal ends it
 * @settings: the file
 * @places: what knockctl keeps
 *
 * Return: true if a signal ended it; false with the sentence printed.
 */
bool agent_run(const struct settings *settings, const struct agent_places *places)
{
	static struct agent agent = { .signals = -1, .missed = true, .first = true };
	bool done = false;

	agent.settings = settings;
	agent.windows.state = places->state;
	agent.others.state = places->state;
	look_at_all_windows(&agent);
	agent.hand = (struct hand){ .follow = &agent.follow, .netlink = &agent.asking,
				    .config = places->doors, .state = places->state };
	agent.rules = (struct serve_rules){ .key = hand_server_key,
					    .find_party = hand_find_party,
					    .ask = hand_ask, .data = &agent.hand };
	serve_init(&agent.serve, &agent.rules);
	commands_init(&agent.commands, settings);
	follow_init(&agent.follow, settings, &agent.commands.jobs);
	if (places->keeps) {
		owed_open(&agent.commands.owed, places->state);
		follow_recall(&agent.follow, &agent.commands.owed);
	}
	if (!descriptors_are_enough() || !take_signals_from_now(&agent) ||
	    !netlink_open(&agent.events))
		return false;
	if (netlink_open(&agent.asking)) {
		if (doors_make(&agent.asking, settings)) {
			done = begin(&agent) && go_round(&agent);
			commands_kill(&agent.commands);
			serve_stop(&agent.serve);
			doors_unmake(&agent.asking, settings);
		}
		netlink_close(&agent.asking);
	}
	netlink_close(&agent.events);
	close(agent.signals);
	follow_free(&agent.follow);
	windows_free(&agent.windows);
	commands_forget(&agent.commands);
	hand_forget(&agent.hand);
	return done;
}
