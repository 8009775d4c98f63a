"""Entailment of two sentences about one scene: entailed, contradicted or neither, each with its certificate.

    premise + what words mean |- hypothesis            entailment
    premise + what words mean |- not hypothesis        contradiction
    a model of each                                    neutral

Captions are not general statements: "a dog runs", "dogs run" and "the dog runs" all say that there is
such a dog (`scene`).  A caption that denies something ("the dog is not running") is taken to speak of
the scene that the other caption describes, so that it denies it of every such dog there; that is an
assumption, and stands as a claim of its own among the hypotheses of a theorem that needs it.  (The
guidelines of SICK ask annotators for the same: Marelli et al. 2014, section 3.)  Words are connected
by WordNet and by the grammar of predicates (`knowledge.lexical`), again claims of their own.

Where a sentence cannot be read, or no certificate is found, a classifier may guess.  Its answers say
so (`certified` is False, `by` names it) and never look like proved ones.

Knows parser readings, lexical claims and the seam to solvers.  Must not know a data set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, assert_never

from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Implies,
    Not,
    Term,
    Var,
    atoms,
    map_terms,
)
from neurosym.logic.counting import at_least, counted
from neurosym.theory import Axiom, Claim, Span, Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

if TYPE_CHECKING:
    from neurosym.knowledge.wordnet import WordNet
    from neurosym.parser.reading import Reading, TextParser

MIN_SCORE = 0.5  # readings below it are not believed
LIMITS = Limits(seconds=5.0, domain=6)
ONE_SCENE = "one scene"  # document of the assumption that both sentences are about the same things
PREMISE = "premise"

# Sentences with these words are general, or deny of everything: their universals are meant.
_GENERAL = frozenset(
    str.split("all every each any no none nobody nothing neither never only whoever whatever if whenever")
)
_DEFINITE = frozenset(str.split("the this that these those his her its their my your our one's"))


class Label(StrEnum):
    ENTAILMENT = "entailment"
    CONTRADICTION = "contradiction"
    NEUTRAL = "neutral"


class Classifier(Protocol):
    """Guesses without a proof.  `name` is what an answer is said to be by."""

    name: str

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[dict[str, float]]:
        """For each (premise, hypothesis), the probability of each `Label` by its value; they add up to 1."""
        ...


@dataclass(frozen=True, slots=True)
class EntailmentResponse:
    """What one sentence says of another.

    `label` is None where nothing answered.  `certified`: the kernel has checked the certificate of
    `verdict` about `theory` and `goal`; otherwise `by` is the classifier's name, and `reason` says why
    there is no certificate.  `used` are the claims besides the premise that the proof rests on; `probability`
    in [0, 1] is that both readings and the used claims are right (for a neutral answer: the readings), or
    the classifier's.
    """

    premise: str
    hypothesis: str
    label: Label | None
    certified: bool
    by: str
    probability: float
    verdict: Verdict | None
    theory: Theory
    goal: Formula | None
    used: tuple[Claim, ...] = ()
    reason: str = ""

    @property
    def assumptions(self) -> tuple[Claim, ...]:
        """Those of the used claims that say that both sentences describe one scene."""
        return tuple(c for c in self.used if isinstance(c.source, Axiom) and c.source.document == ONE_SCENE)


@dataclass(frozen=True, slots=True)
class Scene:
    """A text as one existential statement.  `score`: the probability that it was read rightly."""

    formula: Formula
    score: float
    span: Span


def entails(
    parser: TextParser,
    solver: Solver,
    premise: str,
    hypothesis: str,
    *,
    classifier: Classifier | None = None,
    words: WordNet | None = None,
    folder: str | Path | None = None,
    limits: Limits = LIMITS,
    min_score: float = MIN_SCORE,
    n_best: int = 1,
) -> EntailmentResponse:
    """Does `hypothesis` follow from `premise`, or its negation, or neither?

    `words` or its `folder`: WordNet's files.  n_best: how many readings of each sentence are tried, in
    the order of their probability, until one pair proves or disproves; a neutral answer is that of the
    best pair.  Raises ParserError for an empty text, KnowledgeError where WordNet's files are missing.
    """
    lexicon = words or _wordnet(folder)
    one = scenes(parser, premise, PREMISE, lexicon, n_best)
    two = scenes(parser, hypothesis, "hypothesis", lexicon, n_best)
    reason = one if isinstance(one, str) else two if isinstance(two, str) else ""
    best: EntailmentResponse | None = None
    if not isinstance(one, str) and not isinstance(two, str):
        pairs = sorted(product(one, two), key=lambda p: -p[0].score * p[1].score)
        sure = [(a, b) for a, b in pairs if a.score >= min_score and b.score >= min_score]
        if not sure:
            reason = f"the best readings have scores {pairs[0][0].score:.2f} and {pairs[0][1].score:.2f}"
        for a, b in sure:
            found = judge(solver, a, b, lexicon, limits)
            best = best or found
            if found.certified and found.label is not Label.NEUTRAL:
                best = found
                break
    if best is not None and best.certified:
        return best
    reason = best.reason if best is not None else reason
    return _guess(classifier, premise, hypothesis, best, reason)


def judge(
    solver: Solver, premise: Scene, hypothesis: Scene, words: WordNet, limits: Limits = LIMITS
) -> EntailmentResponse:
    """The verdict about two scenes.  Claims that make the premise contradict itself are left out."""
    from neurosym.knowledge.lexical import lexical_claims

    told = Claim(PREMISE, premise.formula, premise.span, premise.score)
    goal = hypothesis.formula
    meanings = lexical_claims(signature(premise.formula), signature(goal), words)
    assumed = tuple(
        Claim(
            f"{ONE_SCENE}: {name}",
            Implies(scene.formula, denied),
            Axiom(ONE_SCENE, 0, f"both sentences describe one scene, so {scene.span.text!r} denies it there"),
        )
        for name, scene in ((PREMISE, premise), ("hypothesis", hypothesis))
        if (denied := denial(scene.formula)) is not None
    )
    apart = tuple(c for c in meanings if not c.label.startswith("disjoint "))
    verdict: Verdict = Unknown("not asked")
    theory = Theory((told,))
    for claims in dict.fromkeys(((*meanings, *assumed), (*apart, *assumed), apart, ())):
        theory = Theory((told, *claims))
        verdict = solver.solve(theory, goal, limits)
        if not isinstance(verdict, Inconsistent):
            break
    label, reason = _labelled(verdict)
    used: tuple[Claim, ...] = ()
    if label is not None and label is not Label.NEUTRAL and verdict.certificate is not None:
        carried = verdict.theorem.hypotheses if verdict.theorem is not None else ()
        used = tuple(c for c in theory.claims if c.label in carried and c.label != PREMISE)
    probability = premise.score * hypothesis.score
    for c in used:
        probability *= c.score
    by = {Label.NEUTRAL: "two models", None: ""}.get(label, "proof")
    return EntailmentResponse(
        premise.span.text, hypothesis.span.text, label, label is not None, by, probability, verdict, theory,
        goal, used, reason,
    )  # fmt: skip


def _labelled(verdict: Verdict) -> tuple[Label | None, str]:
    """The label that a verdict certifies, or why it certifies none."""
    match verdict:
        case Proved():
            return Label.ENTAILMENT, ""
        case Disproved():
            return Label.CONTRADICTION, ""
        case Unknown(reason, certificate=certificate):
            return (Label.NEUTRAL, "") if certificate is not None else (None, reason)
        case Inconsistent():
            return None, "the premise contradicts itself"
        case Both():
            return None, "the hypothesis and its negation are both derivable"
        case _:
            assert_never(verdict)


def _guess(
    classifier: Classifier | None,
    premise: str,
    hypothesis: str,
    tried: EntailmentResponse | None,
    reason: str,
) -> EntailmentResponse:
    verdict, theory, goal = (
        (None, Theory(()), None) if tried is None else (tried.verdict, tried.theory, tried.goal)
    )
    if classifier is None:
        return EntailmentResponse(
            premise, hypothesis, None, False, "", 0.0, verdict, theory, goal, reason=reason
        )
    shares = classifier.probabilities([(premise, hypothesis)])[0]
    label = max(Label, key=lambda name: shares[name.value])
    return EntailmentResponse(
        premise, hypothesis, label, False, classifier.name, shares[label.value], verdict, theory, goal,
        reason=reason,
    )  # fmt: skip


def _wordnet(folder: str | Path | None) -> WordNet:
    from neurosym.knowledge.wordnet import FOLDER, wordnet

    return wordnet(Path(folder) if folder is not None else FOLDER)


# --- scenes -----------------------------------------------------------------------------------


def scenes(
    parser: TextParser, text: str, document: str, words: WordNet, n_best: int = 1
) -> tuple[Scene, ...] | str:
    """The readings of a text as scenes, best first; or why it has none."""
    parsed = parser.read(text if text.rstrip()[-1:] in ".!?" else f"{text.rstrip()}.", document, n_best)
    for p in parsed:
        if not p.readings:
            return f"not read: {p.span.text!r}: {p.reason}"
        if p.readings[0].act != "tell" or p.readings[0].partial:
            return f"not read as a statement: {p.span.text!r}"
    choices = product(*(p.readings for p in parsed))
    span = Span(document, parsed[0].span.start, parsed[-1].span.end, text)
    found = []
    for chosen in choices:
        score = 1.0
        for r in chosen:
            score *= r.score
        sentences = [(r, p.span.text) for r, p in zip(chosen, parsed, strict=True) if r.act == "tell"]
        if len(sentences) == len(parsed):
            found.append(Scene(scene(sentences, words), score, span))
    return tuple(sorted(found, key=lambda s: -s.score)[:n_best])


def scene(sentences: Sequence[tuple[Reading, str]], words: WordNet | None = None) -> Formula:
    """What sentences say of one scene, as a formula without constants but for proper names.

    A definite description is something that there is; a bare noun ("milk") likewise, but within a
    negation; a general statement that no word marks as such is about something that there is.
    """
    parts: list[Formula] = []
    wide: dict[str, Term] = {}
    said: list[Formula] = []
    for reading, text in sentences:
        plain = [w.lower() for w in re.findall(r"[\w']+", text)]
        formula = reading.formula
        if not _GENERAL & set(plain):
            formula = _particular(formula)
        for given in reading.presuppositions:
            if not isinstance(given, Atom) or not isinstance(given.args[0], Const):
                continue
            name = given.args[0].name
            if name in wide or _definite(name, reading, text):
                wide.setdefault(name, Var(f"{name}_the"))
            else:
                var = Var(f"{name}_some")
                formula = _bound(formula, Const(name), var, _described(name, var, words))
        for anaphor in reading.anaphors:
            wide.setdefault(anaphor.constant, Var(f"it_{len(wide)}"))
        parts.append(formula)
        said += [g for g in reading.presuppositions if isinstance(g, Atom)]
    names = {Const(n): v for n, v in wide.items()}
    body = [map_terms(p, lambda t: names.get(t, t) if isinstance(t, Const) else t) for p in parts]
    described = {g.pred for g in said if isinstance(g, Atom) and g.pred in wide}
    first = [a for n in wide if n in described for a in _described(n, wide[n], words)]
    every = _conjunction([*first, *body])
    return Exists(tuple(v for v in wide.values() if isinstance(v, Var)), every) if wide else every


def _definite(name: str, reading: Reading, text: str) -> bool:
    """Does the text have "the" or its like before the thing?  Without the model's tokens: yes."""
    from neurosym.parser.morphology import normalize
    from neurosym.parser.tokenize import words as tokenized

    if not reading.tokens:
        return True
    heads = tokenized(text)
    parts = name.split("_")
    at = {int(t[2:]) for t in reading.tokens if t.startswith("D:")}
    for i in sorted(at):
        first = heads[i].text if i < len(heads) else ""
        if {normalize(first, "D"), first.lower()} & {parts[0]} and i:
            before = heads[i - 1].text.lower()
            return before in _DEFINITE
    return False


