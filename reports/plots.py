"""Geometry of the plots: where values lie on an axis, and what its ticks are called. The template draws, in HTML and SVG whose colours follow the
reader's scheme, so that text stays text: it wraps on a phone, can be selected, and prints.

Positions are shares of an axis' length, 0 to 100.
"""
import math

SUFFIXES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def number(value):
    """A figure with three digits: 0.0123, 4.56, 78.9, 123, 45.6k."""
    if value == 0:
        return "0"
    size = abs(value)
    for limit, suffix in SUFFIXES:
        if size >= limit * 10:
            return f"{value / limit:.3g}{suffix}" if size < limit * 999.5 else f"{value / limit:.0f}{suffix}"
    return f"{value:.0f}" if size >= 99.95 else f"{value:.3g}"


def duration(us):
    """Microseconds, in the unit that suits."""
    if us < 1:
        return f"{us * 1000:.3g} ns"
    if us < 1000:
        return f"{us:.3g} µs"
    return f"{us / 1000:.3g} ms" if us < 1e6 else f"{us / 1e6:.3g} s"


class LogAxis:
    """An axis over positive values, whose ends are powers of the base; never shorter than one power."""

    def __init__(self, values, base, least=None):
        values = [v for v in values if v > 0] + list(least or ())
        low = math.floor(round(math.log(min(values), base), 9)) if values else 0
        high = math.ceil(round(math.log(max(values), base), 9)) if values else 1
        self.base, self.low, self.high = base, low, max(high, low + 1)

    def at(self, value):
        if value <= 0:
            return 0.0
        share = (math.log(value, self.base) - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self, label, most):
        """(position, label, whether it stays where half as many have room) of powers; the zeroth is one of those that stay."""
        step = max(1, math.ceil((self.high - self.low) / most))
        return [(self.at(self.base ** e), label(float(self.base) ** e), e % (2 * step) == 0) for e in range(self.low, self.high + 1) if e % step == 0]


def ratio_label(value):
    return f"{value:g}×" if value >= 1 else f"1/{1 / value:g}"


def round_steps(top, most):
    """Ticks from 0 to at least top, at 1, 2 or 5 times a power of ten."""
    if top <= 0:
        return [0, 1]
    power = 10.0 ** math.floor(math.log10(top / most))
    step = next(s * power for s in (1, 2, 5, 10) if s * power * most >= top * 0.999999)
    return [step * i for i in range(math.ceil(top / step - 1e-6) + 1)]


# A small line chart: the drawing area in units of its view box.
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 340, 150, 44, 10, 10, 22


def line_chart(title, unit, series, nights, label=number):
    """What the template draws: series are (name, [value or None for each of the nights]). A chart begins at zero, so that small changes
    look small."""
    values = [v for _, of in series for v in of if v is not None]
    ticks = round_steps(max(values), 4) if values else [0, 1]
    top = ticks[-1]

    def x(i):
        return LEFT + (WIDTH - LEFT - RIGHT) * (i / (len(nights) - 1) if len(nights) > 1 else 0.5)

    def y(value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top

    lines = []
    for name, of in series:
        pieces, piece = [], []
        for i, value in enumerate(of):
            if value is None:
                pieces, piece = pieces + [piece] * bool(piece), []
            else:
                piece.append((round(x(i), 1), round(y(value), 1), nights[i], label(value)))
        pieces += [piece] * bool(piece)
        last = next((v for v in reversed(of) if v is not None), None)
        lines.append({"name": name, "pieces": pieces, "last": label(last) if last is not None else "none"})
    return {"title": title, "unit": unit, "lines": lines, "ticks": [(round(y(t), 1), label(t)) for t in ticks],
            "first": nights[0][:10], "latest": nights[-1][:10], "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT,
            "bottom": HEIGHT - BOTTOM, "dots": len(nights) <= 40}
