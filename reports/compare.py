"""What is different from the nights before: rows that are missing, cases whose verdict changed, benchmarks that moved.

Each lane is compared with the last night of the same mode in which it gave a whole result, so that a lane that was broken for a night loses
nothing of its past. A lane that must be there and gave none, a lane that was there and is not, and a benchmark that a lane had and has no more
are missing rows: a table that grows shorter would hide them. Verdicts get worse in the order of gomem diff.
"""
import math

import history

RANK = {"pass": 0, "skip": 0, "difference": 1, "expected failure": 1, "fail": 2, "crash": 2, "timeout": 2, "unexpected pass": 2}
MOVED = 0.10  # a median that moves less is not told


def verdicts(record):
    return {name: verdict for verdict, names in record["cases"].items() for name in names}


def find(nights, night):
    return next(n for n in nights.nights if n.id == night)


def bench_keys(record):
    return {(row["name"], row["unit"], side) for row in record["rows"] for side in row["sides"]}


def lost_rows(now, old):
    """The rows of a lane that ran then and now, and that are gone."""
    if now["kind"] != old["kind"] or now["kind"] != "bench":
        return []
    return [f"MISSING {now['lane']}: {name} ({unit}) on {side}" for name, unit, side in sorted(bench_keys(old) - bench_keys(now))]


def problems(nights, night_id):
    """A line for each missing row and each lane that did not hold."""
    night = find(nights, night_id)
    lines = []
    wanted = list(night.record["lanes"])
    if not night.record.get("partial"):
        before = [n for n in nights.nights if n.id < night.id and n.mode == night.mode and not n.record.get("partial")]
        wanted += [name for name in (before[-1].lanes if before else ()) if name not in wanted]
    must = night.record["must"]
    for name in wanted:
        now, old = night.lanes.get(name), nights.before(night, name)
        if now is None:
            lines.append(f"MISSING {name}: it was there the night before, and is no lane now")
        elif history.ran(now):
            if now["status"] == "failed":
                lines.append(f"FAILED {name}: {now['why']}")
            if old:
                lines += lost_rows(now, old)
        elif now["status"] == "broken" or name in must or old:
            lines.append(f"MISSING {name}: {now['why']}")
    return lines


# ---- changes, for the page ----

def case_changes(now, old):
    """(worse|better|changed, case, then, now), worse first."""
    then, today, found = verdicts(old), verdicts(now), []
    for name in sorted(then.keys() | today.keys()):
        a, b = then.get(name, "absent"), today.get(name, "absent")
        if a == b:
            continue
        known = a in RANK and b in RANK and "skip" not in (a, b)
        step = RANK[b] - RANK[a] if known else RANK.get(b, 0) if b in RANK and RANK[b] == 2 else 0
        found.append(("worse" if step > 0 else "better" if step < 0 else "changed", name, a, b))
    return sorted(found, key=lambda c: (("worse", "better", "changed").index(c[0]), c[1]))


def is_rate(unit):
    return unit.endswith("/s")


def bench_changes(now, old):
    """(row, unit, side, then, now, how much more time or memory it takes), the worst first. Chance moves a noisy row by its spread, and
    twice that is not told either."""
    then, found = {(r["name"], r["unit"]): r["sides"] for r in old["rows"]}, []
    for row in now["rows"]:
        for side, (median, spread, _) in row["sides"].items():
            a = then.get((row["name"], row["unit"]), {}).get(side)
            if not a or a[0] <= 0 or median <= 0:
                continue
            factor = a[0] / median if is_rate(row["unit"]) else median / a[0]
            if abs(math.log(factor)) > math.log1p(max(MOVED, 2 * math.hypot(spread, a[1]))):
                found.append((row["name"], row["unit"], side, a[0], median, factor))
    return sorted(found, key=lambda c: -c[5])
