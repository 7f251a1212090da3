"""scripts/nightly: runs all lanes of lanes.tsv, one after the other, keeps what they write, and makes the page.

A lane is a command of its own, bounded in time. What it lacks, how it ends and how long it takes are its row and nobody else's: the next lane
runs in any case. Results go below the folder of results (NIGHT/LANE.*), a record of each to the history as soon as it is there, so
that a night which is cut short has what it had. At the end compare.py finds the rows that must be there and are not, page.py writes
the page, and the exit status is 1 when a row is missing or a lane failed. Two nights never share a folder at a time: it is locked.
"""
import argparse
import fcntl
import math
import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
import time

import compare
import history
import results

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
KEEP_NIGHTS = 14  # of what lanes wrote; the history keeps their results for good
GRACE = 30        # seconds that a lane has to end after it was told to
LEAST = 60        # seconds without which no lane is begun


def die(status, text):
    print(f"nightly: {text}", file=sys.stderr)
    sys.exit(status)


# ---- the table of lanes ----

class Lane:
    def __init__(self, name, must, minutes, tool, targets, command, quick):
        self.name, self.must, self.minutes, self.tool = name, must == "must", float(minutes), tool
        self.targets, self.words, self.quick = targets.split(), command.split(), quick
        first = self.words[0]
        self.kind = first if first in ("bench", "faults") else "check"

    def output(self, folder):
        return os.path.join(folder, self.name + {"check": ".jsonl", "bench": ".json", "faults": ".tap"}[self.kind])

    def command(self, folder, quick):
        """The words to run. Those of `make TARGET` go through FLAGS, for whatever the target runs."""
        first, *rest = self.words
        rest = rest + (shlex.split(self.quick) if quick else [])
        to = self.output(folder)
        if first == "bench":
            return ["build/gomem", "bench", *rest, "--output", to]
        if first == "faults":
            return ["scripts/faults", *rest]
        form = ["--format", "json", "--output", to]
        if first == "make":
            return ["make", "-s", *rest, "FLAGS=" + shlex.join(form)]
        return ["build/asan/gomem" if first == "asan" else "build/gomem", "check", *rest, *form]


def read_lanes(path):
    lanes = {}
    try:
        with open(path, encoding="utf-8") as f:
            for number, line in enumerate(f, 1):
                if line.startswith("#") or not line.strip():
                    continue
                fields = line.rstrip("\n").split("\t")
                try:
                    lane = Lane(*fields)
                    good = fields[1] in ("must", "may") and lane.words[0] in ("check", "asan", "make", "faults", "bench") and 0 < lane.minutes
                except (TypeError, ValueError, IndexError):
                    good = False
                if not good or os.sep in lane.name or lane.name in lanes:
                    die(2, f"{path}:{number}: not a lane: it takes seven fields with tabs between them, and a name of its own; see reports/README.md")
                lanes[lane.name] = lane
    except (OSError, UnicodeDecodeError) as e:
        die(2, f"cannot read the lanes of {path}: {getattr(e, 'strerror', None) or e}")
    if not lanes:
        die(2, f"{path} names no lane")
    return list(lanes.values())


# ---- running one ----