def _described(name: str, var: Term, words: WordNet | None) -> list[Formula]:
    """What "the young boys" takes for granted: young(x) and boy(x).  Compound nouns stay whole."""
    *before, head = name.split("_")
    if words is None or words.knows(name, "noun"):
        return [Atom(name, (var,))]
    adjectives: list[str] = []
    while before and words.knows(before[0], "adj") and not words.knows("_".join([*before, head]), "noun"):
        adjectives.append(before.pop(0))
    return [Atom(a, (var,)) for a in (*adjectives, "_".join([*before, head]))]


def _particular(f: Formula) -> Formula:
    """General statements as statements about something that there is: "a horse is racing"."""
    match f:
        case Forall(vs, Implies(a, b)):
            return Exists(vs, _conjunction([a, _particular(b)]))
        case And(parts):
            return And(tuple(_particular(p) for p in parts))
        case Exists(vs, body):
            return Exists(vs, _particular(body))
        case _:
            return f


def _bound(f: Formula, name: Const, var: Var, described: Sequence[Formula]) -> Formula:
    """`f` with the constant bound by an existential that takes in all that mentions it, and no more."""

    def mentions(g: Formula) -> bool:
        seen: list[Term] = []
        map_terms(g, lambda t: seen.append(t) or t if t == name else t)  # type: ignore[func-returns-value]
        return bool(seen)

    match f:
        case _ if not mentions(f):
            return f
        case And(parts):
            own = [p for p in parts if mentions(p)]
            if len(own) == 1:
                return And(tuple(_bound(p, name, var, described) for p in parts))
            inner = _bind(And(tuple(own)), name, var, described)
            return _conjunction([*(p for p in parts if p not in own), inner])
        case Not(body):
            return Not(_bound(body, name, var, described))
        case Exists(vs, body):
            return Exists(vs, _bound(body, name, var, described))
        case Forall(vs, body):
            return Forall(vs, _bound(body, name, var, described))
        case _:
            return _bind(f, name, var, described)


