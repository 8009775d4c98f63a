"""Why a goal does not follow, as plain data: what is missing, which rule is blocked, which fallacy tempts.

Knows logic, theories and verdicts.  Must not know how any of it is found or put into words.
Every hypothetical conclusion in it carries the kernel's theorem about the changed theory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from neurosym.logic import Const, Formula, Literal, Naf
from neurosym.proof import Certificate
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Proved, Verdict

SUPPOSED = "supposed"  # labels of supposed claims: supposed, supposed:2, ... (more colons where taken)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A smallest change of the theory under which the goal follows (an abductive explanation).

    facts: ground literals to be added; without: labels of told facts to be taken back; both
    sorted, and together not empty.  verdict: the goal in `supposing(theory, facts, without)`.
    proposition, model: a proposition nobody speaks of and a certificate that the changed theory
    settles it neither way by contradiction: the kernel accepts it only where that theory is
    consistent; model is None where no such certificate was found.  invented: constants of
    `facts` that neither theory nor goal names; they stand for anything.
    """

    facts: tuple[Literal, ...]
    verdict: Proved
    without: tuple[str, ...] = ()
    proposition: Formula | None = None
    model: Certificate | None = None
    invented: tuple[Const, ...] = ()

    @property
    def consistent(self) -> bool:
        """Is it certified that the changed theory does not contradict itself?"""
        return self.model is not None


@dataclass(frozen=True, slots=True)
class Fallacy:
    """A wrong step that would settle the goal, and that nothing given licenses.

    name: its traditional name; label: the claim abused; wrong: what it is taken to say;
    conclusion: the goal, or its negation; verdict: `conclusion` in `supposing(theory, (wrong,))`.
    other: for an undistributed middle, the claim that shares the middle term, else empty.
    """

    name: str
    label: str
    wrong: Formula
    conclusion: Formula
    verdict: Proved
    other: str = ""


@dataclass(frozen=True, slots=True)
class BlockedRule:
    """A claim that could conclude the goal: conditions nothing meets, and those met together."""

    label: str
    unmet: tuple[Formula | Naf, ...]
    met: tuple[Formula | Naf, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyNot:
    """All that can be said of a goal that does not follow.

    For an Unknown that is proved, `verdict` holds the two models.  `explanations` come smallest
    first, `blocked` with the fewest unmet conditions first.  `contrary`: of an unknown goal that says
    something of everything of a kind, the theorem that it is so of none, where that follows.
    """

    goal: Formula
    verdict: Verdict
    explanations: tuple[Explanation, ...] = ()
    blocked: tuple[BlockedRule, ...] = ()
    fallacies: tuple[Fallacy, ...] = ()
    contrary: Proved | None = None


def supposing(theory: Theory, facts: tuple[Formula, ...], without: tuple[str, ...] = ()) -> Theory:
    """`theory` with `facts` as claims of their own (labels in `supposed_labels`), less some claims.

    What the theory says of worlds and semantics stays as it is.
    """
    kept = tuple(c for c in theory.claims if c.label not in without)
    labels = supposed_labels(theory, len(facts))
    source = Axiom("supposition", 0, "")
    prefer = tuple(p for p in theory.prefer if not set(p) & set(without))
    return replace(
        theory,
        prefer=prefer,
        claims=(*kept, *(Claim(label, f, source) for label, f in zip(labels, facts, strict=True))),
    )


def supposed_labels(theory: Theory, count: int) -> tuple[str, ...]:
    """Labels for `count` supposed claims that no claim of the theory bears."""
    stem, taken = SUPPOSED, {c.label for c in theory.claims}
    while any(label == stem or label.startswith(f"{stem}:") for label in taken):
        stem += ":"
    return tuple(stem if n == 1 else f"{stem}:{n}" for n in range(1, count + 1))