def stop(process):
    """Ends what a lane started: politely first, as gomem cleans up behind its cases."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(GRACE)
            if number == signal.SIGTERM:
                continue  # what did not listen, of its group, ends now
        except subprocess.TimeoutExpired:
            pass


def run(words, out, log, seconds):
    """The exit status of a command that is bounded in time; None when it had to be stopped."""
    environment = {**os.environ, "GOMEM_ROOT": TOP, "GOTOOLCHAIN": "local", "LC_ALL": "C.UTF-8"}
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.pop(name, None)
    process = subprocess.Popen(words, cwd=TOP, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=log, start_new_session=True)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        stop(process)


def last_line(path):
    lines = [line for line in results.read_text(path).split("\n") if line.strip()]
    return lines[-1].strip()[:300] if lines else ""


def exists(tool):
    return shutil.which(tool) is not None


def has_target(target):
    return subprocess.run(["make", "-n", target], cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


def why_not(lane):
    """What a lane needs and has not."""
    if not exists(lane.tool):
        return f"{lane.tool} is not installed"
    if lane.words[0] == "make" and not has_target(lane.words[1]):
        return f"there is no make {lane.words[1]}"
    return ""


def run_lane(lane, folder, quick, end):
    """The record of a lane, which is stopped at that time of the monotonic clock if it still runs."""
    start = time.monotonic()
    seconds = min(lane.minutes * 60, end - start)
    status, why = "absent", why_not(lane) or ("" if end - start > LEAST else "no time is left for it")
    log_path, out_path = os.path.join(folder, lane.name + ".log"), lane.output(folder)
    said_path = out_path if lane.kind == "faults" else os.path.join(folder, lane.name + ".out")
    if not why:
        with open(log_path, "wb") as log, open(said_path, "wb") as said:
            code = run(["make", "-j2", "-s", *lane.targets], log, log, seconds)
            built = code == 0
            if built:
                code = run(lane.command(folder, quick), said, log, max(1, seconds - (time.monotonic() - start)))
    record, whole, result = results.READERS[lane.kind](out_path)
    if not why:
        status, why = verdict(seconds / 60, built, code, whole, result, log_path)
    record.update(lane=lane.name, status=status, why=why, seconds=round(time.monotonic() - start, 1), must=lane.must)
    return record


def verdict(minutes, built, code, whole, result, log_path):
    if code is None:
        return "broken", f"stopped after {minutes:.3g} minutes"
    if not built:
        return "broken", f"it does not build: {last_line(log_path)}"
    if not whole:
        return "broken", last_line(log_path) or result or f"it ended with status {code} and without a whole result"
    if code or result:
        return "failed", result or last_line(log_path) or f"it ended with status {code}"
    return "held", ""


# ---- a night ----

def commit():
    try:
        r = subprocess.run(["git", "-c", "safe.directory=*", "describe", "--always", "--dirty"], cwd=TOP, capture_output=True, check=False)
        return r.stdout.decode("ascii", "replace").strip()
    except OSError:
        return ""


def processor():
    for line in results.read_text("/proc/cpuinfo").split("\n"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def lock(folder):
    f = open(os.path.join(folder, "lock"), "a")
    try:
        fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        die(1, f"another night is running in {folder}: wait for it, or give another --dir")
    return f


def forget_old(folder, keep):
    nights = sorted(n for n in os.listdir(folder) if os.path.isdir(os.path.join(folder, n)) and n.endswith("Z"))
    for name in nights[:-keep]:
        shutil.rmtree(os.path.join(folder, name), ignore_errors=True)


def night_id(folder):
    """The time, as a name; two nights of one second are told apart."""
    while True:
        name = time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime())
        try:
            os.mkdir(os.path.join(folder, name))
            return name
        except FileExistsError:
            time.sleep(1)


def choose(lanes, names, quick):
    for name in names:
        if name not in [lane.name for lane in lanes]:
            die(2, f"no lane is called '{name}'; there are {', '.join(lane.name for lane in lanes)}")
    chosen = [lane for lane in lanes if (not names or lane.name in names) and not (quick and lane.quick == "-")]
    if not chosen:
        die(2, "none of these lanes has a quick form: leave out --quick or --lane")
    return chosen


def minutes(text):
    number = float(text)
    if not number > 0:
        raise ValueError
    return number


def arguments():
    p = argparse.ArgumentParser(prog="scripts/nightly", description="Runs all lanes, adds to the history, writes the page.")
    p.add_argument("--quick", action="store_true", help="a few cases of some lanes: whether a night would work")
    p.add_argument("--lane", action="append", default=[], metavar="NAME", help="this lane only; again for more")
    p.add_argument("--within", type=minutes, default=math.inf, metavar="MINUTES", help="when these are over, so is the night: for a machine that stops what runs longer")
    p.add_argument("--dir", default=os.path.join(TOP, "nights"), help="folder of the results (default: nights)")
    p.add_argument("--lanes", default=os.path.join(TOP, "reports", "lanes.tsv"), metavar="FILE", help="the table of lanes")
    return p.parse_args()


def main():
    o = arguments()
    end = time.monotonic() + o.within * 60
    lanes = choose(read_lanes(o.lanes), o.lane, o.quick)
    folder = os.path.abspath(o.dir)
    try:
        os.makedirs(folder, exist_ok=True)
        held = lock(folder)
    except OSError as e:
        die(2, f"cannot write --dir {o.dir}: {e.strerror}")
    try:
        import page
    except ImportError as e:
        die(3, f"{e.name} is missing: run scripts/setup (Debian: python3-jinja2)")
    night = night_id(folder)
    try:
        history.append(folder, {"kind": "night", "night": night, "mode": "quick" if o.quick else "full", "lanes": [lane.name for lane in lanes],
                                "must": [lane.name for lane in lanes if lane.must], "partial": bool(o.lane), "commit": commit(),
                                "processor": processor(), "processors": os.cpu_count(), "system": platform.platform()})
        for number, lane in enumerate(lanes, 1):
            record = run_lane(lane, os.path.join(folder, night), o.quick, end)
            history.append(folder, {**record, "night": night})
            why = f": {record['why']}" if record["why"] else ""
            print(f"[{number}/{len(lanes)}] {lane.name} {record['status']}, {record['seconds']:.0f} s{why}", flush=True)
        problems = compare.problems(history.read(folder), night)
        history.append(folder, {"kind": "end", "night": night, "status": "failed" if problems else "held", "problems": problems})
        path = page.write(folder)
    except history.Unwritable as e:
        die(1, str(e))
    forget_old(folder, KEEP_NIGHTS)
    for problem in problems:
        print(problem)
    print(f"# {path}: {len(problems)} problems" if problems else f"# {path}: all of {len(lanes)} lanes held")
    held.close()
    return 1 if problems else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        die(1, "interrupted")
