"""What the engine answers: frozen values, and their JSON.

Knows verdicts, outlines and plans; must not know how they were found.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, assert_never

from neurosym.certificate import to_json as certificate_json
from neurosym.logic import Atom, Formula, Term, Var
from neurosym.repairs import RelativeAnswer, Repair, Stance
from neurosym.syntax import show, show_term
from neurosym.theory import CLOSED_WORLD, Claim, Theory
from neurosym.verdict import Answer, Both, Disproved, Inconsistent, Proved, Unknown, Verdict

if TYPE_CHECKING:  # types of the rooms; importing them for real would load their libraries
    from neurosym.analogy import AnalogyAnswer, StructureMapping
    from neurosym.confidence import Confidence
    from neurosym.explain import OutlineNode
    from neurosym.planning import PlanningResult


MOST_RELATIONS = 8  # of an analogy, shown to people


@dataclass(frozen=True, slots=True)
class Unread:
    """A piece of input that became no claim, and why."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reread:
    """A sentence whose most probable reading was given up, since it does not go with the others.

    `before`: that reading; `after`: the one that was chosen in its place, None where none goes with them.
    `because` names the contradiction, or what is known of kinds.
    """

    place: str
    text: str
    before: Formula
    after: Formula | None
    because: str


@dataclass(frozen=True, slots=True)
class Told:
    """What was taken in: claims, what could not be read, and questions that stood in the text.

    `mended` (of joint reading): the sentences that are not read as each would be by itself.
    """

    claims: tuple[Claim, ...]
    unread: tuple[Unread, ...] = ()
    questions: tuple[str, ...] = ()
    mended: tuple[Reread, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was read: what Response repeats of it."""

    text: str
    goal: Formula
    variables: tuple[Var, ...] = ()
    count: bool = False
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Bound:
    """What is proved of "how many": at least, or at most, `n` things.  The verdict's theorem says of what.

    Disproved only for "at most 0", where it is disproved that there is one.
    """

    kind: Literal["at_least", "at_most"]
    n: int
    verdict: Proved | Disproved


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to one question.

    `goal` is the question as a formula (None where it could not be read); `variables` are
    what a wh-question asks for and `answers` their bindings, each with its own certificate;
    `count` is set for "how many" where it is proved, `bounds` are what is proved of it; `route`
    says which solver was chosen and why; `notes` are what a reader must know (sentences that
    were not read); `reading_score` is the calibrated probability that the question was read
    rightly.  `theory` is what the verdict is about: where `repair` is set, the part of the
    claims that is consistent, without the `dropped` ones.  `by_all_proofs`: see `confidence`.
    """

    question: str
    goal: Formula | None
    verdict: Verdict
    theory: Theory
    variables: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    count: int | None = None
    route: str = ""
    notes: tuple[str, ...] = ()
    reading_score: float = 1.0
    bounds: tuple[Bound, ...] = ()
    dropped: tuple[Claim, ...] = ()
    repair: Repair | None = None
    by_all_proofs: Confidence | None = None

    @property
    def confidence(self) -> Confidence | None:
        """By all proofs where that was asked for, else the bound by the one proof that was found.

        It is that of the verdict (of an unknown goal, that it follows) and of the reading
        together; None where there is no certificate.
        """
        if self.by_all_proofs is not None or self.goal is None or self.verdict.certificate is None:
            return self.by_all_proofs
        from neurosym.confidence import Confidence

        bound = confidence(self.theory, self.verdict, self.reading_score)
        return Confidence(bound, None, False, "by the one proof found")


@dataclass(frozen=True, slots=True)
class RelativeResponse:
    """The answer to one question from every maximal consistent subset of the claims.

    `answer` holds the subsets, the most probable first, each with its verdict and certificate;
    for a wh-question `rows` are its bindings, and in how many of the subsets each is proved.
    `theory` is the whole, which contradicts itself.
    """

    question: str
    goal: Formula
    answer: RelativeAnswer
    theory: Theory
    variables: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[tuple[str, Term], ...], Stance], ...] = ()
    notes: tuple[str, ...] = ()
    reading_score: float = 1.0


@dataclass(frozen=True, slots=True)
class Choices:
    """Each option of a "which of" question, at least one, with its own answer, in the order given."""

    options: tuple[Response, ...]

    @property
    def chosen(self) -> tuple[Response, ...]:
        """The options that are proved."""
        return tuple(r for r in self.options if isinstance(r.verdict, Proved))

    @property
    def refuted(self) -> tuple[Response, ...]:
        return tuple(r for r in self.options if isinstance(r.verdict, Disproved))

    @property
    def settled(self) -> bool:
        """Is every option proved or refuted?"""
        return len(self.chosen) + len(self.refuted) == len(self.options)


