"""What the page shows, from the history and from what the lanes of the newest night wrote: plain lists and dicts, no markup.

The history has every case's verdict, for sums, changes and trends; claims, messages and places are only in the lanes' own files, which are
kept for some nights. A rule is bad when one of its cases counts against a backend, odd when one differs or is expected to fail.
"""
import math
import os
import re

import compare
import history
import plots
import results

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MOST_CHANGES = 60    # of a lane; the rest is counted
MOST_NIGHTS = 120    # in a trend
ORDER = {"bad": 0, "odd": 1, "held": 2, "skip": 3, "none": 4}


def state(verdicts):
    """The worst of some cases' verdicts, in a word."""
    ranks = [compare.RANK.get(v, 2) for v in verdicts if v != "skip"]
    if not verdicts:
        return "none"
    return "skip" if not ranks else ("held", "odd", "bad")[max(ranks)]


def cell(verdicts):
    """Held and ran, with a sign beside the colour."""
    ran = [v for v in verdicts if v != "skip"]
    of = state(verdicts)
    text = {"none": "–", "skip": "skip"}.get(of) or f"{ran.count('pass')}/{len(ran)}"
    return {"state": of, "text": text + {"bad": " ✗", "odd": " ~"}.get(of, "")}


# ---- lanes ----

STATES = {"held": "held", "failed": "bad", "broken": "bad", "absent": "skip"}


def lane_rows(nights, night):
    rows = []
    names = list(night.record["lanes"]) + [n for n in night.lanes if n not in night.record["lanes"]]
    for name in names:
        now = night.lanes.get(name)
        if now is None:
            rows.append({"name": name, "state": "none", "status": "not run", "why": "the night ended before it", "title": "", "seconds": None, "counts": ""})
            continue
        absent_but_wanted = now["status"] == "absent" and name in night.record["must"]
        rows.append({"name": name, "state": "bad" if absent_but_wanted else STATES.get(now["status"], "bad"), "status": now["status"],
                     "why": now["why"], "title": title_of(now), "seconds": now["seconds"], "counts": counts_of(now)})
    return rows


def title_of(record):
    if record["kind"] == "bench":
        titles = record.get("titles")
        return " and ".join(map(str, titles.values())) if isinstance(titles, dict) else ""
    return record.get("title", "")


def counts_of(record):
    if record["kind"] == "check":
        all_cases = [v for v, names in record["cases"].items() for _ in names]
        return f"{all_cases.count('pass')} of {len(all_cases) - all_cases.count('skip')} cases" if all_cases else ""
    if record["kind"] == "faults":
        return f"{sum(f['ok'] for f in record['faults'])} of {len(record['faults'])} as declared" if record["faults"] else ""
    return f"{len(record['rows'])} rows" if record["rows"] else ""


# ---- rules, areas ----

def catalogue():
    """Rule to (strength, claim)."""
    rules = {}
    for line in results.read_text(os.path.join(TOP, "spec", "rules.tsv")).split("\n"):
        fields = line.split("\t")
        if len(fields) == 7 and not line.startswith("#"):
            rules[fields[0]] = (fields[1], fields[6])
    return rules


def checks_of(night):
    return [(name, record) for name, record in night.lanes.items() if record["kind"] == "check" and record["cases"]]


def area_table(checks):
    """Areas in the order they come in, a cell for each check, and the sum of all."""
    lines, sums = {}, {name: [] for name, _ in checks}
    for name, record in checks:
        for verdict, cases in record["cases"].items():
            for case in cases:
                lines.setdefault(case.split("/", 1)[0], {}).setdefault(name, []).append(verdict)
                sums[name].append(verdict)
    rows = [{"name": area, "cells": [cell(of.get(name, [])) for name, _ in checks]} for area, of in sorted(lines.items())]
    return rows + [{"name": "all", "cells": [cell(sums[name]) for name, _ in checks]}] if rows else []


def text_of(case, key):
    return str(case.get(key) or "")


def rule_table(folder, night, checks):
    """A row for each rule, the worst first; its notes are what its cases said, the same of several lanes together."""
    known, rules = catalogue(), {}
    for name, _ in checks:
        _, cases, _ = results.check_lines(results.read_text(os.path.join(folder, night.id, name + ".jsonl")))
        for case in cases:
            rule = rules.setdefault(text_of(case, "rule") or "(no rule)", {"cells": {}, "notes": {}, "area": text_of(case, "area"), "strength": text_of(case, "strength")})
            rule["cells"].setdefault(name, []).append(case["verdict"])
            if case["verdict"] == "pass":
                continue
            key = (case["name"], case["verdict"], text_of(case, "message"), text_of(case, "expected"))
            note = rule["notes"].setdefault(key, {"case": key[0], "verdict": key[1], "message": key[2], "expected": key[3], "at": text_of(case, "at"),
                                                  "repeat": text_of(case, "repeat"), "state": state([case["verdict"]]), "lanes": []})
            note["lanes"].append(name)
    rows = []
    for name, rule in rules.items():
        states = [state(v) for v in rule["cells"].values()]
        rows.append({"id": name, "area": name.split(".", 1)[0], "strength": known.get(name, (rule["strength"], ""))[0], "claim": known.get(name, ("", ""))[1],
                     "state": min(states, key=ORDER.get), "cells": [cell(rule["cells"].get(lane, [])) for lane, _ in checks],
                     "bad": sum(s == "bad" for s in states),
                     "notes": sorted(rule["notes"].values(), key=lambda n: (ORDER[n["state"]], n["case"]))})
    return sorted(rows, key=lambda r: (ORDER[r["state"]], -r["bad"], r["id"]))


