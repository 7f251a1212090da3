"""scripts/report: one self-contained HTML page of the newest night, from the folder of results.

model.py says what is shown, page.html.j2 how, with page.css and page.js inside the page. Everything that comes from a lane is escaped by Jinja; of
characters that HTML does not have only a mark is left. The page is written beside its place and renamed, so a reader never sees half.
"""
import argparse
import os
import re
import sys

import jinja2
import markupsafe

import history
import model

HERE = os.path.dirname(os.path.abspath(__file__))
FILE = "report.html"
NOT_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(value):
    """What a template prints, without characters that HTML does not have; markup is the template's own."""
    return NOT_HTML.sub("\ufffd", value) if isinstance(value, str) and not isinstance(value, markupsafe.Markup) else value


def render(folder, nights):
    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined, finalize=clean)

    def inline(name):
        with open(os.path.join(HERE, name), encoding="utf-8") as f:
            return f.read()

    return environment.get_template("page.html.j2").render(css=inline("page.css"), js=inline("page.js"), **model.build(folder, nights))


def write(folder, to=None):
    """Makes the page of a folder that has a night; its path."""
    path = to or os.path.join(folder, FILE)
    text = render(folder, history.read(folder))
    partial = f"{path}.{os.getpid()}"
    try:
        with open(partial, "w", encoding="utf-8") as f:
            f.write(text)
        os.replace(partial, path)
    except OSError as e:
        if os.path.exists(partial):
            os.unlink(partial)
        raise history.Unwritable(f"cannot write {path}: {e.strerror}") from e
    return path


def main():
    p = argparse.ArgumentParser(prog="scripts/report", description="Writes the page of the newest night.")
    p.add_argument("--dir", default=os.path.join(os.path.dirname(HERE), "nights"), help="folder of the results (default: nights)")
    p.add_argument("--output", metavar="FILE", help="where to write (default: report.html in the folder)")
    o = p.parse_args()
    try:
        nights = history.read(o.dir)
    except history.Unreadable as e:
        print(f"report: {e}", file=sys.stderr)
        return 1
    if not nights.nights:
        left = sum(nights.skipped.values())
        print(f"report: {o.dir} holds no night{f', only {left} lines that cannot be used' if left else ''}: run make nightly", file=sys.stderr)
        return 1
    try:
        print(write(o.dir, o.output))
    except history.Unwritable as e:
        print(f"report: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
