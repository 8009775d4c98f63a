"""Joint reading: of the rival readings of a document's sentences, the most probable ones that go together.

Weighted MaxSAT over the n-best readings: one reading of each sentence, or none, at the cost of
minus the logarithm of its probability; what is known (a graph's types, disjointness, functionality, and
what was told before) and the readings themselves must not contradict each other.  Contradictions are found as
they are met, by implicit hitting sets (Davies and Bacchus 2011, "Solving MAXSAT by solving a sequence of
simpler SAT instances"; as in solvers/conflicts.py): the cheapest choice is tried, a solver's certificate
of falsity names the readings to blame, and no later choice has them together.

Types also count where they contradict nothing: a relation between things of the kinds that the graph
says it is for is likelier to be meant than one between others.

Knows readings, theories, solvers and the MaxSAT child.  Must not know how sentences are read nor what
becomes of the choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import TYPE_CHECKING, TypeAlias, assert_never

from neurosym.logic import Atom, Forall, Formula, Implies, Term, atoms
from neurosym.questions import place as place_of
from neurosym.repairs import Conflict
from neurosym.results import Reread
from neurosym.solvers.conflicts_oracle import Clash, Oracle, Sound
from neurosym.solvers.conflicts_soft import Soft
from neurosym.solvers.optimum import Optimum
from neurosym.syntax import show
from neurosym.theory import Axiom, Claim, Semantics, Theory, has_naf
from neurosym.verdict import Limits, Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading

DOCUMENT = "reading"  # of the sources of the claims that readings are tried as
MOST_CONFLICTS = 200  # met on the way
# The probability that no reading is right is what their scores leave.  A sentence that leaves less is
# believed to have been read: if it contradicts what is known, then the text does, and that is for
# whoever asks to see.
UNREAD_FROM = 0.05
UNREAD_AT_MOST = 0.9  # of the best reading's probability: nothing goes unread without a contradiction
# How much likelier a relation is meant where its argument is of the kind that the graph demands, and how
# much less where its kinds are others, which contradicts nothing in an open world.  Half an
# order of magnitude: enough to turn a close call (2 : 1), never a clear one (10 : 1).
FITS, MISFITS = 1.5, 0.5

# The most that a reading is trusted that came first only since a surer one was found to be wrong.  Of made-up
# sentences of unseen words whose best reading is wrong, a rival is right in two of five, whatever the scores
# make of what is left; of the ambiguous texts of benchmarks.joint_cases in nine of ten.
SECOND_AT_MOST = 0.6

STANDS = "no choice of readings avoids a contradiction, so it stands"

Option: TypeAlias = tuple[int, int]  # sentence and reading, from 0


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Readings that cannot all be right, by the certificate in `conflict` (see repairs.Conflict)."""

    options: tuple[Option, ...]
    conflict: Conflict


@dataclass(frozen=True, slots=True)
class Mended:
    """A sentence whose best reading was not chosen: `after` is None where it goes unread."""

    sentence: int
    before: int
    after: int | None
    because: str


@dataclass(frozen=True, slots=True)
class JointReading:
    """The choice: for each sentence the number of a reading, or None.

    `scores`: the probability of each choice, given the others.  `score`: of all of them, as their
    product before contradictions were met.  `theory`: what the certificates of `conflicts` are
    about: the background with every reading as claims `s1.r2`, `s1.r2.1` (sentence and reading counted
    from 1).  Where not `settled`, `reason` says what stopped the search, or which contradiction
    stands because no choice avoids it.
    """

    choices: tuple[int | None, ...]
    scores: tuple[float, ...]
    score: float
    theory: Theory
    conflicts: tuple[Contradiction, ...] = ()
    mended: tuple[Mended, ...] = ()
    settled: bool = True
    reason: str = ""


def choose(
    sentences: Sequence[Sequence[Reading]],
    background: Theory,
    solver: Solver,
    limits: Limits,
    *,
    optimum: Optimum | None = None,
) -> JointReading:
    """The most probable readings that contradict neither each other nor `background`.

    sentences: for each its readings with probabilities that add up to at most 1, best first, in the
    names of the background.  `limits` bound the whole search.  `optimum` may be given to keep its
    child process warm.  What rests on absence in the background is left aside: that something is not
    known does not say how a sentence was meant.
    """
    own = optimum or Optimum()
    try:
        return _Search(sentences, background, solver, limits, own).run()
    finally:
        if optimum is None:
            own.close()


