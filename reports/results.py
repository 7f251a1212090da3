"""What lanes write, made into records of the history: JSON lines of gomem check, Google Benchmark's JSON of gomem bench, TAP of scripts/faults.

Each reader takes the text of a lane that may have been stopped at any byte, and says what of it is whole. The figures of a benchmark's row are
those of gomem's own table: the median of the runs and the median distance from it, times 1.48, as a share of it.
"""
import json
import math
import re
import statistics

COUNTS_AGAINST = ("fail", "crash", "timeout", "unexpected pass")


def read_text(path):
    try:
        with open(path, "rb") as f:
            return f.read().decode("utf-8", "replace")
    except OSError:
        return ""


# ---- checks ----

def check_lines(text):
    """The objects of a check's JSON lines, as (header, cases, summary); a part that is missing is None or empty."""
    header, cases, summary = None, [], None
    for line in text.split("\n"):
        try:
            item = json.loads(line)
        except (ValueError, RecursionError):
            continue
        kind = item.get("kind") if isinstance(item, dict) else None
        if kind == "check" and not header:
            header = item
        elif kind == "case" and isinstance(item.get("name"), str) and isinstance(item.get("verdict"), str):
            cases.append(item)
        elif kind == "summary":
            summary = item
    return header, cases, summary


def check(path):
    header, cases, summary = check_lines(read_text(path))
    by_verdict = {}
    for case in cases:
        by_verdict.setdefault(case["verdict"], []).append(case["name"])
    record = {"kind": "check", "title": str((header or {}).get("title", "")), "cases": by_verdict}
    for key in ("release", "language", "tier", "seed", "lane", "gc_profile"):
        if header and key in header:
            record["of" if key == "lane" else key] = header[key]
    bad = sum(len(by_verdict.get(v, ())) for v in COUNTS_AGAINST)
    run = len(cases) - len(by_verdict.get("skip", ()))
    why = f"{bad} of {run} cases count against it" if bad else ""
    if not run:
        why = "no case ran"
    whole = summary is not None and header is not None and not summary.get("interrupted")
    if whole and header.get("cases", len(cases)) != len(cases):
        whole, why = False, f"lines are lost: {len(cases)} cases of {header['cases']}"
    return record, whole, why


# ---- benchmarks ----

OWN_KEYS = {"name", "run_name", "repetitions", "threads", "run_type", "repetition_index", "iterations", "real_time", "cpu_time", "time_unit",
            "B/op", "allocs/op", "family_index", "per_family_instance_index"}


def spread_of(values, median):
    return 1.4826 * statistics.median(abs(v - median) for v in values) / median if median > 0 else 0


def bench_side(path):
    """One side's file, as (its name, its title, its load, {(row, unit): [median, spread, runs]}); None when it is none."""
    try:
        data = json.loads(read_text(path))
        context, rows = data["context"], {}
        for entry in data["benchmarks"]:
            if entry.get("run_type") == "aggregate":
                continue
            units = {k: v for k, v in entry.items() if k not in OWN_KEYS} or {"ns/op": entry["real_time"]}
            for unit, value in units.items():
                if isinstance(value, (int, float)) and math.isfinite(value):
                    rows.setdefault((str(entry["run_name"]), unit), []).append(float(value))
        medians = {}
        for key, values in rows.items():
            median = statistics.median(values)
            medians[key] = [median, spread_of(values, median), len(values)]
        return str(context["peer"]), str(context["title"]), float(context["load_avg"][0]), medians
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return None


def bench(path):
    sides = [bench_side(path), bench_side(path.removesuffix(".json") + ".vs.json")]
    record = {"kind": "bench", "sides": [], "titles": {}, "rows": []}
    if None in sides:
        return record, False, "its results are missing or no JSON"
    keys = {}
    for name, title, load, medians in sides:
        record["sides"].append(name)
        record["titles"][name] = title
        record["load"] = load
        for key, figures in medians.items():
            keys.setdefault(key, {})[name] = figures
    record["rows"] = [{"name": name, "unit": unit, "sides": of} for (name, unit), of in keys.items()]
    return record, bool(keys), "" if keys else "it has no row"


# ---- faults ----

RESULT = re.compile(r"^(ok|not ok) (\d+) - (.*)$")
PLAN = re.compile(r"^1\.\.(\d+)")
FAULT = re.compile(r"^([A-Za-z0-9_.-]+)(?: \([^)]*\))?: (.*)$")


def faults(path):
    """Each result of the TAP with the comments below it."""
    found, plan, bad = [], None, 0
    for line in read_text(path).split("\n")[:-1]:  # what follows the last newline is torn
        if m := PLAN.match(line):
            plan = int(m[1])
        elif m := RESULT.match(line):
            of = FAULT.match(m[3])
            found.append({"name": of[1] if of else "(none)", "what": of[2] if of else m[3], "ok": m[1] == "ok", "lines": []})
            bad += m[1] != "ok"
        elif line.startswith("# ") and found and not line.startswith("# faults "):
            found[-1]["lines"].append(line[2:])
    whole = plan is not None and len(found) == plan
    return {"kind": "faults", "faults": found}, whole, f"{bad} of {len(found)} did not go as declared" if bad else ""


READERS = {"check": check, "bench": bench, "faults": faults}
