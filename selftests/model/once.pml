/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The life of once sequences: who may use which number when, whatever crashes and
 * whatever the network does. README.rst of this directory says what is checked, what is
 * left out, and why that loses nothing; `run' checks it. What is below an #ifdef and
 * called wrong is there to be found wrong, all but KNOWS_ALL.
 *
 * Numbers are relative. What is at or below a key's floor can never be used again, so
 * after every step all numbers are lowered until the floor is 0: runs are as long as one
 * likes, and yet the states are finitely many. A set of numbers is a byte, bit n - 1
 * for number n.
 */
#ifndef KEYS
#define KEYS	2
#endif
#ifndef WINDOW
#define WINDOW	1
#endif
#ifndef DEPTH
#define DEPTH	4
#endif
/* How many numbers that can't be used again are kept in sight. */
#ifndef DEAD
#define DEAD	0
#endif
/* None is above. */
#define LAST	7
#define NONE	255

#define BIT(n)		((1 << (n)) >> 1)
#define HAS(set, n)	(((set) & BIT(n)) != 0)
/* The numbers 1 to n, and all above n. */
#define UPTO(n)		((1 << (n)) - 1)
#define ABOVE(n)	(255 ^ UPTO(n))
#define MIN(a, b)	((a) < (b) -> (a) : (b))
#define MAX(a, b)	((a) > (b) -> (a) : (b))
#define LOWERED(n, by)	((n) > (by) -> (n) - (by) : 0)

/* A key in the kernel: not there; its mark is written, but it is not there; there. */
#define ABSENT	0
#define WRITTEN	1
#define LOADED	2

/* What was promised about a book. */
#define NOTHING		0
#define ON_ITS_WAY	1
#define FILLED		2
#define ONE_STOP_SINCE	3

/* The kernel's, lost with it. `granted': a grant of the key lives, wherever. */
bool up;
byte loaded[KEYS], used[KEYS], armed[KEYS];
bool granted[KEYS];

/* The server's disk. `saved' is what was used, if the last stop was a clean one. */
byte mark[KEYS], handed[KEYS], saved[KEYS];

/* Is address A banned, was it at the last clean stop, and has it proved itself since it
 * was last banned? B's bans are the same under another name, and go unseen.
 */
bool ban, kept, proved;

/* The client's book, on its disk; and what the agent sent and it has not yet written. */
byte book[KEYS], coming[KEYS];

/* What the network has copied: the numbers sent, by the address they were made for. */
byte sent_a[KEYS], sent_b[KEYS];

/* The properties' own: the highest number that ever granted, and what was promised about
 * the book.
 */
byte top[KEYS], promise[KEYS];

/* Key 0's owner goes through his book: in the first round to its end, in the second
 * from its beginning.
 */
byte round, next_try, began;
bool at_b;

#define IS_LOADED(k)	(loaded[k] == LOADED)
/* How far may be armed. */
#define REACH(k)	MIN(handed[k], used[k] + WINDOW)
#define IS_DAILY	(round == 0)

/* What the network can deliver: all that was sent; with KNOWS_ALL, which makes fewer
 * states, all that is in the book, as if it had been sent from everywhere.
 */
#ifdef KNOWS_ALL
#define IS_SENT_A(k, n)	HAS(book[k], n)
#define IS_SENT_B(k, n)	HAS(book[k], n)
#define REMEMBER(sent, n) skip
#else
#define IS_SENT_A(k, n)	HAS(sent_a[k], n)
#define IS_SENT_B(k, n)	HAS(sent_b[k], n)
#define REMEMBER(sent, n) sent = sent | BIT(n)
#endif

#ifdef USED_AGAIN
/* Wrong: what is armed stays good when it was used. */
#define IS_GOOD(k, n)	(IS_LOADED(k) && (n) <= armed[k])
#else
#define IS_GOOD(k, n)	(IS_LOADED(k) && (n) > used[k] && (n) <= armed[k])
#endif
#ifdef BANNED_REFUSED
/* Wrong: the banned can't prove themselves. */
#define IS_HEARD_A	(!ban)
#else
#define IS_HEARD_A	true
#endif
/* What can be reached is reached: `run' sees that nothing here is true by default. */
#ifdef REACHED
#define SEEN(what)	assert(REACHED != what)
#else
#define SEEN(what)	skip
#endif
#define IN_BY_TRYING	1
#define USED_UP		2
#define FROM_B		3
#define PARDON		4
#define AFTER_A_STOP	5
#define HANDED_OVER	6

