#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Vectors of sealed knocks, made from Documentation/protocol.rst and not by the code on
trial. The verdicts are both written down here and found by judge.py.

usage: sealed.py            writes sealed.tsv, sealed-keys.tsv and sealed-history.tsv
       sealed.py --check    says whether they are what would be written
"""
import hashlib
import pathlib
import sys

from judge import History, Server, judge
from knock import NANOSECONDS, Knock, address_bytes, derive, plaintext_of, seal
from primitives import x25519, x25519_public

HERE = pathlib.Path(__file__).resolve().parent
NOW = 1795340647                # 2026-11-22 09:44:07
MINUTE = NOW // 60 * 60
KNOCK_COLUMNS = ("name verdict key door skew guard roaming now source action open_for seconds "
                 "nanoseconds address random hint plaintext seal_key datagram").split()
KEY_COLUMNS = ("name server_private server_public client_private client_public door shared "
               "key").split()
HISTORY_COLUMNS = "history verdict skew guard now action seconds nanoseconds datagram".split()
V4, V6 = "192.0.2.7", "2001:db8::7"


def bytes_of(label, length=32):
    """Arbitrary, and the same in each run."""
    return hashlib.sha256(b"xt_knock vectors " + label.encode()).digest()[:length]


KEY = bytes_of("key")


class Table:
    """The knocks, a row each."""

    def __init__(self):
        self.rows = []

    def add(self, name, want, server, datagram, *fields):
        """One that is there already; FIELDS are of what it was made."""
        verdict = judge(server, datagram)
        assert verdict == want, f"{name}: {verdict}, not {want}"
        fields = (list(fields) + ["-"] * 9)[:9]
        self.rows.append([name, want, server.key.hex(), server.door, server.skew,
                          "-" if server.guard is None else server.guard,
                          "roaming" if server.roaming else "-", server.now, server.source,
                          *fields, datagram.hex()])

    def made(self, name, want="good", knock=None, **server):
        """What a client makes, that agrees with the server on key and door."""
        knock = knock or Knock()
        random = server.pop("random", bytes_of(name))
        key = server.pop("made_with", server.get("key", KEY))
        at = Server(**{"key": KEY, "now": NOW, "source": knock.address, **server})
        plaintext = plaintext_of(knock)
        made = seal(key, knock.seconds // 60, plaintext, random)
        how = ["-"] * 6
        if (key, knock.door) == (at.key, at.door):
            how = [knock.action, knock.open_for, knock.seconds, knock.nanoseconds,
                   knock.address, random.hex()]
        self.add(name, want, at, made.datagram, *how, made.hint.hex(), plaintext.hex(),
                 made.seal_key.hex())

    def altered(self, name, want, change, hint_minute=NOW // 60, **server):
        """What no client makes: CHANGE is {offset: bytes} of the plaintext."""
        plaintext = bytearray(plaintext_of(server.pop("knock", Knock())))
        for at, value in change.items():
            plaintext[at:at + len(value)] = value
        made = seal(KEY, hint_minute, bytes(plaintext), bytes_of(name))
        self.add(name, want, Server(**{"key": KEY, "now": NOW, "source": V4, **server}),
                 made.datagram, *["-"] * 6, made.hint.hex(), bytes(plaintext).hex(),
                 made.seal_key.hex())

    def damaged(self, name, want, change):
        """Bytes of a good one changed behind its client's back."""
        datagram = change(seal(KEY, NOW // 60, plaintext_of(Knock()), bytes_of(name)).datagram)
        self.add(name, want, Server(key=KEY, now=NOW, source=V4), datagram)


def plain_ones(table):
    """Actions, families, lengths of time, all that is at an end of its range."""
    table.made("open IPv4")
    table.made("close IPv4", knock=Knock(action=2))
    table.made("open IPv6", knock=Knock(address=V6))
    table.made("close IPv6", knock=Knock(address=V6, action=2))
    for seconds in (1, 600, 604800, 2**32 - 1):
        table.made(f"open for {seconds} s", knock=Knock(open_for=seconds))
    for nanoseconds in (0, 1, NANOSECONDS - 1):
        table.made(f"{nanoseconds} ns", knock=Knock(nanoseconds=nanoseconds))
    for address in ("0.0.0.1", "255.255.255.254", "::1", "fe80::5efe:c000:201",
                    "2001:db8:0:1:1:1:1:1", "64:ff9b::c000:207"):
        table.made(f"from {address}", knock=Knock(address=address))
    for door in ("a", "Z9_.-", "x" * 31):
        table.made(f"door {door}", knock=Knock(door=door), door=door)
    for value in (0, 255):
        table.made(f"key of {value}", key=bytes([value] * 32))
        table.made(f"random bytes of {value}", random=bytes([value] * 32))
    for when in (60, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 253402300799):
        table.made(f"at {when}", knock=Knock(seconds=when), now=when)


def edges_of_time(table):
    """Skew by the second, hints by the minute, and the guard."""
    for skew in (0, 1, 90, 300):
        for off in (-skew, skew):
            table.made(f"skew {skew}, {off:+d} s", knock=Knock(seconds=NOW + off), skew=skew)
    at = MINUTE + 50        # what is 91 s off lies in the same minute as what is 90 s off
    for skew, off in ((0, -1), (0, 1), (90, -91), (90, 91), (300, -301), (300, 301)):
        table.made(f"skew {skew}, {off:+d} s: refused", "too-old" if off < 0 else "not-yet",
                   Knock(seconds=at + off), now=at, skew=skew)
    table.made("nanoseconds count for nothing in the skew",
               knock=Knock(seconds=NOW + 90, nanoseconds=NANOSECONDS - 1))
    at = MINUTE + 30        # now - 90 is the first second of a minute, now + 89 the last
    for off, verdict in ((-91, "unknown-hint"), (-90, "good"), (89, "good"), (90, "good"),
                         (91, "not-yet"), (149, "not-yet"), (150, "not-yet"),
                         (209, "not-yet"), (210, "unknown-hint")):
        table.made(f"half past the minute, {off:+d} s", verdict, Knock(seconds=at + off), now=at)
    for now, sent in ((0, -1), (0, 0), (59, 59), (59, 60)):
        table.made(f"at second {now}, a knock of second {sent}",
                   knock=Knock(seconds=MINUTE + sent), now=MINUTE + now)
    for off in (-1, 1):
        table.altered(f"the hint of a minute {off:+d}", "content", {}, NOW // 60 + off)
    table.altered("a hint of the next minute, 1 s before it", "content", {}, MINUTE // 60 + 1,
                  knock=Knock(seconds=MINUTE + 59), now=MINUTE + 59)
    table.made("at the guard", guard=NOW)
    table.made("a second before the guard", "guard", guard=NOW + 1)


def whose_and_where(table):
    """Address, door and key have to be the right ones."""
    table.made("unbound, a key that does not roam", "other-address", Knock(address="::"),
               source=V4)
    table.made("unbound, a roaming key", knock=Knock(address="::"), source=V4, roaming=True)
    table.made("unbound over IPv6, a roaming key", knock=Knock(address="::"), source=V6,
               roaming=True)
    table.made("bound, a roaming key, from elsewhere", "other-address", source="192.0.2.8",
               roaming=True)
    for address, source in ((V4, "192.0.2.8"), (V6, "2001:db8::8"), (V6, V4), (V4, V6),
                            (V4, "::192.0.2.7"), ("::192.0.2.7", V4)):
        table.made(f"of {address} from {source}", "other-address", Knock(address=address),
                   source=source)
    table.made("another door, the same key", "other-door", door="web")
    table.made("another door by its case", "other-door", door="Ssh")
    server, client = bytes_of("server private"), bytes_of("client private")
    keys = {door: derive(server, x25519_public(client), door, True) for door in ("ssh", "web")}
    for door, key in keys.items():
        table.made(f"one pair of keys, door {door}", knock=Knock(door=door), key=key, door=door)
    table.made("one pair of keys, the key of the other door", "unknown-hint", key=keys["web"],
               made_with=keys["ssh"], door="web")
    table.made("another key", "unknown-hint", made_with=bytes_of("another key"))


def malformed(table):
    """Sealed by the key, and yet no knock."""
    table.altered("version 0", "content", {0: b"\0"})
    table.altered("version 2", "content", {0: b"\2"})
    for action in (0, 3, 255):
        table.altered(f"action {action}", "content", {1: bytes([action])})
    for at in (2, 3, 20, 21, 22, 23):
        table.altered(f"byte {at} is not 0", "content", {at: b"\1"})
    table.altered("a close with a time to be open", "content", {1: b"\2", 7: b"\1"})
    for value in (NANOSECONDS, 2**32 - 1):
        table.altered(f"{value} ns", "content", {16: value.to_bytes(4, "big")})
    for top in (0x00, 0x41, 0x80, 0xff):
        table.altered(f"a label that begins with {top:02x}", "content", {8: bytes([top])})
    table.altered("label 2^62 + 9, before 1970", "content", {8: (2**62 + 9).to_bytes(8, "big")})
    table.altered("a leap second that is forgotten", "content",
                  {8: (2**62 + MINUTE).to_bytes(8, "big")}, hint_minute=MINUTE // 60)
    flip = lambda at: lambda datagram: (datagram[:at] + bytes([datagram[at] ^ 1]) +
                                        datagram[at + 1:])
    for at in (0, 7, 8, 23, 24, 71, 72, 87):
        table.damaged(f"a bit of byte {at} turned over", "tag" if at > 7 else "unknown-hint",
                      flip(at))
    for length in (0, 8, 87):
        table.damaged(f"its first {length} bytes", "size", lambda d, n=length: d[:n])
    table.damaged("a byte more", "size", lambda datagram: datagram + b"\0")


def knocks():
    """All rows of sealed.tsv."""
    table = Table()
    for part in (plain_ones, edges_of_time, whose_and_where, malformed):
        part(table)
    return table.rows


def keys():
    """All rows of sealed-keys.tsv: what both sides make of their keys."""
    server = bytes_of("server private")
    for name, client, door in (("a pair", "client private", "ssh"),
                               ("the same pair, another door", "client private", "web"),
                               ("another client", "another client", "ssh"),
                               ("a door of 1 letter", "client private", "a"),
                               ("a door of 31 letters", "client private", "x" * 31)):
        client = bytes_of(client)
        shared = x25519(server, x25519_public(client))
        assert shared == x25519(client, x25519_public(server))
        key = derive(server, x25519_public(client), door, True)
        assert key == derive(client, x25519_public(server), door, False)
        yield [name, server.hex(), x25519_public(server).hex(), client.hex(),
               x25519_public(client).hex(), door, shared.hex(), key.hex()]
    client = bytes_of("client private")
    for name, public in low_order():
        shared = x25519(client, public)
        assert derive(client, public, "ssh", False) is None
        yield [name, "-", public.hex(), client.hex(), x25519_public(client).hex(), "ssh",
               shared.hex(), "refused"]
    public = bytearray(x25519_public(server))
    public[31] |= 0x80
    shared = x25519(client, public)
    yield ["the top bit of a public key counts only as salt", "-", public.hex(), client.hex(),
           x25519_public(client).hex(), "ssh", shared.hex(),
           derive(client, bytes(public), "ssh", False).hex()]


def low_order():
    """Public keys with which everybody shares nothing."""
    p = 2**255 - 19
    eight = 325606250916557431795983626356110631294008115727848805560023387167927233504
    other = 39382357235489614581723060781553021112529911719440698176882885853963445705823
    for name, u in (("0", 0), ("1", 1), ("p - 1", p - 1), ("p", p), ("p + 1", p + 1),
                    ("a point of order 8", eight), ("the other point of order 8", other)):
        yield f"public key {name}", u.to_bytes(32, "little")


def histories():
    """All rows of sealed-history.tsv: a key's knocks in turn, each with what becomes of it.
    Steps are (now, action, seconds, nanoseconds, verdict); action 1 opens, 2 closes."""
    n = NOW
    for name, skew, guard, steps in (
            ("out of order", 90, None,
             [(n, 1, n, 5, "good"), (n, 1, n - 60, 0, "good"), (n, 1, n + 60, 0, "good"),
              (n, 1, n, 5, "used"), (n, 1, n, 4, "good"), (n + 1, 1, n - 60, 0, "used")]),
            ("sixteen", 90, None,
             [(n, 1, n, i, "good") for i in range(20, 4, -1)] +
             [(n, 1, n, 4, "stale"), (n, 1, n, 5, "used"), (n, 1, n, 21, "good"),
              (n, 1, n, 5, "stale"), (n, 1, n, 6, "used"), (n, 1, n, 20, "used")]),
            ("an open after the close", 90, None,
             [(n, 1, n, 0, "good"), (n, 2, n + 10, 7, "good"), (n, 1, n + 10, 6, "before-close"),
              (n, 1, n + 10, 7, "used"), (n, 1, n + 10, 8, "good"), (n, 2, n - 5, 0, "good"),
              (n, 1, n + 9, 0, "before-close"), (n, 1, n + 11, 0, "good")]),
            ("a close that sixteen came after", 90, None,
             [(n, 2, n, 0, "good")] + [(n, 1, n + 30, i, "good") for i in range(15)] +
             [(n, 1, n + 29, 0, "good"), (n, 2, n, 0, "stale"), (n, 1, n, 0, "stale"),
              (n, 2, n + 29, 1, "good"), (n, 1, n + 29, 0, "stale"), (n, 1, n + 29, 2, "good")]),
            ("a clock set back", 90, None,
             [(n, 1, n, 0, "good"), (n - 60, 1, n, 0, "used"), (n - 60, 1, n - 60, 0, "good"),
              (n - 3600, 1, n, 0, "unknown-hint"), (n - 3600, 1, n - 3600, 0, "good"),
              (n - 86400, 1, n - 86400, 0, "good")]),
            ("loaded again", 90, n + 90,
             [(n, 1, n, 0, "guard"), (n, 1, n + 89, 0, "guard"), (n, 1, n + 90, 0, "good"),
              (n + 90, 1, n + 90, 0, "used"), (n + 90, 1, n, 0, "guard")])):
        history = History()
        for step, (now, action, seconds, nanoseconds, want) in enumerate(steps):
            knock = Knock(action=action, seconds=seconds, nanoseconds=nanoseconds)
            made = seal(KEY, seconds // 60, plaintext_of(knock), bytes_of(f"{name} {step}"))
            verdict = judge(Server(key=KEY, now=now, source=V4, skew=skew, guard=guard),
                            made.datagram, history)
            assert verdict == want, f"{name}, step {step}: {verdict}, not {want}"
            yield [name, want, skew, "-" if guard is None else guard, now, action, seconds,
                   nanoseconds, made.datagram.hex()]


def text_of(about, columns, rows):
    """A file, with a head that says what its columns are."""
    head = [f"# {line}" for line in about] + ["#", "# " + "\t".join(columns)]
    return "\n".join(head + ["\t".join(str(field) for field in row) for row in rows]) + "\n"


def files():
    """What is written where."""
    by = "Made by sealed.py of this directory, not by the code on trial; protocol.rst says how."
    return {
        "sealed.tsv": text_of(["Sealed knocks. " + by], KNOCK_COLUMNS, knocks()),
        "sealed-keys.tsv": text_of(["Keys of sealed knocks, from X25519. " + by], KEY_COLUMNS,
                                   keys()),
        "sealed-history.tsv": text_of(["What one key, that of the first of sealed.tsv, takes in turn "
                                       "from 192.0.2.7. " + by], HISTORY_COLUMNS,
                                      histories()),
    }


def main():
    """Writes, or compares."""
    assert len(address_bytes("::")) == 16
    stale = False
    for name, text in files().items():
        path = HERE / name
        if sys.argv[1:] == ["--check"]:
            if not path.exists() or path.read_text(encoding="ascii") != text:
                print(f"{name} is not what sealed.py makes; run it", file=sys.stderr)
                stale = True
        elif sys.argv[1:]:
            print(__doc__, file=sys.stderr)
            sys.exit(2)
        else:
            path.write_text(text, encoding="ascii")
    sys.exit(stale)


main()
