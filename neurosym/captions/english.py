"""Captions as small trees, and the several ways in which English says and denies them.

Knows inflection; must not know labels or WordNet.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from neurosym.captions.words import CLOTHES
from neurosym.parser.morphology import plural, verb_forms

GROUP = -1  # the count of "a group of"


@dataclass(frozen=True, slots=True)
class Thing:
    """A noun phrase.  `count`: 1, a number, 0 for a bare plural, or GROUP."""

    noun: str
    adjectives: tuple[str, ...] = ()
    count: int = 1
    article: str = "a"
    near: tuple[str, Thing] | None = None  # "in a hat": a preposition and what follows it
    also: Thing | None = None  # "and a woman"


@dataclass(frozen=True, slots=True)
class Caption:
    who: Thing
    verb: str
    what: Thing | None = None
    places: tuple[tuple[str, Thing], ...] = ()
    adverb: str = ""
    also: tuple[str, Thing | None] | None = None  # "... and is holding a cup"


def say(c: Caption, rng: random.Random) -> str:
    """Active or passive, with or without "there is", adjectives before the noun or in a relative clause."""
    draw = rng.random()
    if c.what is not None and c.also is None and draw < 0.15:
        done = verb_forms(c.verb)[2]
        passive = f"{phrase(c.what, rng)} {_be(c.what)} being {done} by {phrase(c.who, rng)}"
        return _sentence([passive, *_where(c, rng)])
    if draw < 0.22 and c.who.also is None:
        who = phrase(replace(c.who, article="a"), rng)
        return _sentence([f"there {_be(c.who)} {who} {doing(c, rng)}"])
    if draw < 0.3 and c.who.near is None and c.who.adjectives and c.who.also is None and c.who.count != GROUP:
        last = c.who.adjectives[-1]
        who = phrase(replace(c.who, adjectives=c.who.adjectives[:-1]), rng)
        link = rng.choice((f"{who}, who {_be(c.who)} {last},", f"{who} who {_be(c.who)} {last}"))
        return _sentence([f"{link} {_be(c.who)} {doing(c, rng)}"])
    return _sentence([f"{phrase(c.who, rng)} {_be(c.who)} {doing(c, rng)}"])


def deny(c: Caption, rng: random.Random) -> str:
    """With "not" after the verb, "no" before the noun, or "nobody"."""
    draw = rng.random()
    if draw < 0.5 or c.who.also is not None:
        short = "n't" if draw < 0.07 else " not"
        return _sentence([f"{phrase(c.who, rng)} {_be(c.who)}{short} {doing(c, rng)}"])
    if draw < 0.7 and c.who.noun == "person" and not c.who.adjectives and c.who.near is None:
        return _sentence([f"nobody is {doing(c, rng)}"])
    count = 1 if c.who.count == 1 else 0
    bare = phrase(replace(c.who, article="", count=count), rng, plain=True)
    if draw < 0.58:
        return _sentence([f"no {bare} {'is' if count else 'are'} {doing(c, rng)}"])
    return _sentence([f"there {'is' if count else 'are'} no {bare} {doing(c, rng)}"])


def doing(c: Caption, rng: random.Random) -> str:
    parts = [_gerund(c.verb)]
    if c.what is not None:
        parts.append(phrase(c.what, rng))
    if c.adverb:
        parts = [c.adverb, *parts] if rng.random() < 0.5 else [*parts, c.adverb]
    parts += _where(c, rng)
    if c.also is not None:
        verb, what = c.also
        parts += [f"and {_be(c.who)}" if rng.random() < 0.5 else "and", _gerund(verb)]
        parts += [] if what is None else [phrase(what, rng)]
    return " ".join(parts)


def phrase(t: Thing, rng: random.Random, plain: bool = False) -> str:
    """`plain`: a bare plural without "some"."""
    if t.also is not None:
        return f"{phrase(replace(t, also=None), rng)} and {phrase(t.also, rng)}"
    if t.noun == "person" and t == Thing("person") and rng.random() < 0.4:
        return "someone"
    body = " ".join([*t.adjectives, t.noun if t.count == 1 else plural(t.noun)])
    if t.near is not None:
        preposition, near = t.near
        if near.noun in CLOTHES and preposition == "in":
            who = "who is wearing" if t.count == 1 else "who are wearing"
            preposition = rng.choice(("in", "in", "wearing", who))
        body += f" {preposition} {phrase(near, rng)}"
    match t.count:
        case 0:
            some = "" if plain else rng.choice(("some ", "", ""))
            return f"the {body}" if t.article == "the" else f"{some}{body}"
        case 1:
            article = ("an" if body[0] in "aeiou" else "a") if t.article == "a" else t.article
            return f"{article} {body}".strip()
        case -1:
            return f"{t.article or 'a'} group of {body}"
        case n:
            return f"{'the ' if t.article == 'the' else ''}{('two', 'three', 'four')[n - 2]} {body}"


def _where(c: Caption, rng: random.Random) -> list[str]:
    return [f"{p} {phrase(t, rng)}" for p, t in c.places]


def _be(t: Thing) -> str:
    return "is" if t.count in (1, GROUP) and t.also is None else "are"


def _gerund(verb: str) -> str:
    return verb_forms(verb)[3]


def _sentence(parts: Sequence[str]) -> str:
    text = " ".join(parts)
    return text[:1].upper() + text[1:]
