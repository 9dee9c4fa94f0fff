# SPDX-License-Identifier: GPL-2.0
"""What a server makes of a sealed knock, from Documentation/protocol.rst, for vectors
alone. A verdict is the reason that is counted, or `good'; `used' is a replay, or a
duplicate."""
import struct
from dataclasses import dataclass, field

from knock import NANOSECONDS, TAI_1970, address_bytes, door_bytes, hint_of, seal_key_of
from primitives import aead_open

LENGTH = 88
KEPT = 16


@dataclass
class Server:
    """One key on its door, the clock, and where the datagram came from."""
    key: bytes
    now: int
    source: str
    door: str = "ssh"
    skew: int = 90
    guard: int = None
    roaming: bool = False


@dataclass
class History:
    """What a key remembers of the knocks it took."""
    times: list = field(default_factory=list)
    close: bytes = b""


def minute_of(server, hint):
    """The minute whose hint this is, among those that a server keeps."""
    first = (server.now - server.skew) // 60
    last = (server.now + server.skew) // 60 + 1
    for minute in range(max(first, 0), last + 1):
        if hint_of(server.key, minute) == hint:
            return minute
    return None


def is_well_formed(plaintext):
    """Versions, zeros, and a time that is one."""
    version, action, zero, open_for, label, nanoseconds, zeros = \
        struct.unpack_from(">BBHIQII", plaintext)
    return (version == 1 and action in (1, 2) and zero == 0 and zeros == 0 and
            (action == 1 or open_for == 0) and nanoseconds < NANOSECONDS and
            TAI_1970 <= label < 2**63)


def judge_memory(history, action, time):
    """By what the key took before; a good one is remembered."""
    if time in history.times:
        return "used"
    if len(history.times) == KEPT and time < min(history.times):
        return "stale"
    if action == 1 and time < history.close:
        return "before-close"
    history.times = sorted(history.times + [time])[-KEPT:]
    if action == 2:
        history.close = max(history.close, time)
    return "good"


def judge(server, datagram, history=None):
    """The first rule that is broken, or `good'."""
    if len(datagram) != LENGTH:
        return "size"
    hint, salt, sealed = datagram[:8], datagram[8:24], datagram[24:]
    minute = minute_of(server, hint)
    if minute is None:
        return "unknown-hint"
    plaintext = aead_open(seal_key_of(server.key, hint, salt), bytes(12), b"", sealed)
    if plaintext is None:
        return "tag"
    if not is_well_formed(plaintext):
        return "content"
    seconds = int.from_bytes(plaintext[8:16], "big") - TAI_1970
    address = plaintext[24:40]
    for rule, is_kept in (
            ("content", seconds // 60 == minute),
            ("too-old", seconds >= server.now - server.skew),
            ("not-yet", seconds <= server.now + server.skew),
            ("guard", server.guard is None or seconds >= server.guard),
            ("other-address", address == address_bytes(server.source) or
             server.roaming and not any(address)),
            ("other-door", plaintext[40:] == door_bytes(server.door))):
        if not is_kept:
            return rule
    return judge_memory(history or History(), plaintext[1], plaintext[8:20])
