"""The history: what all nights found, as JSON lines in one file, to which is only ever appended.

A line is one record: a night, the result of one of its lanes, or a night's end (README.md lists the keys). Each is written by a single write
to a file opened for appending, so that two writers do not mix their bytes and a reader sees whole lines, but for the last one when a
machine went down in the middle of it. The reader therefore takes nothing for granted: what is torn, is no record, is of an unknown kind
or of a newer version is left out and counted, and the rest is used. Results of lanes are read in results.py, compared in compare.py.
"""
import json
import math
import os
import re

VERSION = 1
FILE = "history.jsonl"

NUMBER = (int, float)
NAMES = {"night": re.compile(r"\d{4}-\d\d-\d\dT\d{6}Z"), "lane": re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")}  # they name files, too
# The keys that a record of a kind must have, and their types. Others may be there.
KINDS = {
    "night": {"night": str, "mode": str, "lanes": list, "must": list},
    "check": {"night": str, "lane": str, "status": str, "why": str, "seconds": NUMBER, "title": str, "cases": dict},
    "bench": {"night": str, "lane": str, "status": str, "why": str, "seconds": NUMBER, "sides": list, "rows": list},
    "faults": {"night": str, "lane": str, "status": str, "why": str, "seconds": NUMBER, "faults": list},
    "end": {"night": str, "status": str, "problems": list},
}


class Unwritable(Exception):
    """A record cannot be written; its text says what to do."""


class Unreadable(Exception):
    """The history is there and cannot be read."""


def append(folder, record):
    """Adds a record. A torn last line is ended first, so that it costs itself only."""
    line = json.dumps({"v": VERSION, **record}, ensure_ascii=True, allow_nan=False, separators=(",", ":")) + "\n"
    path = os.path.join(folder, FILE)
    try:
        with open(path, "ab+", buffering=0) as f:
            if f.seek(0, os.SEEK_END):
                f.seek(-1, os.SEEK_END)
                if f.read(1) != b"\n":
                    line = "\n" + line
            data = line.encode("ascii")
            if f.write(data) != len(data):
                raise OSError("the file system is full")
    except OSError as e:
        raise Unwritable(f"cannot write {path}: {e.strerror or e}") from e


def no_constant(text):
    raise ValueError(f"{text} is no number of JSON")


def wrong_row(row):
    """A row of a bench record: name, unit, and [median, spread, runs] of each side that has a result."""
    if not isinstance(row, dict) or not isinstance(row.get("name"), str) or not isinstance(row.get("unit"), str):
        return True
    sides = row.get("sides")
    return not isinstance(sides, dict) or any(
        not isinstance(v, list) or len(v) != 3 or any(not isinstance(x, NUMBER) or isinstance(x, bool) or not math.isfinite(x) for x in v)
        for v in sides.values())


def strings(values):
    return isinstance(values, list) and all(isinstance(v, str) for v in values)


def wrong_fault(fault):
    return not isinstance(fault, dict) or not isinstance(fault.get("name"), str) or not isinstance(fault.get("ok"), bool) \
        or not strings(fault.get("lines"))


def defect(record):
    """Why a parsed line is not used; None when it is."""
    if not isinstance(record, dict):
        return "no record"
    if isinstance(record.get("v"), bool) or record.get("v") != VERSION:
        return "other version"
    keys = KINDS.get(record.get("kind") if isinstance(record.get("kind"), str) else None)
    if keys is None:
        return "unknown kind"
    for key, kind in keys.items():
        if not isinstance(record.get(key), kind) or isinstance(record[key], bool):
            return "incomplete"
    if any(key in keys and not name.fullmatch(record[key]) for key, name in NAMES.items()):
        return "incomplete"
    inner = {
        "night": lambda: not strings(record["lanes"]) or not strings(record["must"]),
        "check": lambda: not all(strings(names) for names in record["cases"].values()),
        "bench": lambda: not strings(record["sides"]) or any(map(wrong_row, record["rows"])),
        "faults": lambda: any(map(wrong_fault, record["faults"])),
        "end": lambda: not strings(record["problems"]),
    }
    return "incomplete" if inner[record["kind"]]() else None


class Night:
    """One night: its record, the records of its lanes by name (the last one counts), and its end, if it came to one."""

    def __init__(self, record):
        self.record, self.lanes, self.end = record, {}, None
        self.id, self.mode = record["night"], record["mode"]


class History:
    """Nights, oldest first, and how many lines were left out for which reason."""

    def __init__(self):
        self.nights, self.skipped = [], {}

    def skip(self, why):
        self.skipped[why] = self.skipped.get(why, 0) + 1

    def before(self, night, lane):
        """The newest record of a lane that ran in an earlier night of the same mode; None when there is none."""
        for other in reversed(self.nights):
            if other.id < night.id and other.mode == night.mode and lane in other.lanes and ran(other.lanes[lane]):
                return other.lanes[lane]
        return None


def ran(record):
    """Whether a lane gave a whole result, good or bad."""
    return record["status"] in ("held", "failed")


def read(folder):
    """The history of a folder; an empty one when there is no file yet."""
    history, nights = History(), {}
    path = os.path.join(folder, FILE)
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would be waited for
        raise Unreadable(f"cannot read {path}: it is no file")
    try:
        with open(path, "rb") as f:
            lines = f.read().split(b"\n")
    except FileNotFoundError:
        return history
    except OSError as e:
        raise Unreadable(f"cannot read {path}: {e.strerror}") from e
    for line in lines:
        if not line.strip():
            continue
        try:
            record = json.loads(line.decode("utf-8"), parse_constant=no_constant)
        except UnicodeDecodeError:
            history.skip("not UTF-8")
            continue
        except (ValueError, RecursionError):
            history.skip("torn")
            continue
        why = defect(record)
        if not why and record["kind"] != "night" and record["night"] not in nights:
            why = "of no night"
        if why:
            history.skip(why)
        elif record["kind"] == "night":
            nights.setdefault(record["night"], Night(record))
        elif record["kind"] == "end":
            nights[record["night"]].end = record
        else:
            nights[record["night"]].lanes[record["lane"]] = record
    history.nights = sorted(nights.values(), key=lambda n: n.id)
    return history
