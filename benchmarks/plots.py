"""The pictures of a benchmark's report, and the calibration error that they show.

Knows numbers and matplotlib, which is loaded when something is drawn and needs no display.
Must not know suites or rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from neurosym.errors import ConfigError, InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Pairs = Sequence[tuple[float, bool]]  # confidence in [0, 1], and whether it was right
RIGHT, REST, LINE, GREY = "#2f6f9f", "#dfe6ec", "#b5502f", "#666666"
DPI = 130
MOST_BARS = 40


def expected_calibration_error(pairs: Pairs, bins: int = 10) -> float:
    """The mean distance between confidence and share of right ones, by bins of equal width weighed
    by their size (Guo et al. 2017, On Calibration of Modern Neural Networks, section 2, ECE).

    0 is perfect; no pairs have no error.  Raises InputError for a confidence outside [0, 1] and
    for fewer bins than one.
    """
    return sum(b.n * abs(b.right - b.confidence) for b in binned(pairs, bins)) / max(1, len(pairs))


@dataclass(frozen=True, slots=True)
class Bin:
    """Confidences in [low, high), the last bin with its end: how many, their mean, the share right."""

    low: float
    high: float
    n: int
    confidence: float
    right: float


def binned(pairs: Pairs, bins: int = 10) -> tuple[Bin, ...]:
    """The bins that hold anything, in order.  Raises as `expected_calibration_error`."""
    if bins < 1:
        raise InputError(f"expected at least one bin, not {bins}", document="calibration")
    if bad := next((p for p, _ in pairs if not 0.0 <= p <= 1.0), None):
        raise InputError(f"expected confidences in [0, 1], found {bad}", document="calibration")
    held: dict[int, list[tuple[float, bool]]] = {}
    for p, right in pairs:
        held.setdefault(min(int(p * bins), bins - 1), []).append((p, right))
    return tuple(
        Bin(
            k / bins,
            (k + 1) / bins,
            len(held[k]),
            math.fsum(p for p, _ in held[k]) / len(held[k]),
            sum(right for _, right in held[k]) / len(held[k]),
        )
        for k in sorted(held)
    )


def coverage(pairs: Pairs, n: int) -> tuple[tuple[float, float], ...]:
    """The surest answered first: (share of the `n` items answered, share of these that are right).

    `n` counts the abstentions too, which have no pair.  Items of one confidence come together.
    """
    points, right, taken = [], 0, 0
    for _, same in groupby(sorted(pairs, reverse=True), key=lambda pair: pair[0]):
        for _, good in same:
            right, taken = right + good, taken + 1
        points.append((taken / n, right / taken))
    return tuple(points)


# --- pictures ---------------------------------------------------------------------------------


def must_have_matplotlib() -> None:
    """Raises ConfigError where pictures cannot be drawn."""
    if find_spec("matplotlib") is None:
        raise ConfigError("the report's pictures need matplotlib: pip install 'neurosym-engine[dev]'")


def accuracy_bars(groups: Mapping[str, Sequence[int]], path: Path, title: str = "") -> None:
    """A bar a group: `groups` maps its name to [right, n].  Of more than 40, the first."""
    shown = list(groups.items())[:MOST_BARS]
    names = [name or "all" for name, _ in shown]
    shares = [right / n for _, (right, n) in shown]
    figure, axes = _figure(6.4, 1.3 + 0.34 * len(shown))
    axes.barh(range(len(shown)), [1.0] * len(shown), height=0.66, color=REST)
    axes.barh(range(len(shown)), shares, height=0.66, color=RIGHT)
    for i, (share, (_, (right, n))) in enumerate(zip(shares, shown, strict=True)):
        inside = share > 0.3
        axes.text(
            share - 0.01 if inside else share + 0.01, i, f"{share:.3f}   {right} of {n}",
            va="center", ha="right" if inside else "left", fontsize=8, color="white" if inside else "black",
        )  # fmt: skip
    axes.set_yticks(range(len(shown)), names)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_xlabel("accuracy")
    axes.tick_params(axis="y", length=0)
    if len(groups) > len(shown):
        title = f"{title} (first {len(shown)} of {len(groups)} groups)"
    _save(figure, axes, path, title)


def reliability(pairs: Pairs, path: Path, title: str = "", bins: int = 10) -> None:
    """A reliability diagram (Guo et al. 2017, figure 1): confidence against the share that is right, above
    how many pairs there are of each confidence.  Raises InputError where there are no pairs.
    """
    if not pairs:
        raise InputError("expected at least one pair of confidence and correctness", document=str(path))
    found = binned(pairs, bins)
    figure, axes = _figure(5.2, 5.6)
    axes.set_position((0.14, 0.36, 0.8, 0.55))
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle="--", zorder=3, label="perfect")
    axes.bar(
        [b.low for b in found], [b.right for b in found], width=1 / bins, align="edge",
        color=RIGHT, edgecolor="white", label="share right",
    )  # fmt: skip
    axes.plot(
        [b.confidence for b in found], [b.right for b in found], "o", color=LINE, markersize=4,
        label="at mean confidence", zorder=4,
    )  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_ylabel("share that is right")
    axes.tick_params(labelbottom=False)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncol=3, fontsize=8, frameon=False)
    below = figure.add_axes((0.14, 0.1, 0.8, 0.2))
    below.bar(
        [b.low for b in found], [b.n for b in found], width=1 / bins, align="edge", color=REST, edgecolor=GREY
    )
    below.set_yscale("symlog", linthresh=1)
    below.set_xlim(0, 1)
    below.set_xlabel("confidence")
    below.set_ylabel("count (log)")
    _plain(below)
    error = expected_calibration_error(pairs, bins)
    _save(figure, axes, path, f"{title}\n{len(pairs)} pairs, calibration error {error:.3f}".strip(), 24)


def coverage_curve(pairs: Pairs, n: int, path: Path, title: str = "") -> None:
    """Accuracy of what is answered against the share of the `n` items answered, the surest first."""
    points = coverage(pairs, n)
    figure, axes = _figure(5.6, 4.2)
    axes.step([0, *(x for x, _ in points)], [points[0][1] if points else 1, *(y for _, y in points)],
              where="pre", color=RIGHT, linewidth=1.8)  # fmt: skip
    low = min((y for _, y in points), default=1.0)
    floor = max(0.0, math.floor(20 * (low - 0.02)) / 20)
    axes.set_xlim(0, 1.005)
    axes.set_ylim(floor, 1 + 0.02 * (1 - floor))
    axes.set_ylabel("share of these that is right")
    axes.grid(color=REST, linewidth=0.8)
    end = ""  # said below the axis: beside the last point it lies over one curve or another
    if points:
        x, y = points[-1]
        axes.plot([x], [y], "o", color=LINE, markersize=5, clip_on=False, zorder=4)
        end = f"\nat the end: {100 * y:.1f} % right of {100 * x:.1f} % answered"
    axes.set_xlabel(f"share of all items answered, the surest first{end}")
    _save(figure, axes, path, title)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure without pyplot, so without its state and any display."""
    must_have_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _plain(axes)
    return figure, axes


def _plain(axes: Axes) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    for label in (axes.xaxis.label, axes.yaxis.label):
        label.set_fontsize(9)


def _save(figure: Figure, axes: Axes, path: Path, title: str, above: float = 6) -> None:
    """Write a PNG that is the same in every run.  Raises InputError where that cannot be."""
    if title:
        axes.set_title(title, fontsize=10, loc="left", pad=above)
    try:
        figure.savefig(path, format="png", bbox_inches="tight", metadata={"Software": None})
    except OSError as e:
        raise InputError(f"cannot be written: {e.strerror}", document=str(path)) from e
