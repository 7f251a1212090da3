"""Tests of the history, of what is missing, of lanes and of the page, with results that nobody would wish for."""
import json
import math
import os
import stat
import sys
import tempfile
import unittest
from unittest import mock

import fixture
import tap

import compare
import history
import model
import nightly
import page
import plots
import results

NIGHT = {"kind": "night", "night": "2026-01-01T000000Z", "mode": "full", "lanes": ["a"], "must": []}
CHECK = {"kind": "check", "night": "2026-01-01T000000Z", "lane": "a", "status": "held", "why": "", "seconds": 1, "title": "t", "cases": {"pass": ["x/A"]}}


class InFolder(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="gomem night ")
        self.addCleanup(temporary.cleanup)
        self.folder = temporary.name

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def put(self, name, data):
        with open(self.path(name), "ab") as f:
            f.write(data)


class HistoryTest(InFolder):
    def test_back(self):
        """history: what was appended is read"""
        for record in (NIGHT, CHECK):
            history.append(self.folder, record)
        h = history.read(self.folder)
        self.assertEqual((len(h.nights), h.nights[0].lanes["a"]["cases"], h.skipped), (1, {"pass": ["x/A"]}, {}))

    def test_none(self):
        """history: a folder without one is empty"""
        self.assertEqual(history.read(self.folder).nights, [])

    def test_no_file(self):
        """history: what is there in its place is refused, a pipe too, which would be waited for"""
        os.mkfifo(os.path.join(self.folder, history.FILE))
        with self.assertRaisesRegex(history.Unreadable, "cannot read .*history.jsonl: it is no file"):
            history.read(self.folder)

    def test_torn(self):
        """history: a torn last line costs itself only, also when more is appended"""
        for record in (NIGHT, CHECK):
            history.append(self.folder, record)
        self.put(history.FILE, b'{"v":1,"kind":"check","night":"2026-01-01T0000')
        self.assertEqual(history.read(self.folder).skipped, {"torn": 1})
        history.append(self.folder, {**CHECK, "lane": "b"})
        h = history.read(self.folder)
        self.assertEqual((sorted(h.nights[0].lanes), h.skipped), (["a", "b"], {"torn": 1}))

    def test_every_cut(self):
        """history: cut at any byte, whole lines are read and at most one is torn"""
        for record in (NIGHT, CHECK):
            history.append(self.folder, record)
        with open(self.path(history.FILE), "rb") as f:
            whole = f.read()
        for n in range(len(whole)):
            with open(self.path(history.FILE), "wb") as f:
                f.write(whole[:n])
            h = history.read(self.folder)
            self.assertLessEqual(sum(h.skipped.values()), 1)
            self.assertEqual(len(h.nights), int(n >= whole.index(b"\n")))

    def test_odd_lines(self):
        """history: what is no record is left out and counted by reason"""
        history.append(self.folder, NIGHT)
        odd = [(b"[1,2]", "no record"), (b"7", "no record"), (b'"v"', "no record"), (b"\xff\xfe{}", "not UTF-8"), (b"[" * 100000, "torn"), (b'{"v":NaN}', "torn"),
               (b'{"kind":"check"}', "other version"), (json.dumps({"v": 2, **CHECK}).encode(), "other version"),
               (json.dumps({"v": True, **CHECK}).encode(), "other version"), (b'{"v":1,"kind":"weather"}', "unknown kind"), (b'{"v":1,"kind":["check"]}', "unknown kind"),
               (json.dumps({"v": 1, **CHECK, "cases": {"pass": "x"}}).encode(), "incomplete"), (json.dumps({"v": 1, **CHECK, "seconds": "long"}).encode(), "incomplete"),
               (json.dumps({"v": 1, **CHECK, "lane": "../a"}).encode(), "incomplete"), (json.dumps({"v": 1, **CHECK, "night": "../../etc"}).encode(), "incomplete"),
               (json.dumps({"v": 1, **CHECK, "night": "2026-01-09T000000Z"}).encode(), "of no night"),
               (b'{"v":1,"kind":"bench","night":"2026-01-01T000000Z","lane":"b","status":"held","why":"","seconds":1,"sides":["a","b"],'
                b'"rows":[{"name":"x","unit":"y","sides":{"a":[1e999,0,1]}}]}', "incomplete")]
        want = {}
        for line, why in odd:
            self.put(history.FILE, line + b"\n")
            want[why] = want.get(why, 0) + 1
        h = history.read(self.folder)
        self.assertEqual((h.skipped, len(h.nights), h.nights[0].lanes), (want, 1, {}))

    def test_unwritable(self):
        """history: one that cannot be written is said in a line"""
        with self.assertRaisesRegex(history.Unwritable, "cannot write .*history.jsonl: "):
            history.append(self.path("nowhere"), NIGHT)

    def test_not_a_number(self):
        """history: a figure that is none is not written"""
        with self.assertRaises(ValueError):
            history.append(self.folder, {**CHECK, "seconds": float("nan")})


