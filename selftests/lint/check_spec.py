#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Hold include/uapi/linux/knock.h against the netlink specification.

Every constant, enum, attribute, operation and struct of one must be in the
other, under the derived name and with the same value. Prints KTAP.

usage: check_spec.py [DIRECTORY]    the source tree, unless it is this one
"""
import pathlib
import re
import sys

import yaml

SPEC = "Documentation/netlink/specs/knock.yaml"
HEADER = "include/uapi/linux/knock.h"
C_TYPES = {"u8": "__u8", "u16": "__u16", "u32": "__u32", "u64": "__u64"}


class Header:
    """What the C header defines."""

    def __init__(self, text):
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        self.defines = dict(re.findall(r"^#define\s+(\w+)\s+(\S.*?)\s*$", text, re.M))
        self.enums = {name: self.enumerators(body) for name, body
                      in re.findall(r"enum (\w+) \{(.*?)\};", text, re.S)}
        self.structs = {name: re.findall(r"(\w+)\s+(\w+(?:\[\d+\])?);", body) for name, body
                        in re.findall(r"struct (\w+) \{(.*?)\};", text, re.S)}

    @staticmethod
    def enumerators(body):
        """Names and values, in order, as the compiler counts them."""
        values, following = {}, 0
        for item in filter(None, (part.strip() for part in body.split(","))):
            name, _, expression = (part.strip() for part in item.partition("="))
            if expression.isdigit():
                following = int(expression)
            elif expression:
                base, _, less = expression.partition("-")
                following = values[base.strip()] - int(less or 0)
            values[name] = following
            following += 1
        return values


def c_name(text):
    """A name of the specification as it is in C."""
    return text.replace("-", "_").upper()


def counted(names, start, prefix):
    """The enumerators that a list of names makes."""
    return {prefix + c_name(name): start + at for at, name in enumerate(names)}


def with_ends(values, prefix):
    """And the two that say where it ends."""
    end = max(values.values()) + 1
    return values | {f"__{prefix}MAX": end, f"{prefix}MAX": end - 1}


def entry_names(entries):
    """Entries are plain names, or maps when there is more to say."""
    return [entry["name"] if isinstance(entry, dict) else entry for entry in entries]


def expected_enums(spec):
    """Every enum the header must have: name, then values by enumerator."""
    enums = {}
    for definition in spec["definitions"]:
        if definition["type"] == "enum":
            prefix = f"{c_name(spec['name'])}_{c_name(definition['name'])}_"
            values = counted(entry_names(definition["entries"]),
                             definition.get("value-start", 0), prefix)
            enums[f"{spec['name']}_{definition['name'].replace('-', '_')}"] = \
                with_ends(values, prefix)
    attributes = spec["attribute-sets"][0]
    prefix = c_name(attributes["name-prefix"])
    enums[f"{spec['name']}_attr"] = with_ends(
        counted(entry_names(attributes["attributes"]), 1, prefix), prefix)
    prefix = c_name(spec["operations"]["name-prefix"])
    enums[f"{spec['name']}_cmd"] = with_ends(
        counted(entry_names(spec["operations"]["list"]), 1, prefix), prefix)
    return enums


def expected_defines(spec):
    """Constants, and what names the family."""
    defines = {
        c_name(spec["c-family-name"]): f'"{spec["name"]}"',
        c_name(spec["c-version-name"]): str(spec["version"]),
    }
    for definition in spec["definitions"]:
        if definition["type"] == "const":
            defines[f"{c_name(spec['name'])}_{c_name(definition['name'])}"] = \
                str(definition["value"])
    for group in entry_names(spec["mcast-groups"]["list"]):
        defines[f"{c_name(spec['name'])}_MCGRP_{c_name(group)}"] = f'"{group}"'
    return defines


def expected_member(member):
    """Type and name of a struct's member; bytes are an array."""
    name = member["name"].replace("-", "_")
    if member["type"] == "binary":
        return "__u8", f"{name}[{member['len']}]"
    return C_TYPES[member["type"]], name


def expected_structs(spec):
    """Members in order, as type and name."""
    return {f"{spec['name']}_{definition['name'].replace('-', '_')}":
            [expected_member(member) for member in definition["members"]]
            for definition in spec["definitions"] if definition["type"] == "struct"}


def used_attributes(spec):
    """Attributes that operations name, which the set must have."""
    for operation in spec["operations"]["list"]:
        for kind in ("do", "dump", "event"):
            part = operation.get(kind, {})
            for side in (part.get("request"), part.get("reply"),
                         part if kind == "event" else None):
                for name in (side or {}).get("attributes", []):
                    yield operation["name"], name


def differences(expected, found, what):
    """A line for each name that only one has, or that has another value."""
    lines = []
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            lines.append(f"{what} {name} is in the specification only")
        elif name not in expected:
            lines.append(f"{what} {name} is in the header only")
        elif expected[name] != found[name]:
            lines.append(f"{what} {name} is {expected[name]} in the specification, "
                         f"{found[name]} in the header")
    return lines


def checks(spec, header):
    """Name of each check, and what it found wrong."""
    enums = expected_enums(spec)
    guards = {name for name in header.defines if name.startswith("_UAPI")}
    found = {name: value for name, value in header.defines.items() if name not in guards}
    yield "constants", differences(expected_defines(spec), found, "constant")
    yield "enums are the same ones", differences(dict.fromkeys(enums),
                                                 dict.fromkeys(header.enums), "enum")
    for name, values in enums.items():
        yield f"enum {name}", differences(values, header.enums.get(name, {}), "value")
    yield "structs", differences(expected_structs(spec), header.structs, "struct")
    known = set(entry_names(spec["attribute-sets"][0]["attributes"]))
    yield "operations use known attributes", [
        f"{operation} names {name}, which is no attribute"
        for operation, name in used_attributes(spec) if name not in known]


def main():
    """Prints KTAP; the exit status says whether all is the same."""
    here = pathlib.Path(__file__).resolve().parents[2]
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    spec = yaml.safe_load((root / SPEC).read_text(encoding="utf-8"))
    header = Header((root / HEADER).read_text(encoding="utf-8"))
    results = list(checks(spec, header))
    print(f"KTAP version 1\n1..{len(results)}")
    for number, (name, wrong) in enumerate(results, 1):
        print(f"{'not ok' if wrong else 'ok'} {number} specification: {name}")
        for line in wrong:
            print(f"# {line}")
    sys.exit(any(wrong for _, wrong in results))


if __name__ == "__main__":
    main()
