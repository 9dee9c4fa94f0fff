#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""X25519, ChaCha20-Poly1305 and HKDF, written from RFC 7748, RFC 8439 and RFC 5869 and
not from the code on trial, for vectors alone: nothing here takes constant time.

usage: primitives.py    checks each against the vectors of its RFC, as KTAP
"""
import hashlib
import hmac
import struct
import sys

P25519 = 2**255 - 19
P1305 = 2**130 - 5
BASE_POINT = bytes([9]) + bytes(31)


def hmac_sha256(key, message):
    """HMAC-SHA256."""
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_sha256(secret, salt, info, length):
    """HKDF of RFC 5869: extract, then expand."""
    prk = hmac_sha256(salt or bytes(32), secret)
    out = block = b""
    number = 1
    while len(out) < length:
        block = hmac_sha256(prk, block + info + bytes([number]))
        out += block
        number += 1
    return out[:length]


def x25519(scalar, point):
    """X25519 of RFC 7748, section 5, by the Montgomery ladder there."""
    k = int.from_bytes(scalar, "little")
    k = (k & ~7 & (2**255 - 1)) | 2**254
    x1 = int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for bit in reversed(range(255)):
        k_t = k >> bit & 1
        if swap ^ k_t:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = k_t
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P25519, b * b % P25519, d * a % P25519, c * b % P25519
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P25519, x1 * (da - cb) ** 2 % P25519
        x2, z2 = aa * bb % P25519, e * (aa + 121665 * e) % P25519
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P25519 - 2, P25519) % P25519).to_bytes(32, "little")


def x25519_public(private):
    """The public key of a private one."""
    return x25519(private, BASE_POINT)


def rotate(word, count):
    """32 bits to the left."""
    return (word << count | word >> (32 - count)) & 0xffffffff


def chacha20_block(key, counter, nonce):
    """64 bytes of key stream, RFC 8439, section 2.3."""
    start = struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<I", counter) + nonce)
    s = list(start)
    columns = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
    diagonals = ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
    for a, b, c, d in (columns + diagonals) * 10:
        for add, to, xor, count in ((b, a, d, 16), (d, c, b, 12), (b, a, d, 8), (d, c, b, 7)):
            s[to] = (s[to] + s[add]) & 0xffffffff
            s[xor] = rotate(s[xor] ^ s[to], count)
    return struct.pack("<16I", *((x + y) & 0xffffffff for x, y in zip(s, start)))


def chacha20(key, counter, nonce, data):
    """Encrypts, or decrypts."""
    out = bytearray()
    for start in range(0, len(data), 64):
        stream = chacha20_block(key, counter + start // 64, nonce)
        out += bytes(x ^ y for x, y in zip(data[start:start + 64], stream))
    return bytes(out)


def poly1305(key, message):
    """The tag of RFC 8439, section 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for start in range(0, len(message), 16):
        total = (total + int.from_bytes(message[start:start + 16] + b"\1", "little")) * r % P1305
    return (total + int.from_bytes(key[16:], "little") & (2**128 - 1)).to_bytes(16, "little")


def aead_seal(key, nonce, further, plaintext):
    """AEAD_CHACHA20_POLY1305 of RFC 8439, section 2.8: sealed bytes, then the tag."""
    sealed = chacha20(key, 1, nonce, plaintext)
    message = further + bytes(-len(further) % 16) + sealed + bytes(-len(sealed) % 16)
    message += struct.pack("<QQ", len(further), len(sealed))
    return sealed + poly1305(chacha20_block(key, 0, nonce)[:32], message)


def aead_open(key, nonce, further, sealed):
    """The plaintext, or None where the tag is wrong."""
    plaintext = chacha20(key, 1, nonce, sealed[:-16])
    return plaintext if aead_seal(key, nonce, further, plaintext) == sealed else None


def iterated(rounds):
    """The test of RFC 7748, section 5.2: each result is the next scalar."""
    k = u = BASE_POINT
    for _ in range(rounds):
        k, u = x25519(k, u), k
    return k


# Each is a claim of an RFC: what it is, what comes out here, and what is printed there.
SUNSCREEN = (b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip "
             b"for the future, sunscreen would be it.")
BOB = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"
ALICE_PUBLIC = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"


def of_rfc_7748():
    """X25519."""
    h = bytes.fromhex
    yield "5.2, first", x25519(
        h("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
        h("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")), \
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"
    yield "5.2, second", x25519(
        h("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
        h("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")), \
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"
    yield "5.2, once", iterated(1), \
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    yield "6.1, public key", x25519_public(h(BOB)), \
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    yield "6.1, shared", x25519(h(BOB), h(ALICE_PUBLIC)), \
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"


def of_rfc_8439():
    """ChaCha20, Poly1305, and both."""
    h = bytes.fromhex
    yield "2.3.2, block", chacha20_block(bytes(range(32)), 1, h("000000090000004a00000000")), \
        "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e" \
        "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"
    yield "2.5.2, tag", poly1305(
        h("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"),
        b"Cryptographic Forum Research Group"), "a8061dc1305136c6c22b8baf0c0127a9"
    yield "A.3, above the modulus", poly1305(
        h("02" + "00" * 31), b"\xff" * 16), "03" + "00" * 15
    yield "A.3, above 128 bits", poly1305(
        h("02" + "00" * 15 + "ff" * 16), h("02" + "00" * 15)), "03" + "00" * 15
    yield "2.8.2, tag", aead_seal(
        bytes(range(0x80, 0xa0)), h("070000004041424344454647"), h("50515253c0c1c2c3c4c5c6c7"),
        SUNSCREEN)[-16:], "1ae10b594f09e26a7e902ecbd0600691"
    yield "2.8.2, begin", aead_seal(
        bytes(range(0x80, 0xa0)), h("070000004041424344454647"), h("50515253c0c1c2c3c4c5c6c7"),
        SUNSCREEN)[:16], "d31a8d34648e60db7b86afbc53ef7ec2"


def of_rfc_5869():
    """HKDF with SHA-256."""
    h = bytes.fromhex
    yield "A.1", hkdf_sha256(b"\x0b" * 22, bytes(range(13)), h("f0f1f2f3f4f5f6f7f8f9"), 42), \
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    yield "A.2", hkdf_sha256(bytes(range(80)), bytes(range(0x60, 0xb0)),
                             bytes(range(0xb0, 0x100)), 82), \
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c" \
        "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71" \
        "cc30c58179ec3e87c14c01d5c1f3434f1d87"
    yield "A.3", hkdf_sha256(b"\x0b" * 22, b"", b"", 42), \
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"


def main():
    """One result each."""
    claims = [("RFC 7748 " + name, got, want) for name, got, want in of_rfc_7748()]
    claims += [("RFC 8439 " + name, got, want) for name, got, want in of_rfc_8439()]
    claims += [("RFC 5869 " + name, got, want) for name, got, want in of_rfc_5869()]
    failed = 0
    print(f"KTAP version 1\n1..{len(claims)}")
    for number, (name, got, want) in enumerate(claims, 1):
        good = got.hex() == want
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} {name}")
        if not good:
            print(f"# wanted: {want}\n# got:    {got.hex()}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