class MissingTest(InFolder):
    def nights(self, *nights, must=()):
        """Each night is a dict of lanes: status, or (status, rows) for a benchmark."""
        for i, lanes in enumerate(nights):
            night = fixture.night_id(i)
            history.append(self.folder, {**NIGHT, "night": night, "lanes": list(lanes), "must": list(must)})
            for lane, of in lanes.items():
                record = {**CHECK, "night": night, "lane": lane, "status": of if isinstance(of, str) else of[0], "why": "because"}
                if not isinstance(of, str):
                    record.update(kind="bench", sides=["ref", "go"], rows=[{"name": n, "unit": "ns/op", "sides": {s: [1, 0, 9] for s in sides}} for n, sides in of[1].items()])
                history.append(self.folder, record)
        return compare.problems(history.read(self.folder), fixture.night_id(len(nights) - 1))

    def test_held(self):
        """missing: a night like the one before has no problem"""
        self.assertEqual(self.nights({"a": "held"}, {"a": "held"}), [])

    def test_failed(self):
        """missing: a lane that failed is named"""
        self.assertEqual(self.nights({"a": "failed"}), ["FAILED a: because"])

    def test_must(self):
        """missing: a lane that must be there and is not, in the first night too"""
        self.assertEqual(self.nights({"a": "absent", "b": "absent"}, must=["b"]), ["MISSING b: because"])

    def test_broken(self):
        """missing: a lane that gave no whole result"""
        self.assertEqual(self.nights({"a": "broken"}), ["MISSING a: because"])

    def test_there_before(self):
        """missing: a lane whose tool was there the night before, and before a night in which it was not"""
        self.assertEqual(self.nights({"a": "held"}, {"a": "absent"}), ["MISSING a: because"])
        self.assertEqual(compare.problems(history.read(self.folder), fixture.night_id(0)), [])

    def test_no_lane(self):
        """missing: a lane that was taken off the list"""
        self.assertEqual(self.nights({"a": "held", "b": "held"}, {"a": "held"}), ["MISSING b: it was there the night before, and is no lane now"])

    def test_rows(self):
        """missing: benchmarks that a side has no more, also when the lane was broken in between"""
        full = {"One": ["ref", "go"], "Two": ["ref", "go"]}
        got = self.nights({"bench": ("held", full)}, {"bench": ("broken", {})}, {"bench": ("held", {"One": ["go"]})})
        self.assertEqual(got, ["MISSING bench: One (ns/op) on ref", "MISSING bench: Two (ns/op) on go", "MISSING bench: Two (ns/op) on ref"])

    def test_changes(self):
        """changes: verdicts by what they count for, gone and new cases"""
        old, now = {"cases": {"pass": ["A", "B", "C"], "fail": ["D"], "skip": ["E"]}}, {"cases": {"pass": ["A", "D"], "crash": ["B", "E", "N"]}}
        self.assertEqual([c[:2] for c in compare.case_changes(now, old)],
                         [("worse", "B"), ("worse", "E"), ("worse", "N"), ("better", "D"), ("changed", "C")])

    def test_bench_changes(self):
        """changes: benchmarks beyond their scatter, rates turned round"""
        def rows(**of):
            return {"rows": [{"name": n, "unit": u, "sides": {"ref": v}} for n, (u, v) in of.items()]}
        old = rows(slow=("ns/op", [10, 0, 9]), noisy=("ns/op", [10, .3, 9]), rate=("MB/s", [10, 0, 9]), same=("ns/op", [10, 0, 9]))
        now = rows(slow=("ns/op", [12, 0, 9]), noisy=("ns/op", [12, .3, 9]), rate=("MB/s", [20, 0, 9]), same=("ns/op", [10.5, 0, 9]))
        self.assertEqual([(c[0], c[5]) for c in compare.bench_changes(now, old)], [("slow", 1.2), ("rate", 0.5)])