@dataclass(frozen=True, slots=True)
class PlanResponse:
    """The outcome of planning; `theory` holds the claims its facts were proved from."""

    goal: Formula
    result: PlanningResult
    theory: Theory
    outline: OutlineNode | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalogyResponse:
    """`a` is to `b` as `c` is to each answer, best first; without answers, `reason` says why."""

    a: str
    b: str
    c: str
    answers: tuple[AnalogyAnswer, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A fact that follows, with its verdict; `asserted` where it is itself a claim."""

    fact: Atom
    verdict: Proved
    asserted: bool


def verdict_name(v: Verdict) -> str:
    match v:
        case Proved():
            return "proved"
        case Disproved():
            return "disproved"
        case Inconsistent():
            return "inconsistent"
        case Unknown():
            return "unknown"
        case Both():
            return "both"
        case _:
            assert_never(v)


def hypotheses(v: Verdict) -> tuple[str, ...]:
    """Labels that the verdict rests on, sorted."""
    used = v.theorem.hypotheses if v.theorem else frozenset()
    return tuple(sorted(used | v.con.theorem.hypotheses if isinstance(v, Both) else used))


def confidence(theory: Theory, v: Verdict, reading_score: float = 1.0) -> float:
    """max(0, 1 - sum of (1 - score)) over the claims used and the question's reading (Boole)."""
    used = set(hypotheses(v)) - {CLOSED_WORLD}
    return max(0.0, reading_score - sum(1.0 - c.score for c in theory.claims if c.label in used))


def response_json(r: Response) -> dict[str, Any]:
    """The JSON of an answer; `certificate` can be saved and given to `neurosym check`."""
    out: dict[str, Any] = {
        "question": r.question,
        "goal": show(r.goal) if r.goal is not None else None,
        **world_json(r.theory),
        **verdict_json(r.verdict),
        "confidence": round(confidence(r.theory, r.verdict, r.reading_score), 6),
        "solver": r.route,
        "notes": list(r.notes),
    }
    if r.repair is not None:
        out["dropped"] = [claim_json(c) for c in r.dropped]
        out["repair"] = repair_json(r.repair)
    if (sure := r.confidence) is not None:
        out["confidence_detail"] = confidence_json(sure)
    if r.variables:
        out["variables"] = list(r.variables)
        out["answers"] = [{"binding": binding_json(a.binding), **verdict_json(a.verdict)} for a in r.answers]
    if r.count is not None:
        out["count"] = r.count
    if r.bounds:
        out["bounds"] = [{"kind": b.kind, "n": b.n, **verdict_json(b.verdict)} for b in r.bounds]
    verdicts = (r.verdict, *(a.verdict for a in r.answers), *(b.verdict for b in r.bounds))
    out["sources"] = sources_json(r.theory, (h for v in verdicts for h in hypotheses(v)))
    return out


def world_json(theory: Theory) -> dict[str, Any]:
    """How the claims are read: with the knowledge base, all that a checker needs to rebuild the theory."""
    return {
        "world": "closed" if theory.closed_world else "open",
        "semantics": theory.semantics.value,
        "closed_predicates": [f"{name}/{arity}" for name, arity in theory.closed],
    }


def confidence_json(c: Confidence) -> dict[str, Any]:
    exact = None if c.exact is None else round(c.exact, 9)
    return {"bound": round(c.bound, 9), "exact": exact, "complete": c.complete, "reason": c.reason}


def repair_json(r: Repair) -> dict[str, Any]:
    return {
        "dropped": list(r.dropped), "consistent": r.verdict is not None, "optimal": r.optimal,
        "cost": round(r.cost, 6), "certain": list(r.certain), "held": list(r.held), "reason": r.reason,
    }  # fmt: skip


def sources_json(theory: Theory, labels: Iterable[str]) -> list[dict[str, Any]]:
    used = set(labels)
    return [claim_json(c) for c in theory.claims if c.label in used]


def verdict_json(v: Verdict) -> dict[str, Any]:
    out: dict[str, Any] = {"verdict": verdict_name(v), "certified": v.certificate is not None}
    if isinstance(v, Unknown):
        out["reason"] = v.reason
    out["hypotheses"] = list(hypotheses(v))
    if v.certificate is not None and v.theorem is not None:
        out["certificate"] = certificate_json(v.theorem.goal, v.certificate)
    both = v if isinstance(v, Both) else v.clash if isinstance(v, Unknown) else None
    if both is not None:  # what speaks for it and what against, each derivable by itself
        out["for"] = certificate_json(both.pro.theorem.goal, both.pro.certificate)
        out["against"] = certificate_json(both.con.theorem.goal, both.con.certificate)
    return out


def binding_json(binding: Iterable[tuple[str, Term]]) -> dict[str, str]:
    return {name: term_text(t) for name, t in binding}


def term_text(t: Term) -> str:
    return show_term(t)


def claim_json(c: Claim) -> dict[str, Any]:
    source: dict[str, Any] = {"kind": type(c.source).__name__.lower()}
    for name in c.source.__slots__:
        value = getattr(c.source, name)
        source[name] = list(value) if isinstance(value, tuple) else value
    return {"label": c.label, "formula": show(c.formula), "score": round(c.score, 6), "source": source}


def told_json(t: Told) -> dict[str, Any]:
    return {
        "claims": [claim_json(c) for c in t.claims],
        "unread": [{"place": u.place, "text": u.text, "reason": u.reason} for u in t.unread],
        "questions": list(t.questions),
        "mended": [
            {
                "place": m.place, "text": m.text, "because": m.because,
                "before": show(m.before), "after": None if m.after is None else show(m.after),
            }
            for m in t.mended
        ],
    }  # fmt: skip


def analogy_json(r: AnalogyResponse) -> dict[str, Any]:
    rows = [
        {
            "d": a.d, "score": round(a.score, 6), "tied": list(a.tied), "labels": list(a.labels),
            "relations": [
                {"kind": p.kind, "name": p.name, "base": p.base, "target": p.target} for p in a.relations
            ],
        }
        for a in r.answers
    ]  # fmt: skip
    return {"a": r.a, "b": r.b, "c": r.c, "answers": rows, "reason": r.reason, "status": "hypothesis"}


def analogy_lines(r: AnalogyResponse) -> list[str]:
    """An analogy for people; it is a hypothesis and says so."""
    if not r.answers:
        return [f"no answer: {r.reason}"]
    best = r.answers[0]
    out = [f"{r.a} : {r.b} :: {r.c} : {best.d}   (a hypothesis by analogy, rank {best.score:.3f})"]
    shown = best.relations[:MOST_RELATIONS]  # heaviest first
    out += [f"  {p.kind:7} {p.name}: {p.base}; {p.target}   (from {', '.join(p.labels)})" for p in shown]
    if len(best.relations) > len(shown):
        out.append(f"  and {len(best.relations) - len(shown)} more shared relations (--json lists them)")
    if best.tied:
        out.append(f"  equally good: {', '.join(best.tied)}")
    out += [f"  next: {a.d} ({a.score:.3f})" for a in r.answers[1:]]
    return out


def mapping_json(m: StructureMapping) -> dict[str, Any]:
    return {
        "entities": [list(pair) for pair in m.entities],
        "score": round(m.score, 6),
        "reason": m.reason,
        "inferences": [claim_json(c) for c in m.inferences],
        "status": "hypothesis",
    }


def mapping_lines(m: StructureMapping) -> list[str]:
    if not m.entities:
        return [f"no mapping: {m.reason}"]
    out = [f"structure mapping, score {m.score:.3f} (hypotheses by analogy)"]
    out += [f"  {a} -> {b}" for a, b in m.entities]
    return out + [f"  may also hold: {show(c.formula)}  (score {c.score:.2f})" for c in m.inferences]


def plan_json(r: PlanResponse) -> dict[str, Any]:
    """The outcome of planning; for a plan, its certificate (format neurosym-plan) stands under "plan"."""
    from neurosym.planning import Failed, Planned, Unsolvable, Unsupported, plan_to_json

    out: dict[str, Any] = {"goal": show(r.goal), "notes": list(r.notes)}
    match r.result:
        case Planned(_, justification, engine):
            out |= {"outcome": "planned", "engine": engine, "plan": plan_to_json(r.goal, justification)}
        case Unsolvable(reason, certificate):
            kind = type(certificate).__name__.lower()
            out |= {"outcome": "unsolvable", "reason": reason, "certificate": kind}
        case Unsupported(features):
            out |= {"outcome": "unsupported", "features": list(features)}
        case Failed(reason):
            out |= {"outcome": "failed", "reason": reason}
        case _:
            assert_never(r.result)
    return out


def plan_reason(r: PlanResponse) -> str:
    """Why there is no plan, in a line."""
    from neurosym.planning import Failed, Planned, Unsolvable, Unsupported

    match r.result:
        case Planned():
            return "there is a plan"
        case Unsolvable(reason, _):
            return f"unsolvable: {reason}"
        case Unsupported(features):
            return f"unsupported: {', '.join(features)}"
        case Failed(reason):
            return f"no plan found: {reason}"
        case _:
            assert_never(r.result)
