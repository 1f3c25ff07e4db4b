"""Small drawings for reports and pages, as SVG text of our own.

They must survive a black and white copier: series differ by pattern, dash and marker and only then by colour. A missing
value is never drawn as zero; it is a dashed outline that says 「无法判定」. Charts draw numbers and do not judge them.
Every chart comes with its content in words. The drawings name fonts but hold none: the reader's medium supplies them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from junheng.core.errors import EngineError
from junheng.reports.document import require_printable

__all__ = ["Chart", "Series", "bars", "cv_bars", "radar", "trend"]

CANNOT_TELL = "无法判定"
_FONTS = "'Noto Sans SC', SimHei, 'Microsoft YaHei', sans-serif"
_INK, _MUTED, _GRID, _STANDARD = "#1f2933", "#4b5563", "#d4d9e0", "#b00020"
_MAX_SERIES = 4
_EDGES = {1: 5, 1.2: 6, 1.5: 6, 2: 4, 2.5: 5, 3: 6, 4: 4, 5: 5, 6: 6, 8: 4, 10: 5}
"""Upper edges of a scale, as multiples of a power of ten, and the number of grid steps that divide each well."""


@dataclass(frozen=True, slots=True)
class _Style:
    colour: str
    pattern: str
    dash: str
    marker: str


_STYLES = (
    _Style("#1550a0", "", "", "circle"),
    _Style(
        "#c8500a", '<path d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" stroke="#fff" stroke-width="1.6"/>', "6 3", "triangle"
    ),
    _Style("#2f7d4f", '<circle cx="3" cy="3" r="1.5" fill="#fff"/>', "2 2", "square"),
    _Style("#6b4a9e", '<path d="M0 3 H6 M3 0 V6" stroke="#fff" stroke-width="1.2"/>', "8 3 2 3", "diamond"),
)


@dataclass(frozen=True, slots=True)
class Series:
    """One named row of numbers, each finite and not negative; None is missing. `limit` is its own limit line."""

    name: str
    values: tuple[float | None, ...]
    limit: float | None = None

    def __post_init__(self) -> None:
        require_printable(self.name)
        for value in (*self.values, self.limit):
            if value is not None and not (math.isfinite(value) and value >= 0):
                raise EngineError(f"图中序列「{self.name}」的数值必须是不小于 0 的有限数，收到 {value}")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing (`svg`, with a viewBox) and what it shows in words (`alt`)."""

    svg: str
    alt: str


def cv_bars(title: str, categories: Sequence[str], series: Sequence[Series], *, decimals: int = 3) -> Chart:
    """Grouped bars with a dashed limit line per series and the value on each bar; made for coefficients of variation."""
    _check(categories, series)
    canvas = _Canvas(680, 330)
    plot = _Plot(48, 62, 680 - 48 - 104, 330 - 62 - 44, _ceiling(_numbers(series)))
    canvas.heading(title, [item.name for item in series])
    plot.draw_scale(canvas)
    slot = plot.width / len(categories)
    width = min(30.0, slot * 0.8 / len(series))
    placed: list[_Bar] = []
    for index, category in enumerate(categories):
        middle = plot.left + slot * (index + 0.5)
        canvas.wrapped(middle, plot.bottom + 16, category, slot - 4)
        for order, item in enumerate(series):
            left = middle + width * (order - len(series) / 2)
            placed.append(_Bar(left, width, item.values[index], order))
    for bar in placed:
        bar.draw(canvas, plot)
    _draw_limits(canvas, plot, series, decimals=2)
    for bar in placed:
        bar.draw_value(canvas, plot, decimals)
    return canvas.finish(_alt(title, categories, series, decimals))


def radar(title: str, axes: Sequence[str], series: Sequence[Series], *, standard: float = 100) -> Chart:
    """A web with one axis per item; the ring at `standard` stands out. Values above twice the standard end at the rim."""
    _check(axes, series)
    if len(axes) < 3 or standard <= 0:
        raise EngineError("雷达图至少要有 3 个指标，标准值必须大于 0")
    canvas = _Canvas(460, 400)
    canvas.heading(title, [*(item.name for item in series)], standard=f"标准＝{standard:g}")
    web = _Web(230, 222, 122, len(axes), min(2 * standard, max(1.5 * standard, _top(series))))
    _draw_web(canvas, web, axes, series, standard)
    for order, item in enumerate(series):
        _draw_ring(canvas, web, item, order)
    canvas.text(web.x + 6, web.point(0, standard)[1] + 12, f"{standard:g}", size=10, anchor="start", fill=_STANDARD)
    return canvas.finish(_alt(title, axes, series, 1))


