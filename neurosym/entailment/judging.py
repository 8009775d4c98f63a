"""Entailment of two sentences about one scene: entailed, contradicted or neither, each with its certificate.

    premise + what words mean |- hypothesis            entailment
    premise + what words mean |- not hypothesis        contradiction
    a model of each                                    neutral

Captions are not general statements: "a dog runs", "dogs run" and "the dog runs" all say that there is
such a dog (`scenes.scene`).  A caption that denies something ("the dog is not running") is taken to speak of
the scene that the other caption describes, so that it denies it of every such dog there, and what both
call "the dog" is taken to be one dog, which is not awake in the one and asleep in the other.  These are
assumptions, and stand as claims of their own among the hypotheses of a theorem that needs them.  (The
guidelines of SICK ask annotators for the same: Marelli et al. 2014, section 3.)  Words are connected
by WordNet and by the grammar of predicates (`knowledge.lexical`), again claims of their own.  Their
scores are how often a word has the sense in the texts that WordNet's makers tagged, most of them of 1961:
what else is said does not choose the sense, so that a mouse beside a keyboard is likely a rodent.

Where a sentence cannot be read, or no certificate is found, a classifier may guess.  Its answers say
so (`certified` is False, `by` names it) and never look like proved ones.

Knows parser readings, lexical claims and the seam to solvers.  Must not know a data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, assert_never

from neurosym.entailment.assumed import denial, same_things
from neurosym.entailment.scenes import NoScene, Scene, scenes, shortened, signature
from neurosym.errors import ParserError
from neurosym.logic import Formula, Implies
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Solver, Unknown, Verdict

if TYPE_CHECKING:
    from neurosym.knowledge.wordnet import Part, WordNet
    from neurosym.parser.reading import TextParser

MIN_SCORE = 0.5  # readings below it are not believed ...
MIN_PROOF = 0.1  # ... but for a proof, those from here on are
LIMITS = Limits(seconds=5.0, domain=6)
ONE_SCENE = "one scene"  # document of the assumption that both sentences are about the same things
PREMISE = "premise"
# Of the pairs that are entailed or contradicted and are answered with a certificate, the share where it is a
# proof: `benchmarks.linking_recall` finds 181 of 197 on made-up pairs, whose words WordNet connects.
RECALL = 0.92


class Label(StrEnum):
    """What one sentence says of the other."""

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
    there is no certificate.  `used` are the claims besides the premise that the proof rests on.

    `probability` in [0, 1], of a proof: that both readings and the used claims are right.  Of a certified
    neutral answer: that both readings are right and that nothing is missing that would prove or disprove the
    hypothesis (`nothing_missed`); its certificate shows no more than that what is known proves neither.
    Without certificate it is the classifier's.
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
    min_proof: float = MIN_PROOF,
    n_best: int = 1,
) -> EntailmentResponse:
    """Does `hypothesis` follow from `premise`, or its negation, or neither?

    `words` or its `folder`: WordNet's files.  n_best: how many readings of each sentence are tried, in
    the order of their probability, until one pair proves or disproves; a neutral answer is that of the
    best pair, and only of readings that score `min_score`.  Readings that score less, but `min_proof`, are
    believed where they prove something, as two sentences that are misread seldom happen to fit.
    What is no statement (a question, a command, no words of English, more than a few sentences) has no label.
    Raises ParserError for an empty text, KnowledgeError where WordNet's files are missing.
    """
    lexicon = words or _wordnet(folder)
    one = scenes(parser, premise, PREMISE, lexicon, n_best)
    two = scenes(parser, hypothesis, "hypothesis", lexicon, n_best)
    without = [s for s in (one, two) if isinstance(s, NoScene)]
    if any(not s.statement for s in without):
        classifier = None  # it has an opinion about anything
    reason = min(without, key=lambda s: s.statement).reason if without else ""
    best: EntailmentResponse | None = None
    if not isinstance(one, NoScene) and not isinstance(two, NoScene):
        for a, b in sorted(product(one, two), key=lambda p: -p[0].score * p[1].score):
            least = min(a.score, b.score)
            if least < min(min_score, min_proof):
                continue
            found = judge(solver, a, b, lexicon, limits)
            if found.label in (Label.ENTAILMENT, Label.CONTRADICTION) and found.certified:
                return found
            if least >= min_score:
                best = best or found
        if best is None:
            reason = f"the best readings have scores {one[0].score:.2f} and {two[0].score:.2f}"
    if best is not None and best.certified:
        if best.label is not Label.NEUTRAL or classifier is None:
            return best
        shares = classifier.probabilities([(premise, hypothesis)])[0]
        readings = best.probability / nothing_missed()
        return replace(best, probability=readings * nothing_missed(shares[Label.NEUTRAL.value]))
    reason = best.reason if best is not None else reason
    return _guess(classifier, premise, hypothesis, best, reason)


def nothing_missed(neutral: float = 1 / 3) -> float:
    """The probability that two sentences are neutral, where neither proof was found though both were read.

    By Bayes' rule from `neutral`, how probable that was before (a classifier's opinion; without one, each
    label is as probable), and RECALL: a proof is missed where words are connected in a way that WordNet
    does not have.  The classifier reads the words, so that it is no independent witness where it, too, knows
    no connection: then this is too sure.
    """
    missed = (1.0 - RECALL) * (1.0 - neutral)
    return neutral / (neutral + missed) if neutral > 0.0 else 0.0


def judge(
    solver: Solver, premise: Scene, hypothesis: Scene, words: WordNet, limits: Limits = LIMITS
) -> EntailmentResponse:
    """The verdict about two scenes.  Claims that make the premise contradict itself are left out."""
    from neurosym.knowledge.lexical import lexical_claims

    told = Claim(PREMISE, premise.formula, premise.span, premise.score)
    goal = hypothesis.formula
    parts: dict[str, frozenset[Part]] = {}
    for word, part in (*sorted(premise.parts), *sorted(hypothesis.parts)):
        parts[word] = parts.get(word, frozenset()) | {part}
    meanings = lexical_claims(signature(premise.formula), signature(goal), words, parts)
    assumed = tuple(
        Claim(
            f"{ONE_SCENE}: {name}",
            Implies(scene.formula, denied),
            Axiom(
                ONE_SCENE,
                0,
                f"both sentences describe one scene, so {shortened(scene.span.text)!r} denies it there",
            ),
        )
        for name, scene in ((PREMISE, premise), ("hypothesis", hypothesis))
        if (denied := denial(scene.formula)) is not None
    )
    apart = tuple(c for c in meanings if not c.label.startswith("disjoint "))
    same = same_things(premise.formula, goal, premise.known & hypothesis.known)
    if same is not None and len(apart) < len(meanings):  # else nothing is too much for one thing
        what = "both sentences describe one scene, so what they speak of by the same words is the same there"
        assumed = (*assumed, Claim(f"{ONE_SCENE}: same", same, Axiom(ONE_SCENE, 0, what)))
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
    if label is Label.NEUTRAL:
        probability *= nothing_missed()
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


@lru_cache(maxsize=1)
def shipped_classifier() -> Classifier | None:
    """The classifier that comes with the package; None where its weights are not installed."""
    from neurosym.parser.nli import NeuralClassifier

    try:
        return NeuralClassifier()
    except ParserError:
        return None


def _wordnet(folder: str | Path | None) -> WordNet:
    from neurosym.knowledge.wordnet import FOLDER, wordnet

    return wordnet(Path(folder) if folder is not None else FOLDER)