/* Lowers a key's numbers until its floor is 0. */
inline settle(k)
{
	floor = MIN(mark[k], saved[k]);
	floor = (loaded[k] != ABSENT && used[k] < floor -> used[k] : floor);
	floor = LOWERED(floor, DEAD);
	if
	:: floor > 0 ->
		mark[k] = mark[k] - floor;
		handed[k] = handed[k] - floor;
		saved[k] = (saved[k] == NONE -> NONE : saved[k] - floor);
		used[k] = LOWERED(used[k], floor);
		armed[k] = LOWERED(armed[k], floor);
		book[k] = book[k] >> floor;
		coming[k] = coming[k] >> floor;
		sent_a[k] = sent_a[k] >> floor;
		sent_b[k] = sent_b[k] >> floor;
		top[k] = LOWERED(top[k], floor);
		next_try = (k == 0 -> LOWERED(next_try, floor) : next_try);
		began = (k == 0 -> LOWERED(began, floor) : began);
		floor = 0
	:: else
	fi;
	assert(handed[k] <= LAST && DEPTH >= WINDOW);
	/* P4: what a completed hand-over has filled reaches above all that is armed. */
	assert(promise[k] < FILLED || !IS_LOADED(k) || (book[k] & ABOVE(mark[k])) != 0)
}

/* Number n of key k is complete. */
inline use(k, n, is_sent)
{
	/* P1: what is above all that ever granted was never used. */
	assert(n > top[k]);
	/* P2: the owner has sent this very number from there. */
	assert(is_sent);
	top[k] = n;
	used[k] = n;
	granted[k] = true;
	if
	:: promise[k] == ONE_STOP_SINCE -> SEEN(AFTER_A_STOP)
	:: promise[k] == FILLED -> SEEN(HANDED_OVER)
	:: else
	fi;
	promise[k] = NOTHING;
	settle(k)
}

/* P5: no ban is older than the last proof. */
inline check_ban()
{
	assert(!(ban && proved))
}

/* A good one from A lifts its ban. */
inline pardon()
{
#ifdef BANS
	if
	:: ban -> SEEN(PARDON)
	:: else
	fi;
	proved = true;
#ifndef NO_PARDON
	ban = false;
#endif
	check_ban()
#else
	skip
#endif
}

inline lose_connection(k)
{
	coming[k] = 0;
	promise[k] = (promise[k] == ON_ITS_WAY -> NOTHING : promise[k])
}

/* A stop that leaves nothing behind of a key: at worst all that was armed was used. */
inline lose_track(k)
{
	promise[k] = (promise[k] == FILLED -> ONE_STOP_SINCE : NOTHING)
}

inline lose_key(k)
{
	loaded[k] = ABSENT;
	used[k] = 0;
	armed[k] = 0;
	granted[k] = false;
	lose_connection(k);
	settle(k)
}

/* Copies, delays, drops, forges sources: what was sent may arrive at any time, any
 * number of times, or never. The tail is of the address, so a forged source fits only
 * if it is the one the sequence was made for. Grants end at any time.
 */
#define DELIVER(n) \
	:: d_step { IS_GOOD(k, n) && IS_SENT_A(k, n) && IS_HEARD_A -> \
		    use(k, n, IS_SENT_A(k, n)); pardon() } \
	:: d_step { IS_GOOD(k, n) && IS_SENT_B(k, n) -> \
		    SEEN(FROM_B); use(k, n, IS_SENT_B(k, n)) }

proctype network(byte k)
{
	byte floor;

	do
	DELIVER(1)
	DELIVER(2)
	DELIVER(3)
#ifdef NOT_BOUND
	/* Wrong: taken from wherever it comes. */
	:: d_step { IS_GOOD(k, 1) && IS_SENT_B(k, 1) -> use(k, 1, IS_SENT_A(k, 1)) }
#endif
	:: granted[k] -> granted[k] = false
	od
}

/* Everybody can have an address banned: he replays what he heard, with its source
 * forged. Bans end at any time, so clocks may do what they like.
 */
proctype bans()
{
	do
	:: d_step { up && (!ban || proved) -> ban = true; proved = false }
	:: ban -> ban = false
#ifdef BANS_KEPT
	/* Wrong: written by and by, as they come and go. */
	:: up && kept != ban -> kept = ban
#endif
	od
}