def bars(
    title: str,
    items: Sequence[tuple[str, float | None]],
    *,
    unit: str = "",
    limit: float | None = None,
    decimals: int = 1,
) -> Chart:
    """Horizontal bars, one per item, with an optional limit line across them. For shares and counts."""
    series = Series(title, tuple(value for _name, value in items), limit)
    names = [name for name, _value in items]
    _check(names, [series])
    canvas = _Canvas(640, 62 + 30 * len(items))
    canvas.heading(title, [])
    left = 20 + min(220.0, max(_text_width(name, 12) for name in names))
    plot = _Plot(left, 40, 640 - left - 80, 30.0 * len(items), _ceiling(_numbers([series])))
    for row, (name, value) in enumerate(items):
        canvas.fitted(left - 8, plot.top + 30 * row + 19, name, left - 12, anchor="end")
        if value is not None:
            canvas.rect(left, plot.top + 30 * row + 6, plot.width * value / plot.maximum, 18, fill=_STYLES[0].colour)
    canvas.line(left, plot.top, left, plot.bottom, _INK)
    if limit is not None:
        x = left + plot.width * limit / plot.maximum
        canvas.line(x, plot.top - 4, x, plot.bottom + 4, _STANDARD, dash="5 3", width=1.4)
        canvas.text(x, plot.bottom + 17, f"标准 {limit:g}{unit}", size=11, fill=_STANDARD)
    for row, (_name, value) in enumerate(items):
        _draw_end(canvas, plot, row, value, "" if value is None else f"{value:.{decimals}f}{unit}")
    return canvas.finish(_alt(title, names, [series], decimals))


def trend(title: str, periods: Sequence[str], series: Sequence[Series], *, decimals: int = 3) -> Chart:
    """Lines over periods with a marker and value at each point; the line breaks at a missing value, which is named."""
    _check(periods, series)
    canvas = _Canvas(680, 320)
    plot = _Plot(48, 62, 680 - 48 - 104, 320 - 62 - 36, _ceiling(_numbers(series)))
    canvas.heading(title, [item.name for item in series])
    plot.draw_scale(canvas)
    slot = plot.width / len(periods)
    xs = [plot.left + slot * (index + 0.5) for index in range(len(periods))]
    for x, period in zip(xs, periods, strict=True):
        canvas.wrapped(x, plot.bottom + 16, period, slot - 4)
    _draw_limits(canvas, plot, series, decimals=2)
    for order in range(len(series)):
        _draw_trend(canvas, plot, xs, series, order)
    for order in range(len(series)):
        _draw_points(canvas, plot, xs, series, order, decimals)
    return canvas.finish(_alt(title, periods, series, decimals))


