"""Nights for tests: a folder of results as scripts/nightly leaves it, with verdicts, figures and messages that a page must survive."""
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

import compare  # noqa: E402
import history  # noqa: E402
import results  # noqa: E402

HOSTILE = "got <script>window.broken = 1</script><img src=x onerror=\"window.broken = 2\"> & '\"</td></table>\x00\x1b[31m\ufffe {{ 7 * 7 }}\nsecond line"
LANES = ["go", "ref", "ref-race-implementation", "portable"]


def night_id(i):
    return f"2026-01-{i + 1:02d}T021700Z"


def verdict(lane, number):
    if lane == "go" or number % 7:
        return "skip" if number % 11 == 3 else "pass"
    return {"ref": "fail", "portable": "difference"}.get(lane, "pass")


def check_file(path, lane, cases, areas):
    """A check's JSON lines. Every rule has two cases."""
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps({"kind": "check", "title": f"{lane}, emulates go1.26", "lane": "plain", "tier": "quick", "seed": 1}) + "\n")
        for n in range(cases):
            area = areas[n // 2 % len(areas)]
            case = {"kind": "case", "name": f"{area}/Case{n}", "rule": f"{area.upper()}.RULE{n // 2}", "area": area, "strength": ("LANG", "IMPL")[n // 2 % 2],
                    "claim": "It holds.", "at": f"cases/{area}/x.go:{n + 1}", "verdict": verdict(lane, n)}
            if case["verdict"] == "fail":
                case.update(message=HOSTILE, repeat=f"build/gomem check --backend '{lane}' --rule {case['name']} --seed 1")
            elif case["verdict"] != "pass":
                case.update(message="needs 32bit")
            f.write(json.dumps(case) + "\n")
        f.write(json.dumps({"kind": "summary"}) + "\n")


def bench_record(i):
    def row(name, unit, ref, go, spread=0.05):
        return {"name": name, "unit": unit, "sides": {"ref": [ref, spread, 9], "go": [go, 0.02, 9]}}
    return {"kind": "bench", "sides": ["ref", "go"], "titles": {"ref": "ref, emulates go1.26", "go": "go go1.26"}, "load": 1.5, "rows": [
        row("AllocTiny2", "ns/op", 40.0 + i, 20.0), row("ChanUnbufPingPong/procs:1", "ns/op", 60.0, 180.0), row("MapMiss/1M", "ns/op", 900.0, 90.0, 0.4),
        row("GCFullHeap/seq", "MB/s", 900.0, 700.0), row("GCPause", "pause_p50_us", 20.0, 30.0), row("GCPause", "pause_p99_us", 90.0, 400.0),
        row("GCPause", "pause_max_us", 3000.0, 900.0), row("GCPause", "alloc_p50_ns", 200.0, 150.0), row("GCPause", "alloc_p9999_us", 9.0, 11.0),
        row("SpawnMillion/10k", "bytes/goroutine", 2700.0, 2650.0), row("SpawnMillion/100k", "bytes/goroutine", 2600.0, 2640.0)]}


FAULTS = {"kind": "faults", "faults": [
    {"name": "(none)", "what": "the cases hold without a fault", "ok": True, "lines": []},
    {"name": "slot-twice", "what": "now and then a block is handed out twice", "ok": True, "lines": ["BLOCK.DISJOINT: caught in 1 of 3 runs by block/A (1)"]},
    {"name": "cache-locks", "what": HOSTILE, "ok": False, "lines": ["HEAP.CACHE: not caught"]}]}


def write(folder, nights=3, cases=80, areas=("alloc", "channel", "gc")):
    """Writes the nights; the newest has all of what a night can have."""
    for i in range(nights):
        night = night_id(i)
        os.makedirs(os.path.join(folder, night))
        names = [*LANES, "ref-memcheck", "bench", "faults"]
        history.append(folder, {"kind": "night", "night": night, "mode": "full", "lanes": names, "must": names, "partial": False, "commit": "abc1234",
                                "processor": "A processor", "processors": 2})
        for lane in LANES:
            path = os.path.join(folder, night, lane + ".jsonl")
            check_file(path, lane, cases - 2 * (i < nights - 1), areas)
            record, _, why = results.check(path)
            history.append(folder, {**record, "night": night, "lane": lane, "status": "failed" if why else "held", "why": why, "seconds": 12.5})
        record, _, _ = results.check(os.path.join(folder, night, "ref-memcheck.jsonl"))
        history.append(folder, {**record, "night": night, "lane": "ref-memcheck", "status": "absent", "why": "valgrind is not installed", "seconds": 0.1})
        history.append(folder, {**bench_record(i * 20), "night": night, "lane": "bench", "status": "held", "why": "", "seconds": 600})
        history.append(folder, {**FAULTS, "night": night, "lane": "faults", "status": "failed", "why": "1 of 3 did not go as declared", "seconds": 60})
        problems = compare.problems(history.read(folder), night)
        history.append(folder, {"kind": "end", "night": night, "status": "failed", "problems": problems})
