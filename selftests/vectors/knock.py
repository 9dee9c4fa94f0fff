# SPDX-License-Identifier: GPL-2.0
"""The sealed knock's bytes, from Documentation/protocol.rst: a client in Python, for
vectors alone."""
import hashlib
import ipaddress
import struct
from dataclasses import dataclass

from primitives import aead_seal, hkdf_sha256, hmac_sha256, x25519, x25519_public

NANOSECONDS = 1000000000
TAI_1970 = 2**62 + 10


@dataclass
class Knock:
    """What a client wants to say."""
    action: int = 1
    open_for: int = 0
    seconds: int = 1795340647
    nanoseconds: int = 123456789
    address: str = "192.0.2.7"
    door: str = "ssh"


@dataclass
class Sealed:
    """What goes out, and what it was made of."""
    datagram: bytes
    hint: bytes
    seal_key: bytes


def address_bytes(text):
    """16 bytes: IPv4 as ::ffff:a.b.c.d."""
    address = ipaddress.ip_address(text)
    return bytes(10) + b"\xff\xff" + address.packed if address.version == 4 else address.packed


def door_bytes(name):
    """By which a door is called in a knock."""
    return hashlib.sha256(name.encode()).digest()[:8]


def plaintext_of(knock):
    """48 bytes."""
    return struct.pack(">BBHIQII16s8s", 1, knock.action, 0, knock.open_for,
                       TAI_1970 + knock.seconds, knock.nanoseconds, 0,
                       address_bytes(knock.address), door_bytes(knock.door))


def hint_of(key, minute):
    """8 bytes by which a key is found in that minute."""
    return hmac_sha256(key, b"hint" + struct.pack(">Q", minute))[:8]


def seal_key_of(key, hint, salt):
    """The key of one datagram."""
    return hmac_sha256(key, b"seal" + hint + salt)


def seal(key, minute, plaintext, random):
    """88 bytes of 48, and how they came about."""
    hint = hint_of(key, minute)
    salt = hmac_sha256(key, b"salt" + random + plaintext)[:16]
    seal_key = seal_key_of(key, hint, salt)
    return Sealed(hint + salt + aead_seal(seal_key, bytes(12), b"", plaintext), hint, seal_key)


def derive(private, public, door, is_server):
    """The 32 bytes that server and client share for a door; None if they share nothing."""
    shared = x25519(private, public)
    if not any(shared):
        return None
    own = x25519_public(private)
    salt = own + public if is_server else public + own
    info = b"xt_knock sealed v1" + bytes([len(door)]) + door.encode()
    return hkdf_sha256(shared, salt, info, 32)