def _bind(f: Formula, name: Const, var: Var, described: Sequence[Formula]) -> Formula:
    body = map_terms(f, lambda t: var if t == name else t)
    return Exists((var,), _conjunction([*described, body]))


def _conjunction(parts: Iterable[Formula]) -> Formula:
    flat = [q for p in parts for q in (p.parts if isinstance(p, And) else (p,))]
    return flat[0] if len(flat) == 1 else And(tuple(dict.fromkeys(flat)))


# --- one scene --------------------------------------------------------------------------------


def denial(f: Formula) -> Formula | None:
    """What a scene that lacks something denies where it is the only scene: None where it lacks nothing.

    "Some man is not playing" denies that some man is playing; "two dogs are not running" that two are.
    """
    clauses = f.parts if isinstance(f, And) else (f,)
    denied = [Not(v) for c in clauses if not isinstance(c, Not) for v in _asserted(c)]
    return _conjunction(denied) if denied else None


def _asserted(f: Formula) -> list[Formula]:
    """`f` with each of its negations asserted instead, and without the others."""
    match f:
        case Not(Equal()):
            return []
        case Not(body):
            return [body]
        case And(parts):
            found = [_asserted(p) for p in parts]
            kept = [p for p, v in zip(parts, found, strict=True) if not v]
            return [_conjunction([*kept, one]) for variants in found for one in variants]
        case Exists(vs, body):
            count = counted(f)
            if count is not None and count[0] == "at_least" and count[1] > 1:
                return [at_least(count[1], count[2], one) for one in _asserted(count[3])]
            return [Exists(vs, one) for one in _asserted(body)]
        case _:
            return []


def signature(f: Formula) -> tuple[tuple[str, int], ...]:
    """The predicates of `f` with their numbers of arguments, sorted."""
    return tuple(sorted({(a.pred, len(a.args)) for a in atoms(f)}))
