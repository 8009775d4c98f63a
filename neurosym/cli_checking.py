"""The verb `check`: a saved answer against its knowledge base, by the kernel alone.

The theory is rebuilt from the files and from what the answer says of how they were read: closed
world, closed predicates, semantics, dropped claims.  That is said again with the result, for it
is the answer's word.  What the answer says beside its certificates (verdict, goal, claims used,
bindings, sources) is held against what they show; what cannot be is named as not checked.
Knows the kernel and certificates; asks no solver.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import floor
from pathlib import Path
from typing import Any

from neurosym.cli_asking import emit
from neurosym.errors import CheckError, InputError
from neurosym.kernel import Theorem, check
from neurosym.logic import And, Equal, Exists, Forall, Formula, Implies, Or, Term, Var, negate, substitute
from neurosym.logic.counting import all_different, at_least, at_most
from neurosym.results import claim_json
from neurosym.syntax import read_formula, read_term, show
from neurosym.theory import CLOSED_WORLD, Semantics, Theory

SAVED = "give what `ask --json` printed"
LAST = "the last argument must be the certificate: check KB... CERTIFICATE, and " + SAVED
MOST_COUNTED = 1000  # things in a counting formula: it names each
NEAR = 0.01  # scores of one sentence may differ so much between two machines
# keys of an answer that are held against its certificates, or by which the theory is rebuilt
CHECKED = frozenset(
    str.split(
        "goal world semantics closed_predicates verdict certified hypotheses certificate for against "
        "variables answers count bounds dropped sources options chosen refuted settled subsets proofs "
        "conflicts format version outcome evidence"
    )
)


@dataclass(frozen=True, slots=True)
class Saved:
    """A certificate, where it stands in the answer, and the part of the theory that it is about.

    `dropped`: labels that the theory is without; `of`: those that alone are in it, unless None;
    `side`: one side of a clash, which speaks of the rules as if none gave way.  `keys`: those that
    lead to it; `row`: what holds it; `answer`: the nearest around it that names a goal.
    """

    place: str
    certificate: Any
    dropped: frozenset[str] = frozenset()
    of: frozenset[str] | None = None
    side: bool = False
    keys: tuple[str, ...] = ()
    row: Mapping[str, Any] = field(default_factory=dict)
    answer: Mapping[str, Any] = field(default_factory=dict)


def check_file(args: argparse.Namespace) -> int:
    """check KB... CERTIFICATE."""
    from neurosym.certificate import from_json
    from neurosym.engine import Engine
    from neurosym.session import read_text

    *files, path = args.files
    data = _read(read_text(Path(path)), path)
    world = data if isinstance(data, dict) else {}
    found, rows = list(saved(data)), list(_rows(data))
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
    theories: list[Theory] = []
    for s, goal, certificate in read:
        try:
            theories.append(e.asked(goal))
            theorems.append(check(_part(theories[-1], s, path), goal, certificate))
            if wrong := _disagreement(s, theorems[-1]):
                raise CheckError(wrong)
        except CheckError as error:
            if args.json:
                emit({"accepted": False, "reason": str(error), "goal": show(goal), "place": s.place})
            where = "" if len(read) == 1 else f" ({s.place})"
            raise CheckError(f"{path}{where} is rejected: {error}") from error
    claims = {c.label: claim_json(c) for t in theories for c in t.claims}
    shown = list(zip(found, theorems, strict=True))
    if wrong := next(_wrong(rows, shown, claims), ""):
        if args.json:
            emit({"accepted": False, "reason": wrong, "goal": show(theorems[0].goal), "place": "answer"})
        raise CheckError(f"{path} is rejected: {wrong}")
    unchecked = sorted({k for r in (world, *(s.answer for s in found)) for k in r} - CHECKED)
    used = [t.hypotheses for s, t in shown if s.row is found[0].row]
    _report(theorems, e.theory, found[0], unchecked, _most(frozenset().union(*used), claims), args.json)
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
            at = replace(at, row=value, answer=value if "goal" in value else at.answer)
            if isinstance(labels := value.get("dropped"), list):
                names = [x.get("label") if isinstance(x, dict) else x for x in labels]
                at = replace(at, dropped=frozenset(x for x in names if isinstance(x, str)))
            if isinstance(labels := value.get("of"), list):
                at = replace(at, of=frozenset(x for x in labels if isinstance(x, str)))
            inside = "" if at.place == "certificate" else f"{at.place}."
            sides = "for" in value and value.get("verdict") == "unknown"
            rows = [
                (
                    v,
                    replace(
                        at,
                        place=f"{inside}{k}",
                        side=sides and k in ("for", "against"),
                        keys=(*at.keys, k),
                    ),
                )
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


def _rows(data: Any) -> Iterator[Mapping[str, Any]]:
    """Everything in an answer that states a verdict or names what was asked, outside certificates."""
    todo = [data]
    while todo:
        value = todo.pop()
        if isinstance(value, dict) and value.get("format") != "neurosym-certificate":
            if value.keys() & {"verdict", "goal", "options"}:
                yield value
            todo += list(value.values())[::-1]
        elif isinstance(value, list):
            todo += value[::-1]


# --- what an answer says beside its certificates ------------------------------------------


def _disagreement(s: Saved, t: Theorem) -> str:
    """How what is said around a certificate differs from its theorem, in a line; or the empty text."""
    key, group = (s.keys[-1:] or ("",))[0], (s.keys[-2:-1] or ("",))[0]
    shows = f"the certificate shows that {show(t.goal)} is {t.outcome.value}"
    wanted = {"for": "proved", "against": "disproved"}.get(key, s.row.get("verdict", t.outcome.value))
    if ("proved" if wanted == "both" else wanted) != t.outcome.value:
        return f"the answer says {wanted!r}, and {shows}"
    if "goal" not in s.answer or group == "conflicts":
        return ""
    goal = _formula(s.answer["goal"])
    if goal is None:
        return f"the answer's goal {s.answer['goal']!r} cannot be read"
    match group:
        case "answers":
            binding = _binding(s.row.get("binding"))
            if binding is None:
                return f"the binding {s.row.get('binding')!r} cannot be read"
            if set(binding) != {Var(str(x)) for x in _list(s.answer.get("variables"))}:
                return f"the binding {s.row.get('binding')!r} is not of the variables of the question"
            meant: list[Formula] = [substitute(_body(goal, tuple(binding)), binding)]
        case "bounds":
            meant = _counts(s, goal)
        case "proofs" if s.answer.get("verdict") == "disproved":
            meant = [negate(goal)]
        case _:
            meant = [goal]
    if show(t.goal) in map(show, meant):
        return ""
    said = {"answers": f"the binding {s.row.get('binding')!r} of ", "bounds": "a bound on "}.get(group, "")
    return f"the answer's goal is {said}{show(goal)}, and {shows}"


def _wrong(
    rows: Sequence[Mapping[str, Any]],
    shown: Sequence[tuple[Saved, Theorem]],
    claims: Mapping[str, Mapping[str, Any]],
) -> Iterator[str]:
    """What of an answer is not so by its theorems: each in a line."""
    for row in rows:
        own = [t for s, t in shown if s.row is row and s.keys[-1:] == ("certificate",)]
        both = [t for s, t in shown if s.row is row and (t in own or row.get("verdict") == "both")]
        said = row.get("verdict", "unknown")
        if not own and said != "unknown":
            yield f"the answer says {said!r} and has no certificate for it"
        if row.get("certified", bool(own)) is not bool(own):
            yield f"the answer says certified: {json.dumps(row['certified'])}, and that is not so"
        labels = frozenset[str]().union(*(t.hypotheses for t in both))
        if "verdict" in row and row.get("hypotheses", sorted(labels)) != sorted(labels):
            yield f"the claims used are {', '.join(sorted(labels)) or 'none'}, not {row['hypotheses']}"
        if own:
            yield from _too_sure(row, _most(labels, claims))
        yield from _miscounted(row)
        yield from _misquoted(row, claims)
        for key, verdict in (("chosen", "proved"), ("refuted", "disproved")):
            options = [o for o in _list(row.get("options")) if isinstance(o, dict)]
            are = [o.get("question") for o in options if o.get("verdict") == verdict]
            if "options" in row and row.get(key, are) != are:
                yield f"of the options {are} are {verdict}, not {row[key]}"


def _most(labels: frozenset[str], claims: Mapping[str, Mapping[str, Any]]) -> float:
    """The bound by Boole's inequality over the claims used, were the question surely read rightly."""
    used = labels - {CLOSED_WORLD}
    return max(0.0, 1.0 - sum(1.0 - float(claims[x]["score"]) for x in used if x in claims))