def settle(
    parsed: Sequence[Parsed],
    link: Callable[[Formula], Formula],
    background: Theory,
    solver: Solver,
    limits: Limits,
    *,
    optimum: Optimum | None = None,
) -> tuple[tuple[Parsed, ...], JointReading]:
    """The pieces of a text, each with the reading that was chosen for it, and the choice.

    link: puts a formula into the names of the background (Session.link).  A chosen reading that is
    not the best by itself carries its probability given the others; a sentence that goes unread
    has no reading, and a reason.
    """
    linked = [
        [
            replace(r, formula=link(r.formula), presuppositions=tuple(link(p) for p in r.presuppositions))
            for r in p.readings
        ]
        for p in parsed
    ]
    found = choose(linked, background, solver, limits, optimum=optimum)
    changed = {m.sentence: m for m in found.mended}
    out: list[Parsed] = []
    for i, (p, k, score) in enumerate(zip(parsed, found.choices, found.scores, strict=True)):
        if i not in changed:
            out.append(p)
        elif k is None:
            out.append(replace(p, readings=(), reason=changed[i].because))
        else:
            out.append(replace(p, readings=(replace(p.readings[k], score=score),)))
    return tuple(out), found


def reread(parsed: Sequence[Parsed], found: JointReading) -> tuple[Reread, ...]:
    """What `settle` changed of the pieces that it was given, for who told them."""
    return tuple(
        Reread(
            place_of(p, "").place,
            p.span.text,
            p.readings[m.before].formula,
            None if m.after is None else p.readings[m.after].formula,
            m.because,
        )
        for m in found.mended
        for p in (parsed[m.sentence],)
    )


# --- the search -------------------------------------------------------------------------------


