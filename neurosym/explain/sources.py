"""Claims and their sources as lines of an explanation, and the confidence they allow.

Knows theory and English; must not know certificates.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from neurosym.errors import InputError
from neurosym.explain.evidence import categories
from neurosym.explain.phrases import Lexicon, lexicon, named, term
from neurosym.explain.verbalize import say
from neurosym.explain.views import Kind, OutlineNode, SourceView
from neurosym.logic import Naf, Statement, Term
from neurosym.theory import (
    CLOSED_WORLD,
    Analogy,
    Axiom,
    Claim,
    Observation,
    Semantics,
    Source,
    Span,
    Theory,
    Triple,
)  # fmt: skip

CLOSED_WORLD_TEXT = "closed world: what cannot be derived from the claims counts as false"
UNSUPPORTED = "what no rule supports does not hold"
UNSUPPORTED_TEXT = f"by the rules alone: {UNSUPPORTED}, and different names are different things"


@dataclass(frozen=True, slots=True)
class Voice:
    """How one explanation speaks: its words, its claims by label, and the length of its lists."""

    lex: Lexicon
    claims: Mapping[str, Claim]
    limit: int
    forward: bool  # chaining or defeasible rules

    def say(self, f: Statement | Naf) -> str:
        return say(f, self.lex)

    def say_term(self, t: Term) -> str:
        return term(t, self.lex)

    def show(self, f: Statement | Naf) -> str:
        from neurosym.syntax import show  # the text format is not needed to import this room

        return show(f)

    def get(self, label: str) -> Claim:
        """Raises InputError for a label that is not in the theory."""
        if label not in self.claims:
            raise InputError(
                f"the explanation cites claim {label!r}, which the theory does not hold",
                hint="explain a verdict with the theory it was found in",
            )
        return self.claims[label]

    def claim(self, label: str, number: int = 0, children: tuple[OutlineNode, ...] = ()) -> OutlineNode:
        """A line that states a claim with its source."""
        c = self.get(label)
        return OutlineNode(
            Kind.GIVEN,
            self.say(c.formula),
            self.show(c.formula),
            source=source_view(c),
            number=number,
            children=children,
        )

    def naming(self, names: Mapping[Term, str]) -> Voice:
        return Voice(named(self.lex, names), self.claims, self.limit, self.forward)


def voice(
    theory: Theory,
    extra: tuple[Statement | Naf, ...],
    labels: Iterable[str],
    hints: Mapping[str, str],
    limit: int,
) -> Voice:
    """A voice for the claims with these labels and the statements `extra`."""
    claims = {c.label: c for c in theory.claims}
    used = [claims[x].formula for x in sorted(set(labels)) if x in claims]
    lex = lexicon((*used, *extra), categories(theory, hints))
    forward = theory.semantics is not Semantics.CLASSICAL
    return Voice(lex, claims, limit, forward)


def source_view(c: Claim) -> SourceView:
    kind, place, text = _describe(c.source)
    return SourceView(c.label, kind, place, text, c.score)


def _describe(s: Source) -> tuple[str, str, str]:
    match s:
        case Span(document, start, end, text):
            return "sentence", f"{document}:{start}-{end}", " ".join(text.split())
        case Triple(document, subject, predicate, obj):
            return "triple", document, " ".join(_short(x) for x in (subject, predicate, obj))
        case Axiom(document, line, text):
            return "axiom", f"{document}:{line}" if line else document, " ".join(text.split())
        case Analogy(base, target):
            return "analogy", " ".join(base), target
        case Observation(note):
            return "observation", "", note
        case _:
            assert_never(s)


def _short(node: str) -> str:
    """The local name of an IRI, the text of a literal."""
    if node.startswith("<") and node.endswith(">"):
        return re.split(r"[#/:]", node[1:-1].rstrip("#/"))[-1]
    return node.split("^^")[0]


def bound_of(theory: Theory, labels: Iterable[str]) -> float:
    """max(0, 1 - sum of (1 - score)): a lower bound without independence (Boole)."""
    wanted = frozenset(labels)
    # summed in the order of the theory: floats do not add up alike in every order
    return max(0.0, 1.0 - sum(1.0 - c.score for c in theory.claims if c.label in wanted))


def hypotheses_section(v: Voice, labels: frozenset[str]) -> OutlineNode:
    """What the answer rests on: claims (the least certain first), then assumptions."""
    order = {label: i for i, label in enumerate(v.claims)}
    claims = sorted((x for x in labels if x != CLOSED_WORLD), key=lambda x: (v.get(x).score, order[x]))
    lines = [v.claim(x) for x in claims[: v.limit]]
    if (more := len(claims) - v.limit) > 0:
        lines.append(OutlineNode(Kind.NOTE, f"and {more} more claims, none of them less certain than these"))
    if CLOSED_WORLD in labels:
        text = UNSUPPORTED_TEXT if v.forward else CLOSED_WORLD_TEXT
        lines.append(OutlineNode(Kind.ASSUMPTION, text))
    if not lines:
        lines.append(OutlineNode(Kind.NOTE, "nothing: it holds by logic alone"))
    return OutlineNode(Kind.SECTION, "rests on", children=tuple(lines))
