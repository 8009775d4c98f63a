"""The verb `check`: a saved answer against its knowledge base, by the kernel alone.

The theory is rebuilt from the files and from what the answer says of how they were read: closed
world, closed predicates, semantics, dropped claims.  That is said again with the result, for it
is the answer's word.  Knows the kernel and certificates; asks no solver.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from neurosym.cli_asking import emit
from neurosym.errors import CheckError, InputError
from neurosym.kernel import Theorem, check
from neurosym.syntax import show
from neurosym.theory import Semantics, Theory

SAVED = "give what `ask --json` printed"


@dataclass(frozen=True, slots=True)
class Saved:
    """A certificate, where it stands in the answer, and the part of the theory that it is about.

    `dropped`: labels that the theory is without; `of`: those that alone are in it, unless None;
    `side`: one side of a clash, which speaks of the rules as if none gave way.
    """

    place: str
    certificate: Any
    dropped: frozenset[str] = frozenset()
    of: frozenset[str] | None = None
    side: bool = False


def check_file(args: argparse.Namespace) -> int:
    """check KB... CERTIFICATE."""
    from neurosym.certificate import from_json
    from neurosym.engine import Engine
    from neurosym.session import read_text

    *files, path = args.files
    data = _read(read_text(Path(path)), path)
    world = data if isinstance(data, dict) else {}
    found = list(saved(data))
    if not found:
        whole = data["certificate"] if "certificate" in world else data
        if isinstance(whole, dict) and "verdict" in whole:
            raise InputError(
                "this answer has no certificate", document=path, hint=str(whole.get("reason", ""))
            )
        found = [Saved("certificate", whole)]
    read = [(s, *from_json(s.certificate, path)) for s in found]
    e = Engine(
        parser=args.parser,
        closed_world=args.closed_world or world.get("world") == "closed",
        closed=[*_texts(world.get("closed_predicates"), path), *args.closed],
        semantics=args.semantics or _semantics(world.get("semantics"), path),
        min_score=args.min_score,
    )
    for f in files:
        e.load(f)
    theorems: list[Theorem] = []
    for s, goal, certificate in read:
        try:
            theorems.append(check(_part(e.asked(goal), s, path), goal, certificate))
        except CheckError as error:
            if args.json:
                emit({"accepted": False, "reason": str(error), "goal": show(goal), "place": s.place})
            where = "" if len(read) == 1 else f" ({s.place})"
            raise CheckError(f"{path}{where} is rejected: {error}") from error
    _report(theorems, e.theory, found[0], args.json)
    return 0


def saved(data: Any) -> Iterator[Saved]:
    """All certificates of an answer, in the order in which they stand."""
    todo: list[tuple[Any, Saved]] = [(data, Saved("certificate", None))]
    while todo:
        value, at = todo.pop()
        if isinstance(value, list):
            todo += [(v, replace(at, place=f"{at.place}[{i}]")) for i, v in enumerate(value)][::-1]
        elif isinstance(value, dict):
            if value.get("format") == "neurosym-certificate":
                yield replace(at, certificate=value)
                continue
            if isinstance(labels := value.get("dropped"), list):
                names = [x.get("label") if isinstance(x, dict) else x for x in labels]
                at = replace(at, dropped=frozenset(x for x in names if isinstance(x, str)))
            if isinstance(labels := value.get("of"), list):
                at = replace(at, of=frozenset(x for x in labels if isinstance(x, str)))
            inside = "" if at.place == "certificate" else f"{at.place}."
            sides = "for" in value and value.get("verdict") == "unknown"
            rows = [
                (v, replace(at, place=f"{inside}{k}", side=sides and k in ("for", "against")))
                for k, v in value.items()
                if isinstance(k, str)
            ]
            todo += rows[::-1]


def _part(theory: Theory, s: Saved, path: str) -> Theory:
    """The theory that a certificate is about."""
    labels = {c.label for c in theory.claims}
    if missing := sorted((s.dropped | (s.of or frozenset())) - labels):
        raise InputError(
            f"{s.place} speaks of a claim {missing[0]!r} that is not in the knowledge base",
            document=path,
            hint="give all files of the knowledge base, in the same order",
        )
    if s.side and theory.semantics is Semantics.DEFEASIBLE:
        theory = replace(theory, semantics=Semantics.CHAINING, prefer=())
    if not s.dropped and s.of is None:
        return theory
    kept = (labels if s.of is None else s.of) - s.dropped
    return replace(
        theory,
        claims=tuple(c for c in theory.claims if c.label in kept),
        prefer=tuple(p for p in theory.prefer if kept >= set(p)),
    )


def _report(theorems: list[Theorem], theory: Theory, first: Saved, as_json: bool) -> None:
    main = theorems[0]
    labels, more = sorted(main.hypotheses), len(theorems) - 1
    closed = [f"{name}/{arity}" for name, arity in theory.closed]
    dropped = sorted(first.dropped)
    if as_json:
        emit(
            {
                "accepted": True, "outcome": main.outcome.value, "goal": show(main.goal),
                "hypotheses": labels,
                "world": "closed" if theory.closed_world else "open", "semantics": theory.semantics.value,
                "closed_predicates": closed, "dropped": dropped, "certificates": len(theorems),
            }
        )  # fmt: skip
        return
    print(f"accepted: {show(main.goal)} is {main.outcome.value}, from {', '.join(labels) or 'nothing'}")
    read = ["a closed world"] if theory.closed_world else []
    read += [f"{', '.join(closed)} closed"] if closed else []
    read += [f"{theory.semantics} semantics"] if theory.semantics is not Semantics.CLASSICAL else []
    if read:
        print(f"  with {'; '.join(read)}")
    if dropped:
        print(f"  without {', '.join(dropped)}")
    if more:
        print(f"  and {more} more certificate{'s' * (more > 1)} of this answer")


def _read(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(f"not JSON: {error}", document=path, line=line, hint=SAVED) from error


def _texts(value: Any, path: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(x, str) for x in value):
        raise InputError("closed_predicates is no list of names as p/1", document=path, hint=SAVED)
    return value


def _semantics(value: Any, path: str) -> str | None:
    """What the answer says; None where an older one does not."""
    if value is not None and value not in [s.value for s in Semantics]:
        raise InputError(f"there is no semantics {value!r}", document=path, hint=SAVED)
    return None if value is None else str(value)


__all__ = ["Saved", "check_file", "saved"]