@dataclass(slots=True)
class _Search:
    sentences: Sequence[Sequence[Reading]]
    background: Theory
    solver: Solver
    limits: Limits
    optimum: Optimum
    weights: list[list[float]] = field(init=False)
    unread: list[float] = field(init=False)
    oracle: Oracle = field(init=False)
    found: list[Contradiction] = field(default_factory=list)
    stuck: set[int] = field(default_factory=set)  # sentences whose contradiction stands
    reason: str = ""

    def __post_init__(self) -> None:
        kinds = kinds_of(self.background.claims)
        fits = [[fit(r, kinds) for r in readings] for readings in self.sentences]
        self.weights = [
            [r.score * f / max(row) for r, f in zip(readings, row, strict=True)]
            for readings, row in zip(self.sentences, fits, strict=True)
        ]
        self.unread = [_unread(readings) for readings in self.sentences]
        theory, soft = _as_theory(self.sentences, self.background)
        self.oracle = Oracle(self.solver, theory, self.limits, Soft(soft, classical=True))

    def run(self) -> JointReading:
        alone = [_best(w) for w in self.weights]
        choice = list(alone)
        rivals = any(len(r) > 1 for r in self.sentences)
        while rivals and self.background.semantics is Semantics.CLASSICAL:
            state = self.oracle.ask(self._labels(choice))
            match state:
                case Sound(verdict, reason):
                    if verdict is None:
                        self.reason = self.reason or f"not certified consistent ({reason})"
                    break
                case Clash():
                    conflict = self.oracle.shrunk(state)
                    options = tuple(sorted({option_of(x) for x in conflict.labels}))
                    self.found.append(Contradiction(options, conflict))
                    if not self._may_go_on(options):
                        break
                    choice = self._next(options, alone)
                case _:
                    assert_never(state)
        return self._result(choice)

    def _may_go_on(self, options: tuple[Option, ...]) -> bool:
        if not options:
            self.reason = "what is known contradicts itself"
        elif any(c.options == options for c in self.found[:-1]):
            self.reason = "no better choice was found within the limits"
        elif len(self.found) >= MOST_CONFLICTS:
            self.reason = f"limit: {MOST_CONFLICTS} contradictions"
        elif self.oracle.left() <= 0:
            self.reason = f"limit: {self.limits.seconds:g} s"
        return not self.reason or self.reason == STANDS

    def _next(self, options: tuple[Option, ...], alone: Sequence[int | None]) -> list[int | None]:
        """The best choice without the contradictions met; where there is none, the sentences at fault are
        left as they are, and the others are looked at without them."""
        avoid = [c.options for c in self.found if not self.stuck.intersection(i for i, _ in c.options)]
        if (found := self._cheapest(avoid, alone)) is not None:
            return found
        self.reason = STANDS
        self.stuck |= {i for i, _ in options}
        while more := {i for o in avoid if self.stuck & {s for s, _ in o} for i, _ in o} - self.stuck:
            self.stuck |= more
        left = [o for o in avoid if not self.stuck & {s for s, _ in o}]
        return self._cheapest(left, alone) or list(alone)

    def _cheapest(
        self, avoid: Sequence[tuple[Option, ...]], alone: Sequence[int | None]
    ) -> list[int | None] | None:
        """The most probable choice that has none of the sets of `avoid` together; None where there is none.

        Of equal choices earlier readings win, since what stands last is given up last.
        """
        numbered: list[tuple[int, int | None]] = []
        for i, row in enumerate(self.weights):
            if i not in self.stuck and row:
                numbered += [(i, None)] if self.unread[i] > 0 else []
                numbered += [(i, k) for k in reversed(range(len(row)))]
        number = {option: n for n, option in enumerate(numbered)}
        each = [frozenset(n for n, (i, _) in enumerate(numbered) if i == s) for s in range(len(self.weights))]
        try:
            chosen = self.optimum.choose(
                [_as_odds(self.unread[i] if k is None else self.weights[i][k]) for i, k in numbered],
                [s for s in each if s],
                [frozenset(number[o] for o in options) for options in avoid],
                replace(self.limits, seconds=max(0.1, self.oracle.left())),
            )
        except LookupError as e:
            self.reason = str(e)
            return None
        if chosen is None:
            return None
        self.reason = self.reason or chosen.reason
        out = list(alone)
        for n in chosen.chosen:
            i, k = numbered[n]
            out[i] = k
        return out

    def _labels(self, choice: Sequence[int | None]) -> list[str]:
        wanted = {(i, k) for i, k in enumerate(choice) if k is not None and i not in self.stuck}
        return [x for x in self.oracle.claims.soft if option_of(x) in wanted]

    # --- what came out ---

    def _result(self, choice: Sequence[int | None]) -> JointReading:
        best = [_best([r.score for r in readings]) for readings in self.sentences]
        mended = [
            Mended(i, b, k, self._because(i, b, choice))
            for i, (b, k) in enumerate(zip(best, choice, strict=True))
            if b is not None and b != k
        ]
        changed = {m.sentence for m in mended}
        scores = [self._score(i, k, choice, i in changed) for i, k in enumerate(choice)]
        joint = prod(
            self.unread[i] if k is None else self.weights[i][k]
            for i, k in enumerate(choice)
            if self.sentences[i]
        )
        return JointReading(
            tuple(choice), tuple(scores), joint, self.oracle.theory, tuple(self.found), tuple(mended),
            not self.reason, self.reason,
        )  # fmt: skip

    def _score(self, i: int, k: int | None, choice: Sequence[int | None], changed: bool) -> float:
        if k is None:
            return 0.0
        if not changed:
            return self.sentences[i][k].score
        open_ = [w for n, w in enumerate(self.weights[i]) if n == k or not self._excluded((i, n), choice)]
        rest = max(0.0, 1.0 - sum(r.score for r in self.sentences[i]))
        share = self.weights[i][k] / max(1e-9, sum(open_) + rest)
        return share if len(open_) == len(self.weights[i]) else min(SECOND_AT_MOST, share)

    def _excluded(self, option: Option, choice: Sequence[int | None]) -> bool:
        """Does it contradict what the other sentences were chosen to say?"""
        return any(
            option in c.options and all(o == option or choice[o[0]] == o[1] for o in c.options)
            for c in self.found
        )

    def _because(self, i: int, before: int, choice: Sequence[int | None]) -> str:
        met = [c for c in self.found if (i, before) in c.options]
        blamed = [c for c in met if all(o == (i, before) or choice[o[0]] == o[1] for o in c.options)] or met
        if not blamed:
            return "the kinds of its things fit another reading better"
        said = [(s, k) for s, k in blamed[0].options if s != i]
        others = [f"sentence {s + 1}, {show(self.sentences[s][k].formula)}" for s, k in said]
        against = "; ".join((*others, *blamed[0].conflict.beside)) or "itself"
        claim = show(self.sentences[i][before].formula)
        return f"the best reading by itself, {claim}, contradicts {against}"


def option_of(label: str) -> Option:
    """The sentence and the reading, from 0, that a label of `JointReading.theory` stands for."""
    sentence, reading = label.split(".")[:2]
    return int(sentence[1:]) - 1, int(reading[1:]) - 1


