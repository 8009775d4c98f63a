"""People in a text under construction: names, gender, and which pronoun still tells who is meant.

Knows given names by gender and English pronouns; must not know what the people do.  A later
mention in the same sentence means the nearest earlier mention by name, or, where there is
none, the first pronoun, which an earlier sentence has to explain.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.resources import files

from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import Tree, W, entity
from neurosym.parser.generate.nouns import Words
from neurosym.parser.lexicon import invent_name, split_of

# Subject, object, possessive, reflexive and absolute forms by what the pronoun agrees with.
PRONOUNS: dict[str, tuple[str, str, str, str, str]] = {
    "f": ("she", "her", "her", "herself", "hers"),
    "m": ("he", "him", "his", "himself", "his"),
    "n": ("it", "it", "its", "itself", "its"),
    "t": ("they", "them", "their", "themselves", "theirs"),
    "i": ("I", "me", "my", "myself", "mine"),
    "w": ("we", "us", "our", "ourselves", "ours"),
    "y": ("you", "you", "your", "yourself", "yours"),
}
SUBJECT, OBJECT, POSSESSIVE, REFLEXIVE, ABSOLUTE = range(5)
MANY = frozenset("twy")  # pronouns that take the plural of verbs


@lru_cache(maxsize=3)
def given_names(split: str) -> tuple[tuple[str, str], ...]:
    """(name, "f" or "m") of the split, sorted; the list is words/genders.txt."""
    text = (files("neurosym.parser") / "words" / "genders.txt").read_text(encoding="utf-8")
    pairs = (line.split() for line in text.split("\n") if line and not line.startswith("#"))
    return tuple(sorted((n, s) for n, s in pairs if split_of(n) == split))


class Person:
    """Somebody, and how a text has mentioned them.  `telling`: a reader knows the gender."""

    __slots__ = ("gender", "here", "telling", "texts", "tree")

    def __init__(self, texts: tuple[str, ...], gender: str, telling: bool) -> None:
        self.texts, self.gender, self.telling = texts, gender, telling
        self.tree: Tree = None  # what a later pronoun in the sentence points at
        self.here = False  # mentioned in this sentence?

    def could_be(self, gender: str) -> bool:
        """Could a pronoun of that gender mean them, as far as a reader can tell?"""
        return self.gender == gender or (not self.telling and gender in "fm" and self.gender in "fm")


class Scene:
    """The people of one sentence, what it says of them, and who its clause is about."""

    __slots__ = ("anaphors", "facts", "g", "known", "people", "story", "subjects")

    def __init__(self, g: G, known: Sequence[Person] | None = None, focus: tuple[Person, ...] = ()) -> None:
        """`known`: the people of a story's earlier sentences; `focus`: whom the last one was about."""
        self.g = g
        self.facts: list[Tree] = []
        self.story = known is not None
        self.known = tuple(known or ())
        self.people: list[Person] = [*self.known]
        self.subjects = focus
        self.anaphors: list[tuple[W, Person]] = []  # pronouns that an earlier sentence explains

    def invent(self, gender: str = "") -> Person:
        """Somebody whom the text has not named yet; enters the scene when mentioned."""
        g, taken = self.g, {p.texts[0] for p in self.people if p.texts}
        back = [p for p in self.known if not p.here and (gender not in ("f", "m") or p.could_be(gender))]
        if back and g.p(0.35):
            return g.pick(back)
        while True:
            r = g.rng.random()
            if r > 0.985:
                sex = gender if gender in ("f", "m") else g.pick("fm")
                title = g.pick(("Mr.", "Dr.") if sex == "m" else ("Mrs.", "Ms.", "Dr."))
                return Person((title, g.surname()), sex, title != "Dr.")
            if r < 0.88:
                name, own = g.pick(given_names(g.split))
                if gender in ("f", "m") and own != gender:
                    continue
                telling = True
            else:
                name = g.given() if r < 0.95 else invent_name(g.rng, g.split)
                own = dict(given_names(g.split)).get(name, "")
                if own and gender in ("f", "m") and own != gender:
                    continue
                telling = bool(own)
                own = own or gender or g.pick("fm")
            if name not in taken:
                texts = (name, g.surname()) if g.p(0.03) else (name,)
                return Person(texts, own, telling)

    def outside(self) -> Person:
        """Somebody who is mentioned by pronouns only: an earlier sentence names them.

        Raises Retry where those of the earlier sentences cannot be told apart.
        """
        if self.story:
            meant = [p for p in self.known if not p.here and self.clear(p)]
            if not meant:
                raise Retry
            return self.g.pick(meant)
        kind = self.g.choose((0.38, "f"), (0.38, "m"), (0.14, "t"), (0.07, "i"), (0.03, "w"))
        return Person((), kind, True)

    def by_name(self, p: Person) -> Words:
        """A mention by name, or by a first pronoun where somebody has none."""
        if not p.texts:
            return self.by_pronoun(p, SUBJECT)
        ws = [W(t) for t in p.texts]
        p.tree = entity("E", ws)
        self._enter(p)
        return [*ws]

    def by_pronoun(self, p: Person, case: int) -> Words:
        w = W(PRONOUNS[p.gender][case])
        if p.tree is None:
            p.tree = ("R", w)
            self.anaphors.append((w, p))
        p.telling = True
        self._enter(p)
        return [w]

    def _enter(self, p: Person) -> None:
        p.here = True
        if p not in self.people:
            self.people.append(p)

    def clear(self, p: Person, besides: Sequence[Person] = ()) -> bool:
        """Does a pronoun tell who is meant?  Of several, the clause's subject is preferred."""
        if p.texts and p.tree is None and p not in self.known:
            return False
        rivals = [q for q in self.people if q is not p and q not in besides and q.could_be(p.gender)]
        return not rivals or (
            self.subjects == (p,) and (p.tree is not None or p in self.known) and self.g.p(0.5)
        )

    def again(self, p: Person, case: int, pronoun: float = 0.8) -> Words:
        """A later mention, by a pronoun where that is clear."""
        if not p.texts or (self.g.p(pronoun) and self.clear(p)):
            return self.by_pronoun(p, case)
        words = self.by_name(p)
        return [*words, "'s"] if case == POSSESSIVE else words

    def here(self) -> list[Person]:
        return [p for p in self.people if p.here]


def tidy(words: Words) -> Words:
    """Without doubled commas, and without those before another mark or at either end."""
    out: Words = []
    for w in words:
        if w == "," and (not out or out[-1] in (",", "(", ";")):
            continue
        if w in (")", ";", ".", "'s") and out and out[-1] == ",":
            out.pop()
        out.append(w)
    while out and out[-1] == ",":
        out.pop()
    return out
