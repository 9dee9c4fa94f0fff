#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Makes sequence.tsv: once and derived sequences, from Documentation/protocol.rst and not
from the code on trial.

usage: sequence.py            writes the file
       sequence.py --check    compares it, and checks this program, as KTAP
"""
import calendar
import hashlib
import hmac
import ipaddress
import pathlib
import sys
from dataclasses import dataclass, field, replace

HERE = pathlib.Path(__file__).resolve().parent
FILE = HERE / "sequence.tsv"
COLUMNS = ("name", "type", "secret", "number", "time", "slot-length", "slot", "moon",
           "location", "avoid", "address", "steps", "ports")
MONTH = 2551443
NEW_MOON = 947182440
V4, V6 = "192.0.2.7", "2001:db8::7"


def mac(key, message):
    """HMAC-SHA256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def moon_of(time):
    """The eighth of the synodic month, as design and protocol write it."""
    return (16 * ((time - NEW_MOON) % MONTH) + MONTH) // (2 * MONTH) % 8


def address_bytes(text):
    """16 bytes; IPv4 as ::ffff:a.b.c.d."""
    address = ipaddress.ip_address(text)
    if address.version == 4:
        return bytes(10) + b"\xff\xff" + address.packed
    return address.packed


@dataclass
class Case:
    """One sequence to derive."""
    name: str
    kind: str = "derived"
    secret: bytes = bytes(range(32))
    number: int = 0
    time: int = 1790000000
    length: int = 60
    location: bytes = b""
    avoid: tuple = ((22, 22), (8675, 8675))
    address: str = V4
    steps: int = 8
    skipped: dict = field(default_factory=dict)

    def slot(self):
        """Its number."""
        return self.time // self.length

    def moon(self):
        """Of the slot's first second."""
        return moon_of(self.slot() * self.length)

    def fields(self):
        """What a derived sequence is of."""
        if self.kind != "derived":
            return b""
        return (self.number.to_bytes(8, "big") + self.slot().to_bytes(8, "big") +
                bytes([self.moon(), len(self.location)]) + self.location)

    def key(self):
        """A once sequence has a secret of its own."""
        if self.kind == "derived":
            return self.secret
        return mac(self.secret, b"xt_knock once v1" + self.number.to_bytes(8, "big"))


def fill(case, ports, message, want):
    """Appends ports of as many blocks as it takes; counts what is skipped, and why."""
    for block in range(16):
        digest = mac(case.key(), message + block.to_bytes(4, "big"))
        for i in range(0, 32, 2):
            if len(ports) == want:
                return ports
            port = digest[i] * 256 + digest[i + 1]
            if port < 1024:
                why = "low"
            elif any(first <= port <= last for first, last in case.avoid):
                why = "avoided"
            elif port in ports:
                why = "twice" if ports.index(port) >= 3 or want == 3 else "in the head"
            else:
                ports.append(port)
                continue
            case.skipped[why] = case.skipped.get(why, 0) + 1
        case.skipped["blocks"] = max(case.skipped.get("blocks", 0), block + 1)
    return ports if len(ports) == want else None


def ports_of(case):
    """The whole sequence, or None."""
    case.skipped.clear()
    ports = fill(case, [], b"xt_knock sequence v1 head" + case.fields(), 3)
    if ports is None:
        return None
    address = b"" if case.kind == "unbound" else address_bytes(case.address)
    return fill(case, ports, b"xt_knock sequence v1 tail" + case.fields() + address,
                case.steps)


def search(case, wanted):
    """The case with the first secret with which something is skipped."""
    for number in range(10**6):
        found = replace(case, secret=hashlib.sha256(f"{case.name} {number}".encode()).digest(),
                        skipped={})
        if ports_of(found) and found.skipped.get(wanted):
            return found
    raise AssertionError(f"nothing found for {case.name}")


def utc(*date):
    """Unix time."""
    return calendar.timegm(date + (0,) * (6 - len(date)))


def plain():
    """Each field and argument."""
    for address in (V4, V6, "0.0.0.0", "255.255.255.255", "::", "fe80::5efe:c000:201",
                    "::192.0.2.7"):
        yield Case(f"address {address}", address=address)
        yield Case(f"once, address {address}", kind="once", number=1, address=address)
    for steps in range(7, 17):
        yield Case(f"{steps} steps", steps=steps, address=V6)
    for counter in (1, 3, 255, 256, 2**32 - 1, 2**32, 2**64 - 1):
        yield Case(f"counter {counter}", number=counter)
    for number in (0, 2, 16, 2**32, 2**64 - 1):
        yield Case(f"once, number {number}", kind="once", number=number)
        yield Case(f"unbound, number {number}", kind="unbound", number=number, address="-")
    for location in (b"x", b"Reykjav\xc3\xadk", b"\0", b"a\tb", bytes(255)):
        yield Case(f"location of {len(location)} bytes, {location[:1].hex()}",
                   location=location)
    for byte in (b"\0", b"\xff"):
        yield Case(f"secret of {byte.hex()}", secret=byte * 32)
        yield Case(f"once, secret of {byte.hex()}", kind="once", secret=byte * 32)