GOMEM = r'''#!/bin/sh
# Pretends to be gomem: its first operand after check says how it behaves.
while [ $# -gt 0 ]; do case $1 in --backend) how=$2 ;; --output) to=$2 ;; esac; shift; done
line='{"kind":"case","name":"x/A","rule":"R","area":"x","verdict":"pass"}'
case $how in
good) printf '{"kind":"check","title":"t"}\n%s\n{"kind":"summary"}\n' "$line" >"$to" ;;
bad) printf '{"kind":"check","title":"t"}\n%s\n{"kind":"summary"}\n' "$(echo "$line" | sed s/pass/crash/)" >"$to"; exit 1 ;;
torn) printf '{"kind":"check","title":"t"}\n%s\n{"kin' "$line" >"$to" ;;
lost) printf '{"kind":"check","title":"t","cases":2}\n%s\n{"kind":"summary"}\n' "$line" >"$to" ;;
halted) printf '{"kind":"check","title":"t","cases":1}\n%s\n{"kind":"summary","interrupted":true}\n' "$line" >"$to"; exit 1 ;;
binary) printf '{"kind":"check","title":"t"}\n\377\376\n%s\n{"kind":"summary"}\n' "$line" >"$to" ;;
unknown) echo "gomem: no backend 'unknown'" >&2; exit 3 ;;
hangs) printf '{"kind":"check","title":"t"}\n%s\n' "$line" >"$to"; trap '' TERM; sleep 1000 & wait; wait ;;
esac
'''


class LaneTest(InFolder):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path("build"))
        self.put("build/gomem", GOMEM.encode())
        os.chmod(self.path("build/gomem"), stat.S_IRWXU)
        self.put("Makefile", b"fine:\n\t@true\nwrong:\n\t@echo 'x.c:1: it is wrong' >&2; exit 1\n")
        for name, value in (("TOP", self.folder), ("GRACE", 0.2)):
            patch = mock.patch.object(nightly, name, value)
            patch.start()
            self.addCleanup(patch.stop)

    def lane(self, command, minutes="1", tool="sh", targets="fine"):
        record = nightly.run_lane(nightly.Lane("x", "must", minutes, tool, targets, command, "-"), self.folder, False, math.inf)
        return record["status"], record["why"], record["cases"]

    def test_good(self):
        """lane: one that holds"""
        self.assertEqual(self.lane("check --backend good"), ("held", "", {"pass": ["x/A"]}))

    def test_bad(self):
        """lane: one that fails says how many"""
        self.assertEqual(self.lane("check --backend bad"), ("failed", "1 of 1 cases count against it", {"crash": ["x/A"]}))

    def test_lost(self):
        """lane: what has lost a case is no whole result, nor what was interrupted"""
        self.assertEqual(self.lane("check --backend lost")[:2], ("broken", "lines are lost: 1 cases of 2"))
        self.assertEqual(self.lane("check --backend halted")[0], "broken")

    def test_torn(self):
        """lane: results without their end are no result"""
        self.assertEqual(self.lane("check --backend torn")[0], "broken")

    def test_binary(self):
        """lane: bytes that are not UTF-8 cost their line"""
        self.assertEqual(self.lane("check --backend binary"), ("held", "", {"pass": ["x/A"]}))

    def test_unknown(self):
        """lane: an unknown backend is said in gomem's words"""
        self.assertEqual(self.lane("check --backend unknown")[:2], ("broken", "gomem: no backend 'unknown'"))

    def test_hangs(self):
        """lane: one that hangs and ignores signals is stopped, and what it had is kept"""
        self.assertEqual(self.lane("check --backend hangs", minutes="0.02"), ("broken", "stopped after 0.02 minutes", {"pass": ["x/A"]}))

    def test_build(self):
        """lane: one that does not build"""
        status, why, _ = self.lane("check --backend good", targets="wrong")
        self.assertEqual(status, "broken")
        self.assertRegex(why, "^it does not build: .*wrong")

    def test_tool(self):
        """lane: a tool that is not there"""
        self.assertEqual(self.lane("check --backend good", tool="no-such-tool")[:2], ("absent", "no-such-tool is not installed"))

    def test_target(self):
        """lane: a make target that is not there"""
        self.assertEqual(self.lane("make nothing")[:2], ("absent", "there is no make nothing"))

    def test_table(self):
        """lanes: a line that is none is refused with its place"""
        for line in ("a\tmust\t1", "a\tmay be\t1\tsh\tall\tcheck\t-", "a\tmust\tNaN\tsh\tall\tcheck\t-", "../a\tmust\t1\tsh\tall\tcheck\t-", "a\tmust\t1\tsh\tall\trun\t-",
                     "a\tmust\t1\tsh\tall\t\t-"):
            with open(self.path("lanes"), "w", encoding="utf-8") as f:
                f.write("# a comment\n" + line + "\n")
            with mock.patch("sys.stderr") as err, self.assertRaises(SystemExit) as end:
                nightly.read_lanes(self.path("lanes"))
            self.assertEqual(end.exception.code, 2)
            self.assertIn("lanes:2: not a lane", "".join(c.args[0] for c in err.write.call_args_list))

    def test_own_table(self):
        """lanes: the project's own are well formed, and a quick night has some"""
        lanes = nightly.read_lanes(os.path.join(os.path.dirname(fixture.HERE), "lanes.tsv"))
        self.assertGreater(len(nightly.choose(lanes, [], True)), 2)