def _best(weights: Sequence[float]) -> int | None:
    return max(range(len(weights)), key=lambda k: (weights[k], -k), default=None)


def _unread(readings: Sequence[Reading]) -> float:
    """The probability that no reading is right, as far as that may be chosen; 0 where it may not."""
    rest = 1.0 - sum(r.score for r in readings)
    if not readings or rest < UNREAD_FROM:
        return 0.0
    return min(rest, UNREAD_AT_MOST * max(r.score for r in readings))


def _as_odds(p: float) -> float:
    """A score whose odds cost -log p nats, which is how `Optimum` counts."""
    return 1.0 / (1.0 + min(1.0, max(p, 1e-9)))


def _as_theory(sentences: Sequence[Sequence[Reading]], background: Theory) -> tuple[Theory, tuple[str, ...]]:
    """The background with every reading as claims, and the labels of these."""
    own = [
        Claim(f"s{i}.r{k}" + (f".{n}" if n else ""), f, Axiom(DOCUMENT, 0, show(f)), r.score)
        for i, readings in enumerate(sentences, 1)
        for k, r in enumerate(readings, 1)
        if r.act == "tell"
        for n, f in enumerate((r.formula, *r.presuppositions))
    ]
    taken = {c.label for c in own}
    kept = tuple(
        replace(c, label=f"known {c.label}") if c.label in taken else c
        for c in background.claims
        if not has_naf(c.formula)
    )
    classical = background.semantics is Semantics.CLASSICAL
    return Theory((*kept, *own) if classical else tuple(own)), tuple(c.label for c in own)


# --- kinds ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kinds:
    """What a graph says of kinds: what is above each, what each argument of a relation must be, and
    what each thing is."""

    above: Mapping[str, frozenset[str]]
    wanted: Mapping[tuple[str, int], frozenset[str]]  # a relation, and 0 or 1 for its argument
    of: Mapping[Term, frozenset[str]]


def kinds_of(claims: Iterable[Claim]) -> Kinds:
    """Read off claims such as `forall ?x. p(?x) -> q(?x)`, `forall ?x, ?y. r(?x, ?y) -> p(?x)`, `p(a)`."""
    up: dict[str, set[str]] = defaultdict(set)
    wanted: dict[tuple[str, int], set[str]] = defaultdict(set)
    of: dict[Term, set[str]] = defaultdict(set)
    for c in claims:
        match c.formula:
            case Atom(pred, (t,)):
                of[t].add(pred)
            case Forall(_, Implies(Atom(p, (x,)), Atom(q, (y,)))) if x == y:
                up[p].add(q)
            case Forall(_, Implies(Atom(r, (x, y)), Atom(q, (z,)))) if z in (x, y) and x != y:
                wanted[r, 0 if z == x else 1].add(q)
            case _:
                pass
    above = {k: _upward(k, up) for k in sorted({*up, *(q for qs in wanted.values() for q in qs)})}
    return Kinds(
        above,
        {key: frozenset(qs) for key, qs in wanted.items()},
        {t: frozenset(q for p in ps for q in above.get(p, {p})) for t, ps in of.items()},
    )


def fit(reading: Reading, kinds: Kinds) -> float:
    """How well the arguments of the reading's relations are of the kinds that the relations want.

    MISFITS where one is known to be of other kinds only, else FITS where one is of that kind, else 1.
    """
    said: dict[Term, set[str]] = defaultdict(set)
    every = list(dict.fromkeys(a for f in (reading.formula, *reading.presuppositions) for a in atoms(f)))
    for a in every:
        if len(a.args) == 1:
            said[a.args[0]] |= kinds.above.get(a.pred, frozenset((a.pred,)))
    out = 1.0
    for a in every:
        for place, t in enumerate(a.args[:2] if len(a.args) == 2 else ()):
            known = kinds.of.get(t, frozenset()) | said.get(t, set())
            for q in sorted(kinds.wanted.get((a.pred, place), ())):
                if q in known:
                    out = FITS
                elif known & kinds.above.keys():  # of kinds that the graph speaks of
                    return MISFITS
    return out


def _upward(kind: str, up: Mapping[str, set[str]]) -> frozenset[str]:
    out, front = {kind}, [kind]
    while front:
        new = up.get(front.pop(), set()) - out
        out |= new
        front += sorted(new)
    return frozenset(out)