def times():
    """Edges of slots, phases, years, and of 32 bits."""
    for length in (30, 60, 61, 600, 3600):
        start = 1790000000 // length * length
        for time in (start - 1, start, start + length - 1, start + length):
            yield Case(f"slots of {length} s, {time}", time=time, length=length)
    for eighth in range(8):
        # The first second of a phase: where 16 x + MONTH reaches 2 MONTH eighth.
        into = -(-(2 * MONTH * eighth - MONTH) // 16) % MONTH
        edge = NEW_MOON + 340 * MONTH + into
        yield Case(f"last second before phase {eighth}", time=edge - 1, length=30)
        yield Case(f"phase {eighth} begins within a slot", time=edge, length=3600)
        yield Case(f"first slot of phase {eighth}", time=edge + 3600, length=3600)
    for name, time in (("1970", 0), ("the first new moon's second", NEW_MOON),
                       ("a second before it", NEW_MOON - 1),
                       ("2026 ends", utc(2026, 12, 31, 23, 59, 59)),
                       ("2027 begins", utc(2027, 1, 1)),
                       ("a leap day", utc(2028, 2, 29, 12)),
                       ("31 bits end", 2**31 - 1), ("31 bits are over", 2**31),
                       ("32 bits end", 2**32 - 1), ("32 bits are over", 2**32),
                       ("2899 ends", utc(2899, 12, 31, 23, 59, 59))):
        yield Case(name, time=time)
        yield Case(f"{name}, by IPv6", time=time, address=V6)


def skips():
    """What is skipped."""
    half = ((1024, 33280),)
    most = ((1, 1000), (1024, 20000), (20001, 49151))
    yield search(Case("a port below 1024 is skipped"), "low")
    for kind in ("derived", "once", "unbound"):
        address = "-" if kind == "unbound" else V4
        yield search(Case(f"{kind}: avoided", kind=kind, avoid=half, address=address),
                     "avoided")
        yield search(Case(f"{kind}: twice", kind=kind, steps=16, address=address), "twice")
        yield search(Case(f"{kind}: in the head", kind=kind, steps=16, address=address),
                     "in the head")
        yield Case(f"{kind}: as little left as may be", kind=kind, avoid=most, steps=16,
                   address=address)
    yield Case("nothing is avoided", avoid=())
    for first, last in ((0, 65535), (1024, 65532), (1100, 65535)):
        yield Case(f"too few: {first} to {last} avoided", avoid=((first, last),), steps=16)


def cases():
    """All of them."""
    for group in (plain, times, skips):
        yield from group()


def row(case):
    """A line of the file."""
    ports = ports_of(case)
    derived = case.kind == "derived"
    avoid = ",".join(f"{first}-{last}" for first, last in case.avoid) or "-"
    return [case.name, case.kind, case.secret.hex(), case.number,
            case.time if derived else "-", case.length if derived else "-",
            case.slot() if derived else "-", case.moon() if derived else "-",
            case.location.hex() or "-", avoid, case.address, case.steps,
            ",".join(map(str, ports)) if ports else "too-few"]


def text():
    """The file."""
    lines = ["# Once and derived sequences, made by sequence.py of this directory and not by the",
             "# code on trial; protocol.rst says how. The number of a derived one is its counter.",
             "#", "# " + "\t".join(COLUMNS)]
    return "\n".join(lines + ["\t".join(map(str, row(case))) for case in cases()]) + "\n"


def moons():
    """Kind and unix time of the published moons."""
    for line in (HERE / "moons.tsv").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            kind, date, clock, _ = line.split("\t")
            yield kind, utc(*map(int, date.split("-") + clock.split(":")))


def distance(kind, time):
    """Seconds from the even moon to the true one."""
    away = (time - NEW_MOON - (MONTH // 2 if kind == "full" else 0)) % MONTH
    return min(away, MONTH - away)


def checks():
    """Pairs of what is claimed and whether it holds."""
    yield ("HMAC-SHA256 is that of RFC 4231, case 2",
           mac(b"Jefe", b"what do ya want for nothing?").hex() ==
           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    yield ("an IPv4 address has 16 bytes", address_bytes("192.0.2.7").hex() ==
           "00000000000000000000ffffc0000207")
    everything = list(cases())
    names = [case.name for case in everything]
    yield "names are names of one row each", len(set(names)) == len(names)
    yield "there are at least 60", len(everything) >= 60
    sequences = [ports_of(case) for case in everything]
    yield ("no port is there twice, too low or avoided",
           all(len(set(ports)) == case.steps and min(ports) >= 1024 and
               not any(first <= port <= last for port in ports for first, last in case.avoid)
               for case, ports in zip(everything, sequences) if ports))
    yield ("some take more than a block, and for some there are too few",
           any(case.skipped.get("blocks", 0) > 1 for case in everything) and
           None in sequences)
    yield ("all phases are there",
           {case.moon() for case in everything if case.kind == "derived"} == set(range(8)))
    yield ("published moons are within 18 hours of the even one, 25 at least",
           len(list(moons())) >= 25 and max(distance(*moon) for moon in moons()) < 18 * 3600)
    yield "the file is what this program makes", FILE.read_text(encoding="ascii") == text()


def main():
    """Writes, or checks."""
    if not sys.argv[1:]:
        FILE.write_text(text(), encoding="ascii")
        return
    if sys.argv[1:] != ["--check"]:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    results = list(checks())
    print("KTAP version 1")
    print(f"1..{len(results)}")
    for number, (name, holds) in enumerate(results, 1):
        print(f"{'ok' if holds else 'not ok'} {number} {name}")
    sys.exit(not all(holds for _, holds in results))


main()