# ---- changes ----

def change_lists(nights, night):
    lists = []
    for name, now in night.lanes.items():
        old = nights.before(night, name)
        if not old or not history.ran(now) or old["kind"] != now["kind"] or now["kind"] == "faults":
            continue
        if now["kind"] == "check":
            changes = [{"step": step, "what": case, "then": a, "now": b} for step, case, a, b in compare.case_changes(now, old)]
        else:
            changes = [{"step": "worse" if factor > 1 else "better", "what": f"{row} on {side}", "then": f"{plots.number(a)} {unit}",
                        "now": f"{plots.number(b)} {unit} ({plots.number(factor)}× as much)"}
                       for row, unit, side, a, b, factor in compare.bench_changes(now, old)]
        if changes:
            lists.append({"lane": name, "since": old["night"], "changes": changes[:MOST_CHANGES], "more": max(0, len(changes) - MOST_CHANGES)})
    return lists


# ---- benchmarks ----

def two_sides(record):
    """Rows that both sides have, as (name, unit, ours, theirs, ratio); above 1 the first side takes more."""
    ours, theirs = record["sides"][0], record["sides"][1]
    for row in record["rows"]:
        a, b = row["sides"].get(ours), row["sides"].get(theirs)
        if a and b and a[0] > 0 and b[0] > 0:
            ratio = b[0] / a[0] if compare.is_rate(row["unit"]) else a[0] / b[0]
            if 0 < ratio < math.inf:
                yield row["name"], row["unit"], a, b, ratio