class ResultsTest(InFolder):
    def test_bench(self):
        """results: medians and spreads of a benchmark, own units before times"""
        def side(name, values):
            return json.dumps({"context": {"peer": name, "title": name, "load_avg": [1, 1, 1]}, "benchmarks":
                               [{"name": "A", "run_name": "A", "run_type": "iteration", "real_time": v, "cpu_time": v, "B/op": 2} for v in values] +
                               [{"name": "B", "run_name": "B", "run_type": "iteration", "real_time": 1, "MB/s": v} for v in values] +
                               [{"name": "A_median", "run_name": "A", "run_type": "aggregate", "real_time": 1}]}).encode()
        self.put("b.json", side("ref", [10, 11, 15]))
        self.put("b.vs.json", side("go", [5]))
        record, whole, why = results.bench(self.path("b.json"))
        self.assertEqual((whole, why, [(r["name"], r["unit"]) for r in record["rows"]]), (True, "", [("A", "ns/op"), ("B", "MB/s")]))
        self.assertAlmostEqual(record["rows"][0]["sides"]["ref"][1], 1.4826 / 11)
        self.assertEqual(record["rows"][0]["sides"]["go"], [5, 0, 1])

    def test_bench_nan(self):
        """results: a file with what is no number of JSON is none, and one half is none"""
        self.put("b.json", b'{"context": {"peer": "ref", "title": "", "load_avg": [1]}, "benchmarks": [{"run_name": "A", "real_time": nan}]}')
        self.assertFalse(results.bench(self.path("b.json"))[1])
        self.put("c.json", b'{"context": {"peer": "ref", "title": "", "load_avg": [1]}, "benchmarks": [{"run_name": "A", "real_time": NaN}]}')
        self.assertIsNotNone(results.bench_side(self.path("c.json")))
        self.assertEqual(results.bench_side(self.path("c.json"))[3], {})

    def test_faults(self):
        """results: faults and what was said of them; a plan that is not fulfilled is no whole result"""
        tap_text = b"1..2\nok 1 - the cases hold without a fault\nnot ok 2 - slot-twice (3 s): a block\n# R.ONE: caught in 1 of 3 runs by a/B (1)\n# R.TWO: not caught\n"
        self.put("f.tap", tap_text)
        record, whole, why = results.faults(self.path("f.tap"))
        self.assertEqual((whole, why, record["faults"][1]["name"], record["faults"][1]["lines"][1]), (True, "1 of 2 did not go as declared", "slot-twice", "R.TWO: not caught"))
        self.put("g.tap", tap_text[:60])
        self.assertFalse(results.faults(self.path("g.tap"))[1])