class _Canvas:
    """Collects SVG elements; every text that goes in is escaped here."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none") -> None:
        box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self.parts.append(f'<rect {box} fill="{fill}" stroke="{stroke}"/>')

    def filled(self, x: float, y: float, width: float, height: float, order: int) -> None:
        """A box in the colour of a series with its pattern on top: two layers, so that no seam shows between tiles."""
        self.rect(x, y, width, height, fill=_STYLES[order].colour)
        if _STYLES[order].pattern:
            self.rect(x, y, width, height, fill=f"url(#junheng-{order})")

    def gap(self, x: float, y: float, width: float, height: float) -> None:
        box = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self.parts.append(f'<rect {box} fill="#fff" stroke="{_MUTED}" stroke-dasharray="3 2"/>')

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, *, dash: str = "", width: float = 1
    ) -> None:
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
        self.parts.append(f'<line {ends} stroke="{colour}" stroke-width="{_n(width)}"{dashed}/>')

    def path(self, points: Sequence[tuple[float, float]], colour: str, *, dash: str = "", closed: bool = False) -> None:
        if len(points) < 2:
            return
        steps = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in points) + (" Z" if closed else "")
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<path d="{steps}" fill="none" stroke="{colour}" stroke-width="1.8"{dashed}/>')

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 12,
        anchor: str = "middle",
        fill: str = _INK,
        turned: bool = False,
    ) -> None:
        require_printable(text)
        turn = f' transform="rotate(-90 {_n(x)} {_n(y)})"' if turned else ""
        place = f'x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}" fill="{fill}"{turn}'
        place += ' stroke="#fff" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"'
        self.parts.append(f"<text {place}>{_xml(text)}</text>")

    def fitted(self, x: float, y: float, text: str, width: float, *, anchor: str = "middle", size: float = 12) -> None:
        """A text in letters so small that it fits, down to 5 points."""
        natural = _text_width(text, size)
        self.text(x, y, text, anchor=anchor, size=size if natural <= width else max(5.0, size * width / natural))

    def wrapped(self, x: float, y: float, text: str, width: float) -> None:
        """A text on one line, or cut in two lines of equal length when it is wider than its place."""
        if _text_width(text, 12) <= width:
            self.text(x, y, text)
            return
        half = math.ceil(len(text) / 2)
        self.fitted(x, y, text[:half], width)
        self.fitted(x, y + 14, text[half:], width)

    def marker(self, x: float, y: float, order: int) -> None:
        style = _STYLES[order]
        if style.marker == "circle":
            self.parts.append(f'<circle cx="{_n(x)}" cy="{_n(y)}" r="3.6" fill="{style.colour}" stroke="#fff"/>')
            return
        shapes = {
            "triangle": ((0, -4.8), (4.4, 3.2), (-4.4, 3.2)),
            "square": ((-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)),
            "diamond": ((0, -5), (4, 0), (0, 5), (-4, 0)),
        }
        points = " ".join(f"{_n(x + dx)},{_n(y + dy)}" for dx, dy in shapes[style.marker])
        self.parts.append(f'<polygon points="{points}" fill="{style.colour}" stroke="#fff"/>')

    def heading(self, title: str, names: Sequence[str], *, standard: str = "") -> None:
        """The title on top and, below, the legend: one patterned box per series, and the standard's dotted line."""
        self.fitted(self.width / 2, 20, title, self.width - 20, size=15)
        labels = [*names, standard] if standard else list(names)
        x = self.width / 2 - sum(_text_width(label, 12) + 44 for label in labels) / 2 + 8
        for order, label in enumerate(labels):
            if order < len(names):
                self.filled(x, 32, 20, 11, order)
                self.marker(x + 10, 37.5, order)
            else:
                self.line(x, 37.5, x + 20, 37.5, _STANDARD, dash="2 2", width=2)
            self.text(x + 25, 42, label, anchor="start")
            x += _text_width(label, 12) + 44

    def finish(self, alt: str) -> Chart:
        patterns = "".join(
            f'<pattern id="junheng-{order}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f"{style.pattern}</pattern>"
            for order, style in enumerate(_STYLES)
            if style.pattern
        )
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" role="img" '
            f'font-family="{_FONTS}"><title>{_xml(alt)}</title><defs>{patterns}</defs>{"".join(self.parts)}</svg>'
        )
        return Chart(svg, alt)


@dataclass(frozen=True, slots=True)
class _Plot:
    """The rectangle that values are drawn in, and the value at its upper edge."""

    left: float
    top: float
    width: float
    height: float
    maximum: float

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def right(self) -> float:
        return self.left + self.width

    def y(self, value: float) -> float:
        return self.bottom - self.height * value / self.maximum

    def draw_scale(self, canvas: _Canvas) -> None:
        steps = _steps(self.maximum)
        for step in range(steps + 1):
            value = self.maximum * step / steps
            canvas.line(self.left, self.y(value), self.right, self.y(value), _GRID if step else _INK)
            canvas.text(self.left - 6, self.y(value) + 4, f"{value:.4g}", anchor="end", size=11, fill=_MUTED)


@dataclass(frozen=True, slots=True)
class _Web:
    """The circle of a radar chart: middle, radius, number of axes, and the value at the rim."""

    x: float
    y: float
    radius: float
    axes: int
    maximum: float

    def point(self, axis: int, value: float) -> tuple[float, float]:
        angle = 2 * math.pi * axis / self.axes
        reach = self.radius * min(value, self.maximum) / self.maximum
        return self.x + reach * math.sin(angle), self.y - reach * math.cos(angle)

    def ring(self, value: float) -> list[tuple[float, float]]:
        return [self.point(axis, value) for axis in range(self.axes)]