def _too_sure(row: Mapping[str, Any], most: float) -> Iterator[str]:
    detail = row.get("confidence_detail")
    inner = detail.get("bound") if isinstance(detail, dict) and detail.get("exact") is None else None
    for said in (row.get("confidence"), inner):
        number = isinstance(said, int | float) and not isinstance(said, bool)
        if said is not None and not (number and 0 <= said <= most + NEAR):
            yield f"the confidence {said!r} is more than the claims used allow, {_down(most)}"


def _miscounted(row: Mapping[str, Any]) -> Iterator[str]:
    """That `count` is not between its bounds; with at most n things, n answers or a bound make n."""
    if (n := row.get("count")) is None:
        return
    bounds = [(b.get("kind"), b.get("n")) for b in _list(row.get("bounds")) if isinstance(b, dict)]
    low = n == 0 or n == len(_list(row.get("answers"))) or ("at_least", n) in bounds
    if not low or ("at_most", n) not in bounds:
        yield f"the count {n!r} is not proved: bounds for at least and at most so many were expected"


def _misquoted(row: Mapping[str, Any], claims: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for c in (x for x in _list(row.get("sources")) if isinstance(x, dict)):
        known = claims.get(str(c.get("label")))
        if known is None:
            yield f"the source {c.get('label')!r} is no claim of the knowledge base"
            continue
        for key in ("formula", "source"):
            if c.get(key, known[key]) != known[key]:
                yield f"the source {c['label']!r} is quoted with another {key}: {c[key]!r}"
        score = c.get("score", known["score"])
        if not isinstance(score, int | float) or abs(score - known["score"]) > NEAR:
            yield f"the source {c['label']!r} has the score {known['score']}, not {score!r}"


def _counts(s: Saved, goal: Formula) -> list[Formula]:
    """The formulas that say what a bound says: by a counting quantifier, or of the things that are named."""
    n, names = s.row.get("n"), [Var(str(x)) for x in _list(s.answer.get("variables"))]
    if not isinstance(n, int) or isinstance(n, bool) or not 0 <= n <= MOST_COUNTED or not names:
        return []
    body = _body(goal, tuple(names))
    found = [_binding(a.get("binding")) for a in _list(s.answer.get("answers")) if isinstance(a, dict)]
    named = [b for b in found if b is not None and set(b) == set(names)]
    if s.row.get("kind") == "at_most":
        if n == 0:  # disproved that there is one
            return [goal] if s.row.get("verdict") == "disproved" else []
        each = tuple(And(tuple(Equal(v, b[v]) for v in names)) for b in named)
        out: list[Formula] = [Forall(tuple(names), Implies(body, Or(each)))] if len(each) == n else []
        return [*out, at_most(n, names[0], body)] if len(names) == 1 else out
    if n == 1:
        return [goal]
    if s.row.get("kind") != "at_least" or len(names) != 1:
        return []
    terms = [b[names[0]] for b in named]
    instances = tuple(substitute(body, b) for b in named)
    out = [And((*instances, all_different(terms)))] if len(terms) == n else []
    return [*out, at_least(n, names[0], body)]


def _body(goal: Formula, names: tuple[Var, ...]) -> Formula:
    """What the question asks of the variables."""
    if not isinstance(goal, Exists):
        return goal
    rest = tuple(v for v in goal.vars if v not in names)
    return Exists(rest, goal.body) if rest else goal.body


def _binding(value: Any) -> dict[Var, Term] | None:
    if not isinstance(value, dict):
        return None
    try:
        return {Var(k): read_term(v, "binding") for k, v in value.items()}
    except (InputError, TypeError, AttributeError):
        return None


def _formula(value: Any) -> Formula | None:
    try:
        return read_formula(value, "goal", free=True) if isinstance(value, str) else None
    except InputError:
        return None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _down(p: float) -> str:
    return f"{floor(p * 1000 + 1e-9) / 1000:.3f}"


# --- what is said of it -------------------------------------------------------------------


def _report(
    theorems: list[Theorem],
    theory: Theory,
    first: Saved,
    unchecked: Sequence[str],
    most: float,
    as_json: bool,
) -> None:
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
                "confidence_at_most": round(most, 6), "not_checked": list(unchecked),
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
    if unchecked:
        words = {
            "question": "that the words of the question mean this goal",
            "confidence": f"how sure it is (by the claims used no more than {_down(most)})",
        }
        said = [words[k] for k in words if k in unchecked] + [k for k in unchecked if k not in words]
        print(f"  not checked: {'; '.join(said)}")


def _read(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(f"not JSON: {error}", document=path, line=line, hint=LAST) from error


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