/* The machine stops and starts. */
proctype machine()
{
	byte floor, k;

	do
	:: d_step {
		!up ->
		up = true;
		/* Bans come back after a clean stop alone: no packet waits until its
		 * pardon is on the disk.
		 */
		ban = kept;
		kept = false;
		check_ban()
	   }
	:: d_step {
		/* Without a warning. */
		up && IS_DAILY ->
		up = false;
		for (k : 0 .. KEYS - 1) {
			lose_track(k);
			lose_key(k)
		}
		k = 0;
		ban = false
	   }
	:: d_step {
		/* Cleanly: first the door takes no knock any more, then it is read and
		 * written what was used. What is not in the kernel can't be asked.
		 */
		up && IS_DAILY ->
		up = false;
		for (k : 0 .. KEYS - 1) {
			if
			:: IS_LOADED(k) -> saved[k] = used[k]
			:: loaded[k] == WRITTEN -> lose_track(k)
			:: else
			fi;
			lose_key(k)
		}
		k = 0;
#ifndef BANS_KEPT
		kept = ban;
#endif
		ban = false
	   }
#ifdef SAVED_EARLY
	/* Wrong: read and written while knocks are still taken. */
	:: IS_LOADED(0) && IS_DAILY && saved[0] == NONE -> saved[0] = used[0]
#endif
	od
}

/* Whoever arms, knockctl at load and the agent while running, writes and syncs how far
 * it will have armed, and arms then. The agent asks the kernel what was used, and so has
 * nothing to lose: its crash is a lost connection, and that for a while nothing is done.
 */
proctype arms(byte k)
{
	byte floor;

	do
	:: d_step {
		up && IS_DAILY && loaded[k] == ABSENT ->
		used[k] = (saved[k] != NONE -> saved[k] : mark[k]);
#ifdef ARMED_FIRST
		/* Wrong, here and below. */
		loaded[k] = LOADED;
		armed[k] = REACH(k);
#else
		loaded[k] = WRITTEN;
		mark[k] = MAX(mark[k], REACH(k));
#endif
#ifndef SAVED_STAYS
		saved[k] = NONE;
#endif
		settle(k)
	   }
	:: d_step {
		IS_DAILY && loaded[k] == WRITTEN ->
		loaded[k] = LOADED;
		armed[k] = mark[k];
		settle(k)
	   }
#ifdef ARMED_FIRST
	:: d_step { IS_LOADED(k) && armed[k] < REACH(k) -> armed[k] = REACH(k) }
	:: d_step { IS_LOADED(k) && mark[k] < armed[k] -> mark[k] = armed[k]; settle(k) }
#else
	:: d_step { IS_LOADED(k) && mark[k] < REACH(k) -> mark[k] = REACH(k); settle(k) }
	:: d_step { IS_LOADED(k) && armed[k] < mark[k] -> armed[k] = mark[k] }
#endif
	od
}

/* The client writes what has come, and drops what must be used up: no number was
 * handed out that is more than DEPTH above the used one.
 */
inline take(k, numbers)
{
	book[k] = book[k] | (numbers);
	highest = LAST;
	do
	:: highest > 0 && !HAS(book[k], highest) -> highest--
	:: else -> break
	od;
	book[k] = book[k] & ABOVE(LOWERED(highest, DEPTH));
	highest = 0
}

/* All that is above the used one, so that whatever got lost is there again. */
#define ALL_FROM_USED(k) (UPTO(handed[k]) & ABOVE(used[k]))

#ifdef STRUCK_OUT
/* Wrong: the service may have answered because of another number. */
#define ANSWERED(k, n) book[k] = (granted[k] -> book[k] & ABOVE(n) : book[k])
#else
#define ANSWERED(k, n) skip
#endif

#define SEND(n) \
	:: d_step { IS_DAILY && HAS(book[k], n) && !HAS(sent_a[k], n) -> \
		    REMEMBER(sent_a[k], n); ANSWERED(k, n) } \
	:: d_step { IS_DAILY && HAS(book[k], n) && !HAS(sent_b[k], n) -> \
		    REMEMBER(sent_b[k], n); ANSWERED(k, n) }

/* The client on any day may send any number of its book from anywhere. So where it
 * was in its book is of no matter, and a crash loses only what it has not written.
 */