@dataclass(frozen=True, slots=True)
class _Bar:
    """One upright bar of a grouped chart. Bars, limit lines and values are drawn in this order, one above the other."""

    left: float
    width: float
    value: float | None
    order: int

    def draw(self, canvas: _Canvas, plot: _Plot) -> None:
        if self.value is None:
            canvas.gap(self.left + 1, plot.bottom - 52, self.width - 2, 52)
            canvas.text(self.left + self.width / 2 + 3.5, plot.bottom - 26, CANNOT_TELL, size=10, turned=True)
            return
        top = plot.y(self.value)
        canvas.filled(self.left + 1, top, self.width - 2, plot.bottom - top, self.order)

    def draw_value(self, canvas: _Canvas, plot: _Plot, decimals: int) -> None:
        if self.value is None:
            return
        middle, above = self.left + self.width / 2, plot.y(self.value) - 4
        label = f"{self.value:.{decimals}f}"
        if _text_width(label, 10) <= self.width + 4:
            canvas.text(middle, above, label, size=10)
        else:
            canvas.text(middle + 3.5, above, label, size=9, anchor="start", turned=True)


def _draw_limits(canvas: _Canvas, plot: _Plot, series: Sequence[Series], *, decimals: int) -> None:
    lowest = -math.inf
    marked = [(item.limit, order) for order, item in enumerate(series) if item.limit is not None]
    for limit, order in sorted(marked, reverse=True):
        style = _STYLES[order]
        y = plot.y(limit)
        canvas.line(plot.left, y, plot.right, y, style.colour, dash=style.dash or "7 4", width=1.6)
        lowest = max(y + 4, lowest + 14)
        label = f"{series[order].name} ≤ {limit:.{decimals}f}"
        canvas.fitted(plot.right + 6, lowest, label, 96, anchor="start", size=11)


def _draw_end(canvas: _Canvas, plot: _Plot, row: int, value: float | None, label: str) -> None:
    """The number behind a lying bar, or the outline that stands for a missing one."""
    top = plot.top + 30 * row + 6
    if value is None:
        canvas.gap(plot.left, top, 70, 18)
        canvas.text(plot.left + 35, top + 13, CANNOT_TELL, size=11)
        return
    canvas.text(plot.left + plot.width * value / plot.maximum + 5, top + 13, label, anchor="start", size=11)


def _draw_web(canvas: _Canvas, web: _Web, axes: Sequence[str], series: Sequence[Series], standard: float) -> None:
    for part in (0.5, 1.5, 2.0):
        if part * standard <= web.maximum:
            canvas.path(web.ring(part * standard), _GRID, closed=True)
    for axis, name in enumerate(axes):
        x, y = web.point(axis, web.maximum)
        canvas.line(web.x, web.y, x, y, _GRID)
        unknown = [item.name for item in series if item.values[axis] is None]
        _axis_label(canvas, web, axis, name, f"（{'、'.join(unknown)}{CANNOT_TELL}）" if unknown else "")
    canvas.path(web.ring(standard), _STANDARD, dash="2 2", closed=True)


def _axis_label(canvas: _Canvas, web: _Web, axis: int, name: str, below: str) -> None:
    angle = 2 * math.pi * axis / web.axes
    x = web.x + (web.radius + 12) * math.sin(angle)
    y = web.y - (web.radius + 14) * math.cos(angle) + 4
    side = math.sin(angle)
    anchor = "middle" if abs(side) < 0.1 else "start" if side > 0 else "end"
    room = 200.0 if anchor == "middle" else canvas.width - x - 2 if anchor == "start" else x - 2
    if below and math.cos(angle) > 0.9:
        y -= 12
    canvas.fitted(x, y, name, room, anchor=anchor)
    if below:
        canvas.fitted(x, y + 13, below, room, anchor=anchor, size=10)