class PageTest(InFolder):
    def test_whole(self):
        """page: of nights with everything; markup in messages is text, and nothing is loaded"""
        fixture.write(self.folder)
        with open(page.write(self.folder), encoding="utf-8") as f:
            text = f.read()
        self.assertIn("&lt;script&gt;window.broken = 1&lt;/script&gt;", text)
        self.assertIn("{{ 7 * 7 }}", text)
        self.assertEqual(text.count("<script"), 1)
        self.assertNotRegex(text, r"[\x00-\x08\x1b\ufffe]|(src|href)=\"[^#]|@import|url\(")
        self.assertFalse([n for n in os.listdir(self.folder) if n.startswith("report.html.")])

    def test_order(self):
        """page: failing rules come first, and reasons of several lanes are one"""
        fixture.write(self.folder)
        rules = model.build(self.folder, history.read(self.folder))["rules"]
        states = [model.ORDER[r["state"]] for r in rules]
        self.assertEqual((states, rules[0]["state"]), (sorted(states), "bad"))
        skips = [n for r in rules for n in r["notes"] if n["verdict"] == "skip"]
        self.assertTrue(any(len(n["lanes"]) > 1 for n in skips))

    def test_little(self):
        """page: of a night that ended before its first lane, and of one whose files are gone"""
        history.append(self.folder, NIGHT)
        page.write(self.folder)
        history.append(self.folder, CHECK)
        with open(page.write(self.folder), encoding="utf-8") as f:
            self.assertIn("rules cannot be told apart", f.read())

    def test_strange(self):
        """page: of optional keys with other types than expected"""
        history.append(self.folder, {**NIGHT, "partial": 3, "commit": ["x"], "processor": {}, "processors": "two"})
        history.append(self.folder, {**CHECK, "status": "sunny", "cases": {"<b>": ["x/A"], "pass": ["no area"]}})
        history.append(self.folder, {"kind": "bench", "night": NIGHT["night"], "lane": "b", "status": "held", "why": "", "seconds": 1, "sides": ["ref", "go"], "titles": 3, "load": "high",
                                     "rows": [{"name": "Z", "unit": "u", "sides": {"ref": [0, 0, 1], "go": [1e300, 9e9, 1]}},
                                              {"name": "Y", "unit": "a_p50_us", "sides": {"ref": [-3, -1, 1], "other": [1e-300, 0, 1]}},
                                              {"name": "X", "unit": "bytes/goroutine", "sides": {"ref": [-3, 0, 1], "go": [1e30, 0, 1]}},
                                              {"name": "W", "unit": "ns/op", "sides": {"ref": [1e-200, 1, 1], "go": [1e200, 1, 1]}}]})
        history.append(self.folder, {"kind": "faults", "night": NIGHT["night"], "lane": "f", "status": "held", "why": "", "seconds": 1, "faults": [{"name": "n", "ok": True, "lines": ["R: caught in 0 of 0 runs by "]}]})
        page.write(self.folder)

    def test_empty(self):
        """report: an empty folder is said in a line"""
        with mock.patch.object(sys, "argv", ["report", "--dir", self.folder]), mock.patch("sys.stderr") as err:
            self.assertEqual(page.main(), 1)
        self.assertIn("holds no night: run make nightly", "".join(c.args[0] for c in err.write.call_args_list))

    def test_axes(self):
        """plots: ends, ticks and figures of axes"""
        axis = plots.LogAxis([0.3, 5], 2, (0.5, 2))
        self.assertEqual((axis.low, axis.high, axis.at(1), axis.at(8), axis.at(1e9), axis.at(0)), (-2, 3, 40.0, 100.0, 100.0, 0.0))
        self.assertEqual(plots.round_steps(3479, 6)[-1], 4000)
        self.assertEqual(plots.round_steps(0, 4), [0, 1])
        self.assertEqual([plots.number(v) for v in (0, 0.01234, 4.5, 99.96, 45600, 2.5e7)], ["0", "0.0123", "4.5", "100", "45.6k", "25M"])
        self.assertEqual([plots.duration(v) for v in (0.21, 8, 4300, 2.5e6)], ["210 ns", "8 µs", "4.3 ms", "2.5 s"])


if __name__ == "__main__":
    tap.main()
