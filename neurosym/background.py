"""What a question needs beside what was told: what words of order mean, and which words are synonyms.

Knows theories and the modules that make such claims; must not know sessions or solvers.  Each
claim stands on its own, labelled, with a source that says what it is, and is a hypothesis of
whatever is proved with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING

from neurosym.errors import KnowledgeError
from neurosym.logic import Formula, Rule, atoms
from neurosym.theory import Axiom, Claim, Span, Theory, Triple
from neurosym.verdict import Inconsistent, Verdict

if TYPE_CHECKING:
    from neurosym.knowledge import Vocabulary
    from neurosym.knowledge.bridges import Bridging
    from neurosym.knowledge.numbered import Numbered
    from neurosym.knowledge.sayings import Wordings
    from neurosym.knowledge.synonymy import Link
    from neurosym.knowledge.thesaurus import Words
    from neurosym.knowledge.uses import Symbol, Uses

JOINED = "synonymy:joined"  # labels of links of names that join two words
MOST_KEPT = 1000  # questions whose links are kept
WORDING, SUPPOSED, PAIRED = "wording", "supposed", "pairing"  # documents that guesses come from
CALLED = "called"  # ... and what names tell of their things


@dataclass(slots=True)
class Background:
    """What is added to the theory of a question.

    order: the meaning of words of order (`ordering`).  synonyms: that predicates which text names by
    different words are one (`knowledge.synonymy`), and that ticket A12 is a ticket (`knowledge.numbered`):
    how a text was meant, so on by default.  kinds:
    also that every dog is an animal: what was not told, so off.  Without WordNet's files nothing is
    linked.  wording: that a text says one thing in two ways, more surely or less
    (`knowledge.sayings`).  supposed: that what it speaks of throughout is of one sort, and that there are
    things of the kind that a general question is about (`knowledge.supposed`).  Both are guesses
    that raise what is answered and lower how surely, so off.  bold: guesses that are as likely wrong as
    right, for who must answer: loose ends of the text tied (`knowledge.pairing`), and sorts seen once.

    What was found for the theory asked last is kept, and the same questions get the same theory, so
    that a solver that has loaded it need not load it again.
    """

    order: bool = True
    synonyms: bool = True
    kinds: bool = False
    wording: bool = False
    supposed: bool = False
    bold: bool = False
    _plain: Theory | None = None  # the theory that was last found to need no words of order
    _linked: _Linked | None = None
    _wordings: Wordings | None = None

    def completed(
        self, theory: Theory, goals: Sequence[Formula], vocabulary: Vocabulary | None = None
    ) -> Theory:
        """The theory with what the goals need of the background; the same object where they need none.

        vocabulary: that of the graphs in the theory, whose labels are further names of its predicates.
        """
        if not theory.claims:
            return theory
        known = self._with_synonyms(theory, self._with_order(theory, goals), goals, vocabulary)
        if not (self.wording or self.supposed) or not any(isinstance(c.source, Span) for c in theory.claims):
            return known
        return self._with_guesses(theory, known, goals)

    def _with_guesses(self, told: Theory, theory: Theory, goals: Sequence[Formula]) -> Theory:
        from neurosym.knowledge.pairing import excluding, namesakes, paired
        from neurosym.knowledge.sayings import Wordings
        from neurosym.knowledge.supposed import supposed
        from neurosym.knowledge.synonymy import linkable

        net = _words() if linkable(told) else None
        if net is None:
            return theory
        read = [c.formula for c in told.claims if not isinstance(c.formula, Rule)]
        known = {c.formula for c in theory.claims}
        guesses: list[Claim] = []
        if self.wording:
            if self._wordings is None:
                self._wordings = Wordings(net)
            given, wanted = _purposes(told, goals)
            for found in self._wordings.among([*read, *goals]):
                w = found
                if found.fewer is not None:
                    more, less = ({*s.parts} for s in found.fewer)
                    vain = not more & given and not less & wanted and less & given and more & wanted
                    w = (found.meant_as_one() if vain else None) or found
                if w.formula not in known:
                    source = Axiom(WORDING, 0, f"by wording: {w.why}")
                    guesses.append(Claim(f"{WORDING}:{len(guesses) + 1}", w.formula, source, w.score))
        if self.bold:
            linked = [c.formula for c in (*theory.claims[len(told.claims) :], *guesses)]
            ties = paired(read, goals, [f for f in linked if not isinstance(f, Rule)], net)
            either = [
                c.formula
                for c in told.claims
                if isinstance(c.source, Span)
                and not isinstance(c.formula, Rule)
                and "either" in c.source.text.lower()
            ]
            for w in (*ties, *namesakes(read, goals), *excluding(either)):
                source = Axiom(PAIRED, 0, f"a guess: {w.why}")
                guesses.append(Claim(f"{PAIRED}:{len(guesses) + 1}", w.formula, source, w.score))
        if self.supposed:
            for f, score, why in supposed(read, goals, net, bold=self.bold):
                if f not in known:
                    label = f"{SUPPOSED}:{len(guesses) + 1}"
                    guesses.append(Claim(label, f, Axiom(SUPPOSED, 0, f"taken for granted: {why}"), score))
        return replace(theory, claims=(*theory.claims, *guesses)) if guesses else theory

    def _with_order(self, theory: Theory, goals: Sequence[Formula]) -> Theory:
        if not self.order or theory is self._plain:
            return theory
        from neurosym.ordering import enumerations, ordered

        if not enumerations(theory):
            self._plain = theory
            return theory
        return ordered(theory, goals)

    def _with_synonyms(
        self, told: Theory, theory: Theory, goals: Sequence[Formula], vocabulary: Vocabulary | None
    ) -> Theory:
        if not self.synonyms:
            return theory
        linked = self._linked  # several threads may ask at once
        if linked is None or not linked.about(told, vocabulary):
            self._linked = linked = _Linked(told, vocabulary, self.kinds)
        return linked.added(theory, goals)


def _purposes(told: Theory, goals: Sequence[Formula]) -> tuple[set[Symbol], set[Symbol]]:
    """The predicates that some claim gives or a question is about, and those that a claim has a use for.

    A question may ask for more than was told, so that its predicates are never in vain.
    """
    from neurosym.knowledge.synonymy import uses_of

    uses, asked = uses_of(told), {(a.pred, len(a.args)) for g in goals for a in atoms(g)}
    return uses.derived | asked, uses.used | asked


@dataclass(slots=True)
class _Linked:
    """The links found in one theory, as it was told.

    spoken: text was read into it; else it is a graph's, and only what a goal alone speaks of is linked.
    """

    told: Theory
    vocabulary: Vocabulary | None
    kinds: bool
    spoken: bool = field(init=False)
    uses: Uses | None = None
    labels: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    known: dict[tuple[Formula, ...], tuple[Link, ...]] = field(default_factory=dict)
    joined: dict[tuple[Formula, ...], tuple[Claim, ...]] = field(default_factory=dict)
    bridging: Bridging | None = None
    made: dict[tuple[tuple[Link, ...], tuple[Claim, ...]], Theory] = field(default_factory=dict)
    numbered: Numbered | None = None

    def __post_init__(self) -> None:
        self.spoken = any(isinstance(c.source, Span) for c in self.told.claims)

    def about(self, theory: Theory, vocabulary: Vocabulary | None) -> bool:
        return self.told is theory and self.vocabulary is vocabulary

    def added(self, theory: Theory, goals: Sequence[Formula]) -> Theory:
        """`theory`, which is the one told or that with words of order, with the links."""
        if not (self.spoken or self._strange(goals)):
            return theory
        from neurosym.knowledge.synonymy import claims_of

        found, kinds = self._links(tuple(goals)), self._called(goals)
        kinds = (*self.joined.get(tuple(goals), ()), *kinds)
        if not found and not kinds:
            return theory
        if theory is not self.told:  # what it says of words of order depends on the goals
            return replace(theory, claims=(*theory.claims, *claims_of(found, theory), *kinds))
        if (found, kinds) not in self.made:
            claims = (*theory.claims, *claims_of(found, theory), *kinds)
            self.made[found, kinds] = replace(theory, claims=claims)
        return self.made[found, kinds]

    def _called(self, goals: Sequence[Formula]) -> tuple[Claim, ...]:
        """That ticket A12 is a ticket, where the text or a goal speaks of tickets."""
        from neurosym.knowledge.numbered import SURE, Numbered, called, is_noun, numbered

        if not self.spoken:  # a graph says of each thing what it is
            return ()
        if self.numbered is None:
            told = numbered(c.formula for c in self.told.claims)
            # a predicate may be a verb: "Anna calls" makes nothing of what call 12 is
            nouns = {k for k in told.kinds if any(t.lower().startswith(f"{k}_") for t in told.things)}
            seen = {
                k
                for c in self.told.claims
                for k in nouns
                if isinstance(c.source, Span) and is_noun(k, c.source.text)
            }
            self.numbered = Numbered(told.things, frozenset(seen), told.known)
        found = called(self.numbered | replace(numbered(goals), kinds=frozenset()))
        known = {c.label for c in self.told.claims}
        labels = (label for n in count(1) if (label := f"{CALLED}:{n}") not in known)
        return tuple(
            Claim(next(labels), f, Axiom(CALLED, 0, f"by its name: {why}"), SURE) for f, why in found
        )

    def _strange(self, goals: Sequence[Formula]) -> bool:
        """Do the goals speak of a predicate that a graph's theory does not have?"""
        if not any(isinstance(c.source, Triple) for c in self.told.claims):
            return False
        left = {(a.pred, len(a.args)) for g in goals for a in atoms(g)}
        for c in self.told.claims:
            left.difference_update([(a.pred, len(a.args)) for a in atoms(c.formula)])
            if not left:
                return False
        return True

    def _links(self, goals: tuple[Formula, ...]) -> tuple[Link, ...]:
        from neurosym.knowledge.bridges import unsure
        from neurosym.knowledge.synonymy import linkable, links, names_of, uses_of

        if goals not in self.known:
            if len(self.known) >= MOST_KEPT:
                self.known.clear()
                self.joined.clear()
            words = _words() if linkable(self.told) else None
            if words is not None and self.uses is None:
                self.uses = uses_of(self.told)
                self.labels = {} if self.vocabulary is None else names_of(self.vocabulary)
            if words is None or self.uses is None:
                self.known[goals], self.joined[goals] = (), ()
            else:
                every = links(self.uses, goals, words, self.labels, with_kinds=self.kinds)
                found = tuple(x for x in every if not unsure(x, words))
                self.known[goals], self.joined[goals] = found, self._bridges(goals, found, self.uses, words)
        return self.known[goals]

    def _bridges(
        self, goals: tuple[Formula, ...], found: tuple[Link, ...], uses: Uses, words: Words
    ) -> tuple[Claim, ...]:
        """That a name which joins a relation and its object says what other words say in two."""
        from neurosym.knowledge.bridges import Bridging

        if self.bridging is None:
            told = [c.formula for c in self.told.claims if not isinstance(c.formula, Rule)]
            self.bridging = Bridging(told, uses, words, self.labels)
        bridges = self.bridging.found(goals, found)
        known = {c.label for c in self.told.claims} if bridges else set()
        labels = (label for n in count(1) if (label := f"{JOINED}:{n}") not in known)
        return tuple(Claim(next(labels), b.formula, Axiom(b.document, 0, b.text), b.score) for b in bridges)


@lru_cache(maxsize=1)
def _words() -> Words | None:
    """WordNet, opened once a process; None where it is not installed."""
    from neurosym.knowledge.thesaurus import Words
    from neurosym.knowledge.wordnet import wordnet

    try:
        return Words(wordnet())
    except KnowledgeError:
        return None


def without_blamed(theory: Theory, verdict: Verdict) -> Theory | None:
    """The theory without the links and guesses that a contradiction rests on; None where it rests on none.

    That the claims contradict each other only if two words are synonyms speaks against the synonymy,
    not against the claims: ask again without it.
    """
    from neurosym.knowledge.synonymy import made_here

    if not isinstance(verdict, Inconsistent):
        return None
    blamed = {
        c.label
        for c in theory.claims
        if c.label in verdict.theorem.hypotheses
        and (
            made_here(c)
            or (isinstance(c.source, Axiom) and c.source.document in (WORDING, SUPPOSED, PAIRED, CALLED))
        )
    }
    if not blamed:
        return None
    return replace(theory, claims=tuple(c for c in theory.claims if c.label not in blamed))