def _draw_ring(canvas: _Canvas, web: _Web, item: Series, order: int) -> None:
    style = _STYLES[order]
    points = [None if value is None else web.point(axis, value) for axis, value in enumerate(item.values)]
    known = [point for point in points if point is not None]
    if len(known) == len(points):
        canvas.path(known, style.colour, dash=style.dash, closed=True)
    else:
        for start, end in zip(points, [*points[1:], points[0]], strict=True):
            if start is not None and end is not None:
                canvas.path([start, end], style.colour, dash=style.dash)
    for x, y in known:
        canvas.marker(x, y, order)


def _draw_trend(canvas: _Canvas, plot: _Plot, xs: Sequence[float], series: Sequence[Series], order: int) -> None:
    stretch: list[tuple[float, float]] = []
    for x, value in zip(xs, series[order].values, strict=True):
        if value is not None:
            stretch.append((x, plot.y(value)))
            continue
        canvas.path(stretch, _STYLES[order].colour, dash=_STYLES[order].dash)
        stretch = []
    canvas.path(stretch, _STYLES[order].colour, dash=_STYLES[order].dash)


def _draw_points(
    canvas: _Canvas, plot: _Plot, xs: Sequence[float], series: Sequence[Series], order: int, decimals: int
) -> None:
    item = series[order]
    for index, (x, value) in enumerate(zip(xs, item.values, strict=True)):
        if value is None:
            canvas.text(x, plot.bottom - 8 - 14 * order, f"{item.name}{CANNOT_TELL}", size=10, fill=_MUTED)
        else:
            canvas.marker(x, plot.y(value), order)
            canvas.text(x, plot.y(value) + _label_shift(series, order, index), f"{value:.{decimals}f}", size=10)


def _label_shift(series: Sequence[Series], order: int, index: int) -> float:
    """Where a point's number stands: below the point when another series is above it here, else above."""
    own = series[order].values[index] or 0.0
    others = [item.values[index] for place, item in enumerate(series) if place != order]
    is_lower = any(other is not None and other > own for other in others)
    return 16 if is_lower else -8


def _check(categories: Sequence[str], series: Sequence[Series]) -> None:
    if not categories or not 1 <= len(series) <= _MAX_SERIES:
        raise EngineError(f"图至少要有一个类别，序列应有 1 至 {_MAX_SERIES} 个，收到 {len(series)} 个")
    for item in series:
        if len(item.values) != len(categories):
            raise EngineError(f"图中序列「{item.name}」有 {len(item.values)} 个数，类别有 {len(categories)} 个")


def _numbers(series: Sequence[Series]) -> list[float]:
    numbers = [value for item in series for value in item.values if value is not None]
    return numbers + [item.limit for item in series if item.limit is not None]


def _top(series: Sequence[Series]) -> float:
    return max(_numbers(series), default=0.0)


def _ceiling(numbers: Sequence[float]) -> float:
    """The upper edge of a scale: some grid steps above all given numbers; 1 when there is nothing to show."""
    top = 1.08 * max(numbers, default=0.0)
    if top <= 0:
        return 1.0
    unit = 10.0 ** math.floor(math.log10(top))
    return next(unit * edge for edge in _EDGES if unit * edge >= top)


def _steps(maximum: float) -> int:
    """How many grid steps of a plain size (1, 2, 2.5 or 5 times a power of ten) divide a scale: 0.6 → 6, 2.5 → 5."""
    unit = 10.0 ** math.floor(math.log10(maximum) + 1e-9)
    return _EDGES[min(_EDGES, key=lambda edge: abs(unit * edge - maximum))]


def _alt(title: str, categories: Sequence[str], series: Sequence[Series], decimals: int) -> str:
    sentences = []
    for item in series:
        values = "，".join(
            f"{name} {CANNOT_TELL if value is None else format(value, f'.{decimals}f')}"
            for name, value in zip(categories, item.values, strict=True)
        )
        limit = "" if item.limit is None else f"（限值 {item.limit:g}）"
        name = "" if item.name == title else item.name
        sentences.append(f"{name}{limit}：{values}" if name or limit else values)
    return f"{title}。{'；'.join(sentences)}。"


def _text_width(text: str, size: float) -> float:
    return size * sum(1.0 if ord(character) > 0x2E7F else 0.58 for character in text)


def _n(number: float) -> str:
    """A coordinate with at most two decimals, without needless zeros: 12.50 → 12.5, −0.00 → 0."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _xml(text: str) -> str:
    return escape(text, {'"': "&quot;", "'": "&apos;"})
