"""What WordNet says of single words: the senses that two share, definitions, stems, doers.

Everything is weighed by how often a sense occurs in the texts that WordNet's makers tagged, and looked
up once.  Knows WordNet only.  Must not know predicates or theories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from neurosym.knowledge.wordnet import MEANT, PARTS, Part, Synset, WordNet

if TYPE_CHECKING:
    from neurosym.knowledge.likeness import Name

INFLECTING: tuple[Part, ...] = ("noun", "verb")
SILENT = frozenset(("to", "a", "an", "the"))  # "prefer to work", "prefer work"
_STEMS: tuple[tuple[Part, Part], ...] = (("verb", "adj"), ("adj", "verb"))


@dataclass(slots=True)
class Words:
    """WordNet with what was already looked up."""

    net: WordNet
    names: dict[tuple[str, int], Name] = field(default_factory=dict)  # kept by `likeness`
    _shared: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    _parts: dict[str, tuple[Part, ...]] = field(default_factory=dict)
    _bases: dict[str, frozenset[str]] = field(default_factory=dict)
    _glosses: dict[str, dict[tuple[str, ...], tuple[float, str]]] = field(default_factory=dict)

    def bases(self, word: str) -> frozenset[str]:
        """The word and the base forms that it may have."""
        if word not in self._bases:
            # of adjectives none: "older" is not "old", and an "owner" is no comparative
            forms = (b for part in INFLECTING for b in self.net.base_forms(word, part))
            self._bases[word] = frozenset((word, *forms))
        return self._bases[word]

    def plain(self, word: str) -> str:
        """The word, or its base form where it is none itself: a graph's label may be "likes"."""
        if any(self.net.knows(word, p) for p in PARTS):
            return word
        return next((b for p in INFLECTING for b in self.net.base_forms(word, p)), word)

    def parts(self, word: str) -> tuple[Part, ...]:
        """The parts of speech that the word is used in, but for rare ones."""
        if word not in self._parts:
            known = {p: self.net.tagged(word, p) for p in PARTS if self.net.knows(word, p)}
            every = sum(known.values())
            self._parts[word] = tuple(p for p, n in known.items() if every == 0 or n >= MEANT * every)
        return self._parts[word]

    def share(self, word: str, part: Part) -> float:
        """How often the word is of that part of speech: the share of its tagged occurrences."""
        known = {p: 0.5 + self.net.tagged(word, p) for p in PARTS if self.net.knows(word, p)}
        return known.get(part, 0.0) / max(0.5, sum(known.values()))

    def shared(self, a: str, b: str) -> tuple[float, str]:
        """The probability that both are used in one and the same sense, by their shares of occurrences
        and independently of each other; and the senses' name.  0 where they share none that counts."""
        if (a, b) not in self._shared:
            self._shared[a, b] = self._shared[b, a] = self._share(a, b)
        return self._shared[a, b]

    def _share(self, a: str, b: str) -> tuple[float, str]:
        a, b = self.plain(a), self.plain(b)
        best, why = 0.0, ""
        if a == b:  # two forms of one word
            return best, why
        for part in self.parts(a):
            if part not in self.parts(b) or self.net.opposed(a, b, part):
                continue
            others = {s.synset.offset: s.weight for s in self.net.senses(b, part)}
            joint = [
                (s.weight * others[s.synset.offset], max(s.weight, others[s.synset.offset]), s.synset)
                for s in self.net.senses(a, part)
                if s.synset.offset in others and not s.synset.proper
            ]
            joint = [(w, most, s) for w, most, s in joint if most >= MEANT]
            if joint and (total := sum(w for w, _, _ in joint)) > best:
                best, why = total, self.named(max(joint, key=lambda x: x[0])[2], a)
        return best, why

    def named(self, s: Synset, word: str) -> str:
        """ "child.n.01": a sense of a word, as WordNet's users write it."""
        every = enumerate(self.net.senses(word, s.part), 1)
        number = next((i for i, x in every if x.synset.offset == s.offset), 0)
        return f"WordNet {word}.{'r' if s.part == 'adv' else s.part[0]}.{number:02}"

    def defined(self, word: str) -> dict[tuple[str, ...], tuple[float, str]]:
        """The definitions of a word that are a few words, as words of a name, with the sense's share."""
        if word not in self._glosses:
            out: dict[tuple[str, ...], tuple[float, str]] = {}
            base = self.plain(word)
            for part in self.parts(base):
                for s in self.net.senses(base, part):
                    text = re.sub(r"\([^)]*\)", " ", s.synset.gloss.partition(";")[0])
                    said = [w for w in re.findall(r"[a-z'-]+", text.lower()) if w not in SILENT]
                    if said[:1] == ["be"] and part == "verb":
                        said = said[1:]
                    if 0 < len(said) <= 4 and s.weight >= MEANT:
                        out.setdefault(
                            tuple(said), (s.weight, f"{self.named(s.synset, base)}: “{text.strip()}”")
                        )
            self._glosses[word] = out
        return self._glosses[word]

    def derived(self, a: str, b: str) -> bool:
        """Is one a verb and the other an adjective of the same stem, and does WordNet derive them?"""
        if a[:4] != b[:4] or min(len(a), len(b)) < 4:
            return False
        return any(
            any(p.kind == "+" and p.part == other and b in self.net.synset(p.part, p.offset).words
                for p in s.synset.pointers)
            for part, other in _STEMS
            for s in self.net.senses(a, part)
        )  # fmt: skip

    def agent(self, noun: str) -> str:
        """The verb that a noun in -er or -or names the doer of, or nothing."""
        if not noun.endswith(("er", "or")) or "_" in noun:
            return ""
        for s in self.net.meant(noun, "noun"):
            for p in s.synset.pointers:
                if p.kind == "+" and p.part == "verb":
                    for verb in self.net.synset(p.part, p.offset).words:
                        if verb[:3] == noun[:3] and self.net.meant(verb, "verb"):
                            return verb
        return ""

    def opposed(self, a: str, b: str) -> bool:
        """Are any base forms of the two antonyms, as any part of speech?"""
        return any(self.net.opposed(x, y, p) for p in PARTS for x in self.bases(a) for y in self.bases(b))
