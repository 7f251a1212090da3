"""The page in a real browser: no script error, filters, phones, both schemes, paper, no scripts, markup in messages, thousands of rules."""
import os
import tempfile
import unittest

import browser
import fixture
import tap

import page

# The least contrast of text and what is behind it, with where it is: at least 4.5 is legible (WCAG AA).
CONTRAST = """(() => {
  const parse = (c) => (c.match(/[\\d.]+/g) || []).map(Number);
  const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
  let worst = [99, ""];
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), ink = e.closest("svg") ? style.fill : style.color;
    const [a, b] = [light(parse(ink).slice(0, 3)), light(behind(e))].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + "." + (e.className.baseVal ?? e.className) + ": " + e.textContent.slice(0, 30)];
  }
  return worst;
})()"""
SHOWN = "[...document.querySelectorAll('#matrix > tbody')].filter((b) => b.getClientRects().length)"
# What sticks out of the page, other than inside a box that scrolls.
WIDE = """(() => { const all = [...document.querySelectorAll("body *")].filter((e) => !e.closest(".box") && !e.closest("svg *") && e.getClientRects().length &&
  e.getBoundingClientRect().right > document.documentElement.clientWidth + 1); return [document.documentElement.scrollWidth - document.documentElement.clientWidth, all.map((e) => e.tagName + "." + e.className).slice(0, 3).join()]; })()"""


class BrowserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="gomem page ")
        fixture.write(cls.folder.name)
        cls.path = page.write(cls.folder.name)
        cls.browser = browser.Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.trouble.clear()
        self.browser.requests.clear()

    def tearDown(self):
        self.assertEqual(self.browser.trouble, [])
        self.assertEqual([u for u in self.browser.requests if not u.startswith("file://") or not u.endswith("report.html")], [])

    def choose(self, **values):
        for name, value in values.items():
            self.browser.ask(f"(() => {{ const e = document.getElementById({name!r}); e.value = {value!r}; e.dispatchEvent(new Event('input', {{bubbles: true}})); }})()")

    def shown(self, what="b.dataset.state"):
        return self.browser.ask(f"{SHOWN}.map((b) => {what})")

    def test_markup(self):
        """browser: markup in messages is text"""
        self.browser.open(self.path)
        self.assertEqual(self.browser.ask("[document.scripts.length, document.images.length, typeof window.broken]"), [1, 0, "undefined"])
        self.assertIn("<script>window.broken = 1</script>", self.browser.ask("document.querySelector('#rules .message').textContent"))

    def test_filters(self):
        """browser: the filters choose by result, area, strength, lane and words, and say how many"""
        self.browser.open(self.path)
        everything = len(self.shown())
        self.assertEqual(everything, 40)
        self.choose(state="bad")
        bad = self.shown()
        self.assertEqual((set(bad), 0 < len(bad) < everything), ({"bad"}, True))
        self.assertEqual(self.browser.ask("document.getElementById('shown').textContent"), f"{len(bad)} of 40 rules")
        self.choose(lane="0")
        self.assertEqual(self.shown(), [])
        self.choose(lane="1")
        self.assertEqual(len(self.shown()), len(bad))
        self.choose(lane="", state="", area="GC")
        self.assertEqual(set(self.shown("b.dataset.area")), {"GC"})
        self.choose(strength="IMPL")
        self.assertEqual(set(self.shown("b.dataset.area + b.dataset.strength")), {"GCIMPL"})
        self.choose(area="", strength="", find="alloc/CASE0 WINDOW")
        self.assertEqual(self.shown("b.rows[0].cells[0].firstChild.data.trim()"), ["ALLOC.RULE0"])
        self.choose(find="nothing has this")
        self.assertEqual(self.shown(), [])
        self.choose(find="")
        self.assertEqual(len(self.shown()), everything)

    def test_narrow(self):
        """browser: nothing is wider than the screen, on phones and on a desk; wide tables scroll in their own boxes"""
        for width in (320, 390, 768, 1280):
            self.browser.open(self.path, width=width, height=844)
            self.browser.ask("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
            self.assertEqual(self.browser.ask(WIDE), [0, ""], f"at {width} px")
        self.browser.open(self.path, width=390, height=844)
        self.assertTrue(self.browser.ask("[...document.querySelectorAll('.box')].some((b) => b.scrollWidth > b.clientWidth)"))

    def test_schemes(self):
        """browser: light and dark are two, and all text is legible in both"""
        papers = []
        for scheme in ("light", "dark"):
            self.browser.open(self.path, scheme=scheme)
            papers.append(self.browser.ask("getComputedStyle(document.body).backgroundColor"))
            ratio, where = self.browser.ask(CONTRAST)
            self.assertGreaterEqual(ratio, 4.5, f"{scheme}: {where}")
        self.assertEqual(papers, ["rgb(255, 255, 255)", "rgb(18, 22, 28)"])

    def test_without_scripts(self):
        """browser: without scripts everything is there but the filters"""
        self.browser.open(self.path, scripts=False)
        self.assertEqual(len(self.shown()), 40)
        self.assertTrue(self.browser.ask("document.getElementById('filters').hidden"))

    def test_paper(self):
        """browser: on paper nothing is cut off by a box"""
        self.browser.open(self.path, width=1100, media="print", scheme="dark")
        self.assertEqual(self.browser.ask("[...document.querySelectorAll('.box, .problems')].filter((b) => getComputedStyle(b).overflowY !== 'visible').length"), 0)
        self.assertEqual(self.browser.ask("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)")
        self.assertEqual(self.browser.ask("getComputedStyle(document.querySelector('nav')).display"), "none")

    def test_sections(self):
        """browser: every section of a whole night is there and has something in it, and the links lead to them"""
        self.browser.open(self.path)
        self.assertEqual(self.browser.ask("[...document.querySelectorAll('nav a')].filter((a) => !document.querySelector(a.hash)).length"), 0)
        counts = self.browser.ask("['#lanes tbody tr', '#changes tr', '#areas tbody tr', '#ratios .fill', '#pauses .point', '#footprint .fill', '#faults tbody tr', "
                                  "'#trends polyline'].map((s) => document.querySelectorAll(s).length)")
        self.assertEqual(counts, [7, 9, 4, 11, 10, 4, 3, 10])

    def test_thousands(self):
        """browser: four thousand cases, and a filter over them"""
        with tempfile.TemporaryDirectory(prefix="gomem page ") as folder:
            fixture.write(folder, nights=1, cases=4000, areas=("alloc", "x" * 60))
            self.browser.open(page.write(folder), width=390, height=844)
            self.assertEqual(len(self.shown()), 2000)
            self.choose(state="bad")
            self.assertLess(len(self.shown()), 600)
            self.assertEqual(self.browser.ask(WIDE), [0, ""])


if __name__ == "__main__":
    if not os.path.exists("/usr/bin/chromium"):
        print("Bail out! chromium is missing: run scripts/setup")
        raise SystemExit(1)
    tap.main()
