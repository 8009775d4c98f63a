"""Dates as written, and the one name that each has in the logic.

Knows how dates are written in English; must not know sentences.  A date is named by ISO 8601
with underscores: date_2024_05_03, date_2024_05, date_05_03.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

MONTHS = str.split("january february march april may june july august september october november december")
_SHORT = {m[:3]: i for i, m in enumerate(MONTHS, 1)} | {"sept": 9}
_DAY = re.compile(r"([12]?\d|3[01])(?:st|nd|rd|th)?")
_YEAR = re.compile(r"[12]\d{3}")
_ISO = re.compile(r"([12]\d{3})[-_/](\d{1,2})[-_/](\d{1,2})")


def month(word: str) -> int | None:
    """1 to 12, or None."""
    low = word.lower().rstrip(".")
    return MONTHS.index(low) + 1 if low in MONTHS else _SHORT.get(low)


_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")


def clock_name(parts: Sequence[str]) -> str | None:
    """The name of a time of day ("5", "pm": 5_pm; "9:30", "a.m.": 9_30_am), or None for other names."""
    if len(parts) != 2 or (half := parts[1].lower().replace(".", "")) not in ("am", "pm"):
        return None
    m = _CLOCK.fullmatch(parts[0])
    return None if m is None else "_".join((str(int(m[1])), *([m[2]] if m[2] else []), half))


def date_name(parts: Sequence[str]) -> str | None:
    """The name of the date that the words of a name write ("5", "May", "2024"), or None for other names."""
    if len(parts) == 1 and (m := _ISO.fullmatch(parts[0])) is not None:
        year, mon, d = (int(g) for g in m.groups())
        return f"date_{year}_{mon:02}_{d:02}" if 1 <= mon <= 12 and 1 <= d <= 31 else None
    months = [n for p in parts if (n := month(p)) is not None]
    rest = [p for p in parts if month(p) is None]
    if len(months) != 1 or len(parts) < 2:
        return None
    days = [m[1] for p in rest if (m := _DAY.fullmatch(p)) is not None and int(m[1])]
    years = [p for p in rest if _YEAR.fullmatch(p)]
    if len(days) > 1 or len(years) > 1 or len(days) + len(years) != len(rest):
        return None
    said = [*years, f"{months[0]:02}", *(f"{int(d):02}" for d in days)]
    return "date_" + "_".join(said)
