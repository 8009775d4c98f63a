"""Short stories in which a pronoun may mean several: what happens in them, not grammar, settles who is meant.

Knows who there is and how sentences follow each other; `rival_sentences` makes each.  In `stories` a writer
takes care that it is clear who "he" is.  Texts are not all so careful, and whoever has only seen careful
ones is too sure of the first candidate.  Here the one meant is drawn among all that agree, so that a fitted
probability is the share of those meant.  Must not know who resolves references.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from neurosym.parser.decode import decode
from neurosym.parser.generate.conditionals import Retry
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, W, emit
from neurosym.parser.generate.people import given_names
from neurosym.parser.generate.rival_sentences import ACROSS, FADES, INSIDE, OPENINGS, Salience, Stage, Who
from neurosym.parser.generate.stories import NOT_THINGS, Line, Story, Taken, finish_line, stories
from neurosym.parser.lexicon import WORDNET, invent_name, lexicon
from neurosym.parser.mentions import gender_of

CAREFUL = 0.5  # the share of stories whose writer takes care


def mentions(split: str, seed: int, n: int, wordnet: Path = WORDNET) -> Iterator[Story]:
    """`n` stories of a split, careful ones and others, the same ones for the same seed.

    Raises ParserError for an unknown split or a missing WordNet.
    """
    lex = lexicon(split, wordnet)
    rng = Random(f"mentions:{split}:{seed}")
    careful = stories(split, seed, n, wordnet)
    for _ in range(n):
        if rng.random() < CAREFUL:
            yield next(careful)
            continue
        while (story := _story(G(rng, lex))) is None:
            pass
        yield story


def _story(g: G) -> Story | None:
    """Two to four sentences; None where there is no pronoun in them."""
    g.novel = min(g.novel, 0.15)
    try:
        cast = _cast(g)
    except Retry:
        return None
    before: Salience = {}
    lines: list[Line] = []
    taken: list[Taken] = []
    for n in range(g.rng.randint(2, 4)):
        makers = INSIDE if not n or g.p(0.4) else ACROSS
        if not n and g.p(0.5):
            makers = OPENINGS
        try:
            t = g.pick(makers)(Stage(g, cast, before))
            words = list(t.words)
            finish_line(g, words)
            tokens = emit(("FACT", t.tree), words)
            texts = [w.text if isinstance(w, W) else w for w in words]
            decode(tokens, texts)
        except (Retry, TooDeep):
            return None
        place = {id(w): i for i, w in enumerate(words) if isinstance(w, W)}
        known = [w.constant for w in (*before, *t.salience)]
        for w, antecedent in sorted(t.marks, key=lambda m: place[id(m[0])]):
            taken.append(
                {
                    "sentence": n,
                    "word": place[id(w)],
                    "text": w.text,
                    "antecedent": antecedent,
                    "candidates": list(dict.fromkeys(known)),
                }
            )
        lines.append({"words": texts, "tokens": tokens})
        before = {w: s * FADES for w, s in before.items()} | t.salience
    return {"sentences": lines, "mentions": taken} if taken else None


def _cast(g: G) -> tuple[Who, ...]:
    """Three or four, most of them of one gender; some are told by their trade, some have names that do not
    tell it, as firms have."""
    things = g.p(0.2)
    most = "n" if things else g.pick("fm")
    out: list[Who] = []
    while len(out) < g.rng.randint(3, 4):
        gender = most if g.p(0.75) else "n" if g.p(0.3) else g.pick("fm")
        who = _thing(g) if gender == "n" else _person(g, gender)
        if who.constant.lower() not in {o.constant.lower() for o in out}:
            out.append(who)
    return tuple(out)


def _thing(g: G) -> Who:
    noun = g.pick(g.lex.nouns[g.pick(("artifact", "object", "animal"))]).one
    if noun in NOT_THINGS or noun in {n.one for n in g.lex.nouns["person"]}:
        raise Retry
    return Who(noun, "n", False)


def _person(g: G, gender: str) -> Who:
    if g.p(0.12):
        noun = g.common(g.lex.nouns["person"]).one
        return Who(noun, gender_of(noun) or g.pick("fm"), False)
    if g.p(0.12):
        return Who(invent_name(g.rng, g.split), g.pick("fffmmmn"), True)
    return Who(g.pick([name for name, own in given_names(g.split) if own == gender]), gender, True)