def typical(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else None


def ratio_plot(record):
    rows = []
    for name, unit, a, b, ratio in two_sides(record):
        spread = math.hypot(a[1], b[1])
        rows.append({"name": name, "unit": unit, "ours": plots.number(a[0]), "theirs": plots.number(b[0]), "ratio": ratio, "text": f"{ratio:.2f}",
                     "low": ratio / (1 + spread), "high": ratio * (1 + spread), "noisy": max(a[1], b[1]) > 0.10,
                     "spreads": f"{100 * a[1]:.0f} %, {100 * b[1]:.0f} %"})
    axis = plots.LogAxis([r[k] for r in rows for k in ("ratio", "low", "high") if r[k] < 1024 and r[k] > 1 / 1024], 2, (0.5, 2))
    one = axis.at(1)
    for r in rows:
        at = axis.at(r["ratio"])
        r.update(left=min(one, at), width=round(abs(at - one), 2), from_=axis.at(r["low"]), to=axis.at(r["high"]), slower=r["ratio"] > 1)
    rows.sort(key=lambda r: -r["ratio"])
    ratios = [r["ratio"] for r in rows]
    return {"rows": rows, "ticks": axis.ticks(plots.ratio_label, 8), "one": one, "typical": f"{typical(ratios):.2f}" if ratios else "",
            "at_most_one": sum(r <= 1 for r in ratios)}


POINT = re.compile(r"^(\w+)_(p\d+|max)_(ns|us)$")
IN_US = {"ns": 1e-3, "us": 1.0}


def quantile_name(word):
    """p50 and p99 are percents, p999 and p9999 have further digits."""
    return word if word == "max" or len(word) < 4 else f"{word[:3]}.{word[3:]}"


def distribution_plots(record):
    """Rows that report percentiles: a line of points for each quantity and side."""
    groups = {}
    for row in record["rows"]:
        m = POINT.match(row["unit"])
        for side, figures in row["sides"].items() if m else ():
            groups.setdefault((row["name"], m[1]), {}).setdefault(side, []).append((m[2], figures[0] * IN_US[m[3]]))
    axis = plots.LogAxis([v for of in groups.values() for points in of.values() for _, v in points], 10)
    rows = []
    for (name, quantity), of in groups.items():
        for side in record["sides"]:
            points = sorted(of.get(side, []), key=lambda p: (p[0] == "max", p[0].ljust(6, "0")))
            if points:
                rows.append({"name": f"{name}: {quantity}", "side": side, "first": side == record["sides"][0], "from_": min(axis.at(v) for _, v in points),
                             "to": max(axis.at(v) for _, v in points), "points": [(axis.at(v), quantile_name(q), plots.duration(v)) for q, v in points]})
    return {"rows": rows, "ticks": axis.ticks(plots.duration, 8)}


def footprint_plot(record):
    rows = [r for r in record["rows"] if r["unit"] == "bytes/goroutine"]
    ticks = plots.round_steps(max((f[0] for r in rows for f in r["sides"].values()), default=0), 6)
    bars = [{"name": r["name"], "side": side, "first": side == record["sides"][0], "text": plots.number(r["sides"][side][0]),
             "width": round(100 * max(0, r["sides"][side][0]) / ticks[-1], 2)}
            for r in rows for side in record["sides"] if side in r["sides"]]
    return {"rows": bars, "ticks": [(round(100 * t / ticks[-1], 2), plots.number(t), True) for t in ticks]}


# ---- trends ----

def against(record):
    return sum(len(record["cases"].get(v, ())) for v in results.COUNTS_AGAINST)


def bench_value(record, side, choose):
    values = [row["sides"][side][0] for row in record["rows"] if side in row["sides"] and choose(row)]
    return values[0] if values else None


def trend_charts(nights, night):
    """Small charts over the nights of the newest one's mode."""
    same = [n for n in nights.nights if n.mode == night.mode and n.id <= night.id][-MOST_NIGHTS:]
    ids, charts = [n.id for n in same], []
    if len(ids) < 2:
        return []

    def over(lane, kind, value):
        records = [n.lanes.get(lane) for n in same]
        return [value(r) if r and r["kind"] == kind and history.ran(r) else None for r in records]

    for name, now in night.lanes.items():
        if now["kind"] == "check":
            charts.append(plots.line_chart(name, "cases against it", [(name, over(name, "check", against))], ids))
        elif now["kind"] == "bench" and len(now["sides"]) == 2:
            charts.append(plots.line_chart(f"{now['sides'][0]} to {now['sides'][1]}", "geometric mean of the ratios",
                                           [("ratio", over(name, "bench", lambda r: typical([x[4] for x in two_sides(r)])))], ids))
            for title, unit, choose in ((("GCPause"), "pause_p99_us", lambda r: r["unit"] == "pause_p99_us"),
                                        ("A goroutine", "bytes/goroutine", lambda r: r["unit"] == "bytes/goroutine" and r["name"].endswith("100k"))):
                charts.append(plots.line_chart(title, unit.replace("_us", ", µs").replace("_", " "),
                                               [(side, over(name, "bench", lambda r, s=side, c=choose: bench_value(r, s, c))) for side in now["sides"]], ids))
        elif now["kind"] == "faults":
            charts.append(plots.line_chart(name, "not as declared", [(name, over(name, "faults", lambda r: sum(not f["ok"] for f in r["faults"])))], ids))
    return [c for c in charts if any(line["pieces"] for line in c["lines"])]


# ---- all of it ----

CAUGHT = re.compile(r"^(\S+): caught in (\d+) of (\d+) runs by (.*)$")


def fault_tables(night):
    tables = []
    for name, record in night.lanes.items():
        if record["kind"] != "faults" or not record["faults"]:
            continue
        rows = []
        for fault in record["faults"]:
            caught, said = [], []
            for line in fault["lines"]:
                m = CAUGHT.match(line)
                if m:
                    caught.append({"rule": m[1], "caught": int(m[2]), "runs": int(m[3]), "by": m[4], "always": m[2] == m[3]})
                else:
                    said.append(line)
            runs = max((c["runs"] / c["caught"] for c in caught if c["caught"]), default=None)
            rows.append({"name": fault["name"], "what": str(fault.get("what", "")), "ok": fault["ok"], "caught": caught, "said": said,
                         "runs": plots.number(runs) if runs else "–", "slow": runs or 0})
        rows.sort(key=lambda r: (r["ok"], -r["slow"]))
        tables.append({"lane": name, "rows": rows})
    return tables


def about(night):
    """What is said of the whole night; keys that a record need not have may be anything."""
    def word(key, kinds=str):
        value = night.record.get(key)
        return value if isinstance(value, kinds) else ""
    return {"date": night.id[:10], "time": f"{night.id[11:13]}:{night.id[13:15]}", "commit": word("commit"), "processor": word("processor"),
            "processors": word("processors", int)}


def build(folder, nights):
    night = nights.nights[-1]
    checks = checks_of(night)
    benches = []
    for name, record in night.lanes.items():
        if record["kind"] == "bench" and len(record["sides"]) == 2 and record["rows"]:
            benches.append({"lane": name, "sides": record["sides"],
                            "load": record.get("load") if isinstance(record.get("load"), (int, float)) else None, "ratios": ratio_plot(record),
                            "distributions": distribution_plots(record), "footprint": footprint_plot(record)})
    rules = rule_table(folder, night, checks)
    return {"about": about(night), "night": night, "nights": nights, "lanes": lane_rows(nights, night), "checks": [name for name, _ in checks], "areas": area_table(checks), "rules": rules,
            "rule_areas": sorted({r["area"] for r in rules}), "open_notes": sum(r["state"] == "bad" for r in rules) <= 40,
            "problems": night.end["problems"] if night.end else ["the night did not come to its end"], "changes": change_lists(nights, night),
            "first": len([n for n in nights.nights if n.mode == night.mode]) == 1, "benches": benches, "faults": fault_tables(night),
            "trends": trend_charts(nights, night)}
