#!/usr/bin/python3
"""How far gomem escape agrees with a Go toolchain, line for line and in the lines' order.

    compiler/tests/escape_agreement.py [-n LINES] [--go GO] std [PACKAGE...]     the standard library
    compiler/tests/escape_agreement.py [-n LINES] [--go GO] tests [NAME...]      the toolchain's own tests of -m
    compiler/tests/escape_agreement.py [-n LINES] [--go GO] cases [AREA...]      gomem's cases, those for gomem's backends too
    compiler/tests/escape_agreement.py [-n LINES] [--go GO] files FILE.go...     programs of one file each
    compiler/tests/escape_agreement.py [-n LINES] [--go GO] random COUNT [SEED]  generated programs (compiler/tests/escape_random.py)

What the toolchain prints is `go build -gcflags='-m -l'`, with --inline `-m`; gomem analyses against the same Go's library. A line that only one of them
prints counts, as missing or surplus; up to LINES (default 5) of each are shown per package. Agreement is what both print of all that
either prints. A package is in order when its lines are the same in the same order. Exit status 0 when all are in order and all could be
analysed by both, else 1.
"""
import argparse
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import escape_random

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
GOMEM = os.environ.get("GOMEM") or os.path.join(TOP, "build", "gomem")
MESSAGE = re.compile(r"^(\S+\.go):(\d+):(?:(\d+):)? (.*)$")


