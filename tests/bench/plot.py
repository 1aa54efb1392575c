# Copyright (c) 2026 the curator.glance contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The figures as a picture that is legible on white and on black."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from bench import results
from bench.measure import Cost
from bench.results import Results

_MIB = 2**20
_NAMES = 290
_PANEL = 190
_GAP = 24
_TOP = 64
_ROW = 34
_BAR = 18
_FIGURE = 52
_WIDTH = _NAMES + 3 * _PANEL + 2 * _GAP

_STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #57606a; }
    .title { font-weight: 600; }
    .bar { fill: #8c959f; }
    .bar.ours { fill: #2f81f7; }
    .limit { stroke: #d1604d; stroke-width: 2; stroke-dasharray: 4 3; }
    @media (prefers-color-scheme: dark) { text { fill: #b1bac4; } .bar { fill: #6e7681; } }
"""


@dataclass(frozen=True)
class _Panel:
    title: str
    figure: Callable[[Cost], float]
    shown: str


_PANELS = (
    _Panel("time, s", lambda cost: cost.seconds, "{:.1f}"),
    _Panel("memory, MiB", lambda cost: cost.memory / _MIB, "{:.0f}"),
    _Panel("temporary disk, MiB", lambda cost: cost.disk / _MIB, "{:.0f}"),
)


def plot(found: Results) -> str:
    """An SVG: a row for each contender, a panel for each figure."""
    costs = {key: cost for key in found.titles if (cost := found[key])}
    height = _TOP + _ROW * len(costs) + 44
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        f"<title>{escape(_caption(found))}</title>",
        f"<style>{_STYLE}</style>",
        _text(0, 20, _caption(found), "title"),
    ]
    for row, key in enumerate(costs):
        parts.append(_text(0, _middle(row) + 5, found.titles[key]))
    for column, panel in enumerate(_PANELS):
        left = _NAMES + column * (_PANEL + _GAP)
        parts += _panel(panel, left, costs)
    if found.limit is not None and costs:
        parts += _limit(found.limit, _scale(_PANELS[0], costs), height)
    parts.append(_text(0, height - 8, _machine(found)))
    return "\n".join([*parts, "</svg>", ""])


def _panel(panel: _Panel, left: int, costs: dict[str, Cost]) -> list[str]:
    scale = _scale(panel, costs)
    parts = [_text(left, _TOP - 14, panel.title, "title")]
    for row, (key, cost) in enumerate(costs.items()):
        value = panel.figure(cost)
        length = value * scale
        kind = "bar ours" if key == results.OURS else "bar"
        top = _middle(row) - _BAR // 2
        parts += [
            f'<rect class="{kind}" x="{left}" y="{top}" width="{length:.1f}" height="{_BAR}"/>',
            _text(left + length + 5, _middle(row) + 5, panel.shown.format(value)),
        ]
    return parts


def _limit(seconds: float, scale: float, height: int) -> list[str]:
    x, bottom = f"{_NAMES + seconds * scale:.1f}", height - 38
    return [
        f'<line class="limit" x1="{x}" x2="{x}" y1="{_TOP - 6}" y2="{bottom}"/>',
        _text(_NAMES, height - 26, "dashed: download and bare PUT, nothing else"),
    ]


def _scale(panel: _Panel, costs: dict[str, Cost]) -> float:
    """Pixels of one unit: the longest bar leaves room for its figure."""
    return (_PANEL - _FIGURE) / (max(map(panel.figure, costs.values()), default=0) or 1)


def _middle(row: int) -> int:
    return _TOP + row * _ROW + _ROW // 2


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f'<text{mark} x="{x:.1f}" y="{y:.1f}">{escape(words)}</text>'


def _caption(found: Results) -> str:
    sizes = (found.source["size"] / _MIB, found.source["raw_size"] / _MIB)
    return "From URL to a verified raw image: {:.0f} MiB of qcow2, {:.0f} MiB of raw".format(*sizes)


def _machine(found: Results) -> str:
    known = found.machine
    return "; ".join(
        (f"{known['cores']} cores of {known['processor']}", known["memory"], known["cloud"])
    )