proctype client(byte k)
{
	byte floor, highest;

	do
#ifndef KNOWS_ALL
	SEND(1)
	SEND(2)
	SEND(3)
	SEND(4)
	SEND(5)
	SEND(6)
#endif
	:: d_step {
		/* HAVE, and the server writes what it hands out, and says NEXT. */
		IS_DAILY && IS_LOADED(k) && granted[k] && coming[k] == 0 ->
		handed[k] = MAX(handed[k], used[k] + DEPTH);
		coming[k] = ALL_FROM_USED(k);
#ifdef HANDED_LATE
		/* Wrong: to be written after GOT. */
		handed[k] = MAX(mark[k], used[k]);
#endif
		promise[k] = ON_ITS_WAY
	   }
	:: d_step {
		/* It writes, and then says GOT. */
		IS_DAILY && coming[k] != 0 ->
#ifdef WRITTEN_LATE
		/* Wrong: the other way round. */
		if
		:: promise[k] == ON_ITS_WAY -> promise[k] = FILLED
		:: else -> take(k, coming[k]); coming[k] = 0
		fi;
#else
		take(k, coming[k]);
		coming[k] = 0;
		promise[k] = (promise[k] == ON_ITS_WAY -> FILLED : promise[k]);
#endif
		settle(k)
	   }
	/* It, or the agent, crashes; or the connection is cut. */
	:: d_step { IS_DAILY && coming[k] != 0 -> lose_connection(k); settle(k) }
	/* The administrator's `rotate': what it prints gets there, or does not. */
#ifdef ROTATED_BY_ONE
	/* Wrong: what was handed out before may have been lost. */
	:: d_step {
		IS_DAILY && IS_LOADED(k) && handed[k] < used[k] + DEPTH ->
		handed[k] = handed[k] + 1;
		take(k, BIT(handed[k]))
	   }
#else
	:: d_step {
		IS_DAILY && IS_LOADED(k) ->
		handed[k] = MAX(handed[k], MIN(handed[k] + 1, used[k] + DEPTH));
		take(k, ALL_FROM_USED(k))
	   }
#endif
	:: d_step {
		IS_DAILY && IS_LOADED(k) && handed[k] < used[k] + DEPTH ->
		handed[k] = handed[k] + 1
	   }
	od
}

/* The other keys can do nothing to key 0 but have its owner banned, which happens anyway:
 * while he tries they are put out of sight, and the states are fewer.
 */
inline forget_others()
{
	for (k : 1 .. KEYS - 1) {
		loaded[k] = ABSENT;
		used[k] = 0;
		armed[k] = 0;
		granted[k] = false;
		mark[k] = 0;
		handed[k] = 0;
		saved[k] = 0;
		book[k] = 0;
		coming[k] = 0;
		sent_a[k] = 0;
		sent_b[k] = 0;
		promise[k] = NOTHING
	}
	k = 0
}

/* Key 0's owner wants in. Nobody drops what he sends now, the machine stays up, and the
 * agent arms between two of his tries. Copies, delays, forged sources and bans go on.
 */
proctype owner()
{
	byte k;

	atomic {
		IS_DAILY && IS_LOADED(0) && armed[0] == REACH(0) &&
		(book[0] & ABOVE(mark[0])) != 0 ->
		round = 1;
		d_step { forget_others() }
		next_try = 1;
		do
		:: HAS(book[0], next_try) -> break
		:: next_try < LAST -> next_try++
		:: next_try == LAST -> goto over
		od;
		began = next_try;
		if
		:: true
#ifndef KNOWS_ALL
		:: at_b = true
#endif
		fi
	}
	do
	:: d_step {
		armed[0] == REACH(0) ->
		if
		:: at_b -> REMEMBER(sent_b[0], next_try)
		:: else -> REMEMBER(sent_a[0], next_try)
		fi;
		if
		:: IS_GOOD(0, next_try) && (at_b || IS_HEARD_A) -> round = 3
		:: else ->
			ANSWERED(0, next_try);
			next_try++;
			do
			:: next_try <= LAST && HAS(book[0], next_try) -> break
			:: next_try > LAST && round == 1 -> round = 2; next_try = 1
			:: next_try > LAST && round == 2 -> break
			:: else -> next_try++
			od;
#ifdef ONE_ROUND
			/* Wrong: what he comes back to may be used up meanwhile. */
			next_try = (round == 2 && next_try >= began -> LAST + 1 : next_try)
#endif
		fi
	   }
	   if
	   :: round == 3 || next_try > LAST -> break
	   :: else
	   fi
	od;
	/* P3: he is in, unless his own knocks, delivered late, have used up his book. */
	assert(round == 3 || (book[0] & ABOVE(used[0])) == 0);
	if
	:: round == 3 -> SEEN(IN_BY_TRYING)
	:: else -> SEEN(USED_UP)
	fi;
over:
	/* All that can follow can follow without his having wanted in. */
	false
}

init
{
	byte k;

	atomic {
		for (k : 0 .. KEYS - 1) {
			handed[k] = DEPTH;
			book[k] = UPTO(DEPTH);
			run network(k);
			run arms(k);
			run client(k)
		}
		k = 0;
		run machine();
#ifdef BANS
		run bans();
#endif
#ifdef OWNER
		run owner()
#endif
	}
}