def run(argv, cwd, env=None):
    return subprocess.run(argv, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace")


class Agreement:
    def __init__(self, words):
        self.show = words.n
        self.totals = collections.Counter()
        self.go = words.go
        self.inline = words.inline
        self.flags = "-m" if words.inline else "-m -l"
        self.env = dict(os.environ, GOTOOLCHAIN="local", CGO_ENABLED="0", GOFLAGS="", GO111MODULE="")
        version = run([self.go, "env", "GOROOT", "GOVERSION"], "/", self.env).stdout.split()
        self.root = version[0]
        self.release = re.match(r"go(1\.\d+)", version[1]).group(1)

    def lines(self, text, cwd):
        found = []
        for line in text.splitlines():
            m = MESSAGE.match(line)
            if m:
                path = os.path.realpath(os.path.join(cwd, m.group(1)))
                found.append((path, int(m.group(2)), int(m.group(3) or 0), m.group(4)))
        return found

    def gomem(self, cwd, *operands):
        p = run([GOMEM, "escape", *(["--inline"] if self.inline else []), "--release", self.release, "--goroot", self.root, *operands], cwd)
        if p.returncode:
            self.totals["failed"] += 1
            print("  gomem: " + "\n  ".join(p.stdout.splitlines()[:3]))
        return self.lines(p.stdout, cwd)

    def compare(self, name, want, got):
        t = self.totals
        missing = collections.Counter(want) - collections.Counter(got)
        surplus = collections.Counter(got) - collections.Counter(want)
        m, s = sum(missing.values()), sum(surplus.values())
        t.update({"packages": 1, "lines": len(want), "missing": m, "surplus": s, "in order": int(want == got)})
        if want != got:
            print(f"{name}: {len(want)} lines, {m} missing, {s} surplus" + ("" if m or s else ", not in order"))
        for sign, some in ("-", missing), ("+", surplus):
            for path, line, column, text in sorted(some.elements())[:self.show]:
                print(f"   {sign} {os.path.basename(path)}:{line}:{column}: {text}")
        if not m and not s and want != got and self.show:
            at = next(i for i, pair in enumerate(zip(want, got)) if pair[0] != pair[1])
            for sign, x in ("-", want[at]), ("+", got[at]):
                print(f"   {sign} {os.path.basename(x[0])}:{x[1]}:{x[2]}: {x[3]}")
        sys.stdout.flush()

    def finish(self):
        t = self.totals
        either = t["lines"] + t["surplus"]
        share = 100.0 * (t["lines"] - t["missing"]) / either if either else 0
        print(f"{t['packages']} packages, {t['in order']} in order; {t['lines']} lines, {t['missing']} missing, "
              f"{t['surplus']} surplus: {share:.3f} % agree" + (f"; {t['failed']} not analysed" if t["failed"] else ""))
        return 0 if t["packages"] and t["in order"] == t["packages"] and not t["failed"] else 1


def std(a, names):
    src = os.path.join(a.root, "src")
    out = run([a.go, "build", "-gcflags=all=" + a.flags, *(names or ["std"])], src, a.env).stdout
    groups, lines = collections.OrderedDict(), None
    for line in out.splitlines():
        if line.startswith("# "):
            lines = groups.setdefault(line[2:], [])
        elif lines is not None:
            lines.append(line)
    for path in names or groups:
        a.compare(path, a.lines("\n".join(groups.get(path, [])), src), a.gomem(src, "./" + path))


def one_file(a, path):
    cwd, name = os.path.split(os.path.abspath(path))
    with tempfile.TemporaryDirectory() as scratch:
        out = run([a.go, "build", "-o", os.path.join(scratch, "out"), "-gcflags=all=" + a.flags + " -complete=false", name], cwd,
                  a.env).stdout
    own = out[out.find("# command-line-arguments"):]
    if re.search(r"use of internal package|relative import|is not in std|^FAIL", out):
        print(f"{name}: the toolchain refuses it")
        a.totals["failed"] += 1
        return
    a.compare(name, a.lines(own, cwd), a.gomem(cwd, name))


def tests(a, names):
    folder = os.path.join(a.root, "test")
    for path in sorted(glob.glob(folder + "/**/*.go", recursive=True)):
        name = os.path.relpath(path, folder)
        with open(path, errors="replace") as f:
            first = next((x for x in f if x.startswith("// errorcheck")), "")
        if not re.match(r"// errorcheck .*-m( |$)", first) or ("-l" not in first.split() and not names):
            continue
        if not names or name in names:
            one_file(a, path)


def overlay(a, scratch):
    """Lets the toolchain see gomem's own packages, which the cases for gomem's backends import, as a part of its library."""
    replace = {}
    for path in glob.glob(os.path.join(TOP, "compiler", "lib", "gomem", "*", "*.go")):
        inside = os.path.relpath(path, os.path.join(TOP, "compiler", "lib"))
        replace[os.path.join(a.root, "src", inside)] = path
    name = os.path.join(scratch, "overlay.json")
    with open(name, "w") as f:
        json.dump({"Replace": replace}, f)
    return name


def cases(a, areas):
    folder = os.path.join(TOP, "cases")
    found = {os.path.dirname(os.path.relpath(x, folder)) for x in glob.glob(folder + "/**/*.go", recursive=True)}
    for area in areas or sorted(found - {"bench"}):
        with tempfile.TemporaryDirectory() as scratch:
            p = run([a.go, "build", "-o", os.path.join(scratch, "out"), "-tags", "gomem", "-overlay",
                     overlay(a, scratch), "-gcflags=all=" + a.flags, "-gcflags=gomem/rt=" + a.flags + " -complete=false",
                     "./" + area], folder, a.env)
        at = p.stdout.find("# gomem/cases/" + area + "\n")
        own = re.split("^# ", p.stdout[at + 2:], maxsplit=1, flags=re.M)[0] if at >= 0 else ""
        if p.returncode:
            print(f"{area}: the toolchain refuses it")
            a.totals["failed"] += 1
        else:
            a.compare(area, a.lines(own, folder), a.gomem(folder, "--tags", "gomem", "./" + area))


def files(a, names):
    for name in names:
        one_file(a, name)


PER_PACKAGE = 50


def generated(a, words):
    """Programs are files of their own, so many to a package."""
    count, seed = int(words[0]), int(words[1]) if len(words) > 1 else 1
    with tempfile.TemporaryDirectory() as scratch:
        with open(os.path.join(scratch, "go.mod"), "w") as f:
            f.write(f"module random\n\ngo {a.release}\n")
        packages = sorted({i // PER_PACKAGE for i in range(count)})
        for i in range(count):
            folder = os.path.join(scratch, f"p{i // PER_PACKAGE}")
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, f"r{seed + i}.go"), "w") as f:
                f.write(escape_random.program(seed + i, f"_{seed + i}", int(a.release.split(".")[1])))
        for n in packages:
            p = run([a.go, "build", "-gcflags=" + a.flags, f"./p{n}"], scratch, a.env)
            if p.returncode:
                print(f"p{n}: the toolchain refuses it: " + "; ".join(p.stdout.splitlines()[-3:]))
                a.totals["failed"] += 1
            a.compare(f"p{n}", a.lines(p.stdout, scratch), a.gomem(scratch, f"./p{n}"))


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("-n", type=int, default=5)
    p.add_argument("--go", default="go")
    p.add_argument("--inline", action="store_true")
    p.add_argument("what", choices=["std", "tests", "cases", "files", "random"])
    p.add_argument("names", nargs="*")
    words = p.parse_args()
    a = Agreement(words)
    {"std": std, "tests": tests, "cases": cases, "files": files, "random": generated}[words.what](a, words.names)
    return a.finish()


if __name__ == "__main__":
    sys.exit(main())
