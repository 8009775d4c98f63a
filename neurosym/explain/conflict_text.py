"""Contradictions in words: which claims cannot hold together, what gives way, what still follows.

Reads the plain data of neurosym.repairs.  Computes nothing: a text is as trustworthy as the
certificates in that data, and says where there are none.  Must not know any solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from neurosym.explain.sources import Voice, source_view, voice
from neurosym.logic import Formula
from neurosym.repairs import Conflict, Conflicts, RelativeAnswer, Repair, Stance
from neurosym.theory import Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Proved, Unknown, Verdict

LIMIT = 12  # lines of a list before "and n more"


def conflicts_text(
    theory: Theory, found: Conflicts, hints: Mapping[str, str] | None = None, limit: int = LIMIT
) -> str:
    """The minimal conflicts of `theory`, each claim with its sentence, label, source and score.

    `hints` gives predicate symbols a part of speech; `limit` is how many conflicts, and claims of
    each, are shown.  Raises InputError where a label is not in `theory`.
    """
    if not found.conflicts:
        if found.complete:
            return "The claims are consistent: there is a model of them."
        return f"No contradiction was found, but the search was cut short: {found.reason}."
    v = _voice(theory, found.conflicts, (), (), found.held, hints, limit)
    n = len(found.conflicts)
    head = f"The claims contradict each other in {'one way' if n == 1 else f'{n} ways'}"
    lines = [f"{head}:" if found.complete else f"{head} at least ({found.reason}):"]
    for i, c in enumerate(found.conflicts[:limit], 1):
        lines += _conflict(i, c, v)
    if n > limit:
        lines.append(f"and {n - limit} more")
    return "\n".join([*lines, *_held(found.held, v)])


def repair_text(
    theory: Theory, repair: Repair, hints: Mapping[str, str] | None = None, limit: int = LIMIT
) -> str:
    """What gives way so that the rest of `theory` is consistent, and because of which conflicts.

    Raises InputError where a label is not in `theory`.
    """
    if repair.kept is None:
        return f"No consistent part of the claims was found: {repair.reason}."
    if not repair.dropped:
        sure = "The claims are consistent: nothing has to give way."
        return sure if repair.verdict else f"No contradiction was found ({repair.reason})."
    v = _voice(theory, repair.conflicts, repair.dropped, (), repair.held, hints, limit)
    how = "the most probable consistent choice" if repair.optimal else "a choice that may not be the best"
    if repair.optimal and any(x in repair.held for c in repair.conflicts for x in c.beside):
        how += " that keeps what is held fixed"
    n = len(repair.dropped)
    lines = [f"{'One claim gives' if n == 1 else f'{n} claims give'} way, {how}:"]
    for label in repair.dropped[:limit]:
        lines.append(f"  - {_claim(label, v)}")
        lines += [
            f"      against {_names(x for x in c.labels if x != label)}"
            for c in repair.conflicts
            if label in c.labels
        ]
    if n > limit:
        lines.append(f"  and {n - limit} more")
    if repair.certain:
        lines.append(
            f"Of these, {_names(repair.certain)} had no doubt on record: nothing less certain will do."
        )
    if repair.verdict is None:
        lines.append("That the rest is consistent is not certified.")
    if not repair.optimal and repair.reason:
        lines.append(f"Why it may not be the best: {repair.reason}.")
    return "\n".join([*lines, *_held(repair.held, v)])


def relative_text(
    theory: Theory, answer: RelativeAnswer, hints: Mapping[str, str] | None = None, limit: int = LIMIT
) -> str:
    """In how many maximal consistent subsets the goal follows, and what each of them gives up.

    Raises InputError where a label is not in `theory`.
    """
    dropped = [x for s, _ in answer.answers for x in s.dropped]
    v = _voice(theory, answer.conflicts, dropped, (answer.goal,), answer.held, hints, limit)
    said = v.say(answer.goal)
    if not answer.answers:
        return f"Unknown: {said} ({answer.reason})"
    lines = [_summary(answer, said)]
    for subset, verdict in answer.answers[:limit]:
        without = f"without {_names(subset.dropped)}" if subset.dropped else "with all claims"
        doubt = "" if subset.verdict else ", if the rest is consistent, which is not certified"
        lines.append(f"  - {without}: {_word(verdict)}{doubt}")
    if (more := len(answer.answers) - limit) > 0:
        lines.append(f"  and {more} more")
    return "\n".join([*lines, *_held(answer.held, v)])


def _summary(answer: RelativeAnswer, said: str) -> str:
    several = len(answer.answers) > 1
    scope = "every consistent part of the claims" if answer.complete else "every consistent part looked at"
    match answer.stance, answer.denied:
        case Stance.CAUTIOUS, _:
            text = f"Yes, whichever claims give way: {said} (it follows from {scope})"
        case _, Stance.CAUTIOUS:
            text = f"No, whichever claims give way: {said} (its negation follows from {scope})"
        case Stance.BRAVE, Stance.BRAVE:
            text = (
                f"It depends on what gives way: {said} (it follows from some parts, its negation from others)"
            )
        case Stance.BRAVE, _:
            text = f"Perhaps: {said} (it follows from some consistent parts, not from all)"
        case _, Stance.BRAVE:
            text = f"Perhaps not: {said} (its negation follows from some consistent parts, not from all)"
        case _:
            text = f"Unknown: {said} (it follows from no consistent part, nor does its negation)"
    if not several:
        text = text.replace(", whichever claims give way", "")
    return text if answer.complete else f"{text}; not all parts were looked at: {answer.reason}"


def _word(verdict: Verdict) -> str:
    match verdict:
        case Proved():
            return "it follows"
        case Disproved():
            return "its negation follows"
        case Both():
            return "both it and its negation are derivable"
        case Inconsistent():
            return "still contradictory"
        case Unknown(reason, _, certificate):
            return f"unknown ({reason})" if certificate is None else "it is open, and provably so"
        case _:
            assert_never(verdict)


def _conflict(number: int, c: Conflict, v: Voice) -> list[str]:
    minimal = "any one of them less, and they are consistent" if c.minimal else "maybe fewer would do"
    if not c.labels:
        lines = [f"{number}. Claims that are held fixed contradict each other:"]
    elif len(c.labels) == 1:
        lines = [f"{number}. This cannot hold:"]
    else:
        lines = [f"{number}. These {len(c.labels)} cannot all hold ({minimal}):"]
    lines += [f"  - {_claim(x, v)}" for x in c.labels[: v.limit]]
    if (more := len(c.labels) - v.limit) > 0:
        lines.append(f"  and {more} more")
    if c.beside:
        few = c.beside[: v.limit]
        rest = f" and {len(c.beside) - len(few)} more" if len(c.beside) > len(few) else ""
        lines.append(f"  beside {', '.join(few)}{rest}")
    return lines


def _claim(label: str, v: Voice) -> str:
    c = v.get(label)
    source = source_view(c)
    text = f"{source.place}: {source.text}" if source.place and source.text else source.place or source.text
    origin = f", {text}" if text else ""
    return f"{v.say(c.formula)}  [{label}, score {c.score:g}{origin}]"


def _names(labels: Iterable[str]) -> str:
    *init, last = tuple(labels) or ("itself",)
    return f"{', '.join(init)} and {last}" if init else last


def _held(held: tuple[str, ...], v: Voice) -> list[str]:
    """A word on claims that were never taken out."""
    if not held:
        return []
    few = held[: v.limit]
    rest = f" and {len(held) - len(few)} more" if len(held) > len(few) else ""
    return [f"Held fixed, since something rests on their absence: {', '.join(few)}{rest}."]


def _voice(
    theory: Theory,
    conflicts: Iterable[Conflict],
    labels: Iterable[str],
    extra: tuple[Formula, ...],
    held: Iterable[str],
    hints: Mapping[str, str] | None,
    limit: int,
) -> Voice:
    used = {x for c in conflicts for x in (*c.labels, *c.beside)} | {*labels, *held}
    return voice(theory, extra, used, hints or {}, limit)
