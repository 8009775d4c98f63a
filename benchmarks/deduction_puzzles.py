"""Ordering puzzles with gold forms: `python -m benchmarks.deduction_puzzles --n 300 --seed 7 -o FILE`.

An evaluation set for the suite `logical_deduction`, in its JSON form: its topics and phrasings are its
own, and the generator of training sentences must not use them.  Each puzzle names 3, 5 or 7 things,
gives clues of which none can be spared and which leave one order, and asks which of several
statements is true.  Beside the English, `gold` has the form of each sentence and option as logic text
(docs/english.md).  The same seed makes the same file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random
from string import ascii_uppercase
from typing import Any

from neurosym.errors import ConfigError
from neurosym.logic import And, Atom, Const, Equal, Forall, Formula, Implies, Not, Num, Or, Var, atoms
from neurosym.logic.counting import all_different
from neurosym.syntax import show

from .deduction_topics import TOPICS, VERBS, Phrase, Topic

SIZES = (3, 5, 7)
QUESTION = "Which of the following is true?"
_NUMBERS = {3: "three", 5: "five", 7: "seven"}
_ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_CANDIDATES = 60  # clues that a puzzle is chosen from
_TRIES = 20
Order = tuple[int, ...]  # the place of each thing, from 1


@dataclass(frozen=True, slots=True)
class Thing:
    """`text` stands in sentences ("the oak"), `name` in formulas."""

    text: str
    name: Const


@dataclass(frozen=True, slots=True)
class Said:
    """A statement about the things: in English, in logic, and the orders in which it is true."""

    text: str
    form: Formula
    holds: Callable[[Order], bool]


@dataclass(frozen=True, slots=True)
class Teller:
    """The things of one puzzle, and the words its topic has for them."""

    topic: Topic
    things: tuple[Thing, ...]
    rng: Random

    # --- statements ---

    def compares(self, a: int, b: int) -> Said:
        """a stands on one side of b, in one of the ways to say it."""
        low = self.rng.random() < 0.5
        p = self.rng.choice(self.topic.low if low else self.topic.high)
        text = f"{self.subject(a)} {p.verb} {p.rest} {self.object(b)}."
        return Said(text, self.two(p, a, b), lambda o: (o[a] < o[b]) is low)

    def denies(self, a: int, b: int) -> Said:
        low = self.rng.random() < 0.5
        p = self.rng.choice(self.topic.low if low else self.topic.high)
        text = f"{self.subject(a)} {VERBS[p.verb].negated} {p.rest} {self.object(b)}."
        return Said(text, Not(self.two(p, a, b)), lambda o: (o[a] < o[b]) is not low)

    def between(self, b: int, a: int, c: int) -> Said:
        """a is before b, and b before c: told of b."""
        p, q = self.rng.choice(self.topic.high), self.rng.choice(self.topic.low)
        link = self.rng.choice(("and", "but"))
        second = q.rest if q.verb == p.verb else f"{q.verb} {q.rest}"
        text = f"{self.subject(b)} {p.verb} {p.rest} {self.object(a)} {link} {second} {self.object(c)}."
        form = And((self.two(p, b, a), self.two(q, b, c)))
        return Said(text, form, lambda o: o[a] < o[b] < o[c])

    def both(self, a: int, b: int, c: int) -> Said:
        low = self.rng.random() < 0.5
        p = self.rng.choice(self.topic.low if low else self.topic.high)
        pair = f"{self.object(a)} and {self.object(b)}"
        said = capital(f"both {pair}" if self.rng.random() < 0.5 else pair)
        text = f"{said} {VERBS[p.verb].plural} {p.rest} {self.object(c)}."
        form = And((self.two(p, a, c), self.two(p, b, c)))
        return Said(text, form, lambda o: (o[a] < o[c]) is low and (o[b] < o[c]) is low)

    def neither(self, a: int, b: int, k: int) -> Said:
        p, n = self.rank(k)
        text = f"Neither {self.object(a)} nor {self.object(b)} {p.verb} {p.rest}."
        form = And((Not(self.nth(p, a, n)), Not(self.nth(p, b, n))))
        return Said(text, form, lambda o: o[a] != k and o[b] != k)

    def places(self, a: int, k: int) -> Said:
        """a stands at place k, counted from one of the ends."""
        p, n = self.rank(k)
        return self.placed(a, k, p, n)

    def placed(self, a: int, k: int, p: Phrase, n: int) -> Said:
        return Said(f"{self.subject(a)} {p.verb} {p.rest}.", self.nth(p, a, n), lambda o: o[a] == k)

    def displaces(self, a: int, k: int) -> Said:
        p, n = self.rank(k)
        text = f"{self.subject(a)} {VERBS[p.verb].negated} {p.rest}."
        return Said(text, Not(self.nth(p, a, n)), lambda o: o[a] != k)

    # --- words ---

    def subject(self, i: int) -> str:
        return capital(self.things[i].text)

    def object(self, i: int) -> str:
        return self.things[i].text

    def rank(self, k: int) -> tuple[Phrase, int]:
        """A phrase for place k, and the number that it counts to from its end."""
        size = len(self.things)
        near = k < (size + 1) / 2 or (2 * k == size + 1 and self.rng.random() < 0.5)
        far = self.rng.random() < 0.1 and 1 < k < size
        from_low = near is not far
        n = k if from_low else size + 1 - k
        t = self.topic
        first, later = (t.low_first, t.low_nth) if from_low else (t.high_first, t.high_nth)
        p = self.rng.choice(first if n == 1 else later)
        return Phrase(p.verb, p.rest.replace("{nth}", _ORDINALS[n]), p.pred), n

    def two(self, p: Phrase, a: int, b: int) -> Formula:
        return Atom(p.pred, (self.things[a].name, self.things[b].name))

    def nth(self, p: Phrase, a: int, n: int) -> Formula:
        """The n-th; with the noun ("the oldest tree") the thing is also one of these."""
        pred, _, noun = p.pred.partition("+")
        rank = Atom(pred, (self.things[a].name, Num(Fraction(n))))
        return And((rank, Atom(noun, (self.things[a].name,)))) if noun else rank

    def opening(self) -> tuple[str, Formula]:
        """The sentence that names the things: there are these, they differ, and there are no others."""
        listed = [t for t in self.topic.things if t[1] in {x.name.name for x in self.things}]
        texts = {name: indefinite for indefinite, name, _ in listed}
        names = [x.name for x in self.things]
        *most, last = [texts[x.name] for x in names]
        comma = "," if self.rng.random() < 0.6 else ""
        text = self.rng.choice(self.topic.openings)
        n = _NUMBERS[len(names)]
        said = text.replace("{n}", n).replace("{N}", capital(n))
        x = Var("x")
        kind = self.topic.kind
        only = Forall((x,), Implies(Atom(kind, (x,)), Or(tuple(Equal(x, t) for t in names))))
        apart = all_different(names)
        parts = apart.parts if isinstance(apart, And) else (apart,)
        form = And((*(Atom(kind, (t,)) for t in names), *parts, only))
        return said.replace("{list}", f"{', '.join(most)}{comma} and {last}"), form


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- puzzles ------------------------------------------------------------------------------------


def puzzle(topic: Topic, size: int, seed: int, rng: Random) -> dict[str, Any]:
    """One puzzle about `size` things, as a row of the suite's JSON.  `seed` only names it."""
    chosen = rng.sample(topic.things, size)
    teller = Teller(topic, tuple(Thing(definite, Const(name)) for _, name, definite in chosen), rng)
    solution = list(range(1, size + 1))
    rng.shuffle(solution)
    told = clues(teller, tuple(solution))
    rng.shuffle(told)
    text, form = teller.opening()
    said = {a for c in told for a in atoms(c.form)}
    for _ in range(_TRIES):  # an answer that a clue says in the same words asks nothing
        options, answer = statements(teller, tuple(solution))
        if next(atoms(options[answer].form)) not in said:
            break
    return {
        "id": f"deduction_{size}_{seed}",
        "context": " ".join((text, *(c.text for c in told))),
        "question": QUESTION,
        "options": [f"{label}) {o.text}" for label, o in zip(ascii_uppercase, options, strict=False)],
        "answer": ascii_uppercase[answer],
        "topic": topic.kind,
        "gold": {
            "claims": [show(f) for f in (form, *(c.form for c in told))],
            "options": [show(o.form) for o in options],
        },
    }


def clues(teller: Teller, solution: Order) -> list[Said]:
    """Statements that are true of `solution` and of no other order; none of them can be spared."""
    every = list(permutations(range(1, len(solution) + 1)))
    chosen, left = list[Said](), every
    for c in candidates(teller, solution):
        fewer = [o for o in left if c.holds(o)]
        if len(fewer) < len(left):
            chosen, left = [*chosen, c], fewer
        if len(left) == 1:
            break
    at = dict(enumerate(solution))
    for x in sorted(at, key=lambda _: teller.rng.random()):  # only where comparisons were not enough
        if len(left) > 1 and len(fewer := [o for o in left if o[x] == at[x]]) < len(left):
            chosen, left = [*chosen, teller.places(x, at[x])], fewer
    for c in list(chosen):
        rest = [d for d in chosen if d is not c]
        orders = every
        for d in rest:
            orders = [o for o in orders if d.holds(o)]
        if len(orders) == 1:
            chosen = rest
    return chosen


def candidates(teller: Teller, solution: Order) -> Iterator[Said]:
    """True statements of all kinds, comparisons more often than the others."""
    rng, n = teller.rng, len(solution)
    for _ in range(_CANDIDATES):
        a, b, c = rng.sample(range(n), 3)
        first, second, third = sorted((a, b, c), key=lambda i: solution[i])
        match rng.choices(range(7), (10, 3, 2, 1, 1, 1, 1))[0]:
            case 0:
                made = teller.compares(a, b)
                if not made.holds(solution):
                    made = teller.compares(b, a)
            case 1:
                made = teller.places(a, solution[a])
            case 2:
                made = teller.between(second, first, third)
            case 3:
                made = teller.both(a, b, c)
            case 4:
                made = teller.neither(a, b, rng.choice((1, n)))
            case 5:
                made = teller.displaces(a, rng.choice((1, n)))
            case _:
                made = teller.denies(a, b)
        if made.holds(solution):
            yield made


def statements(teller: Teller, solution: Order) -> tuple[list[Said], int]:
    """As many options as there are things, of one kind, and which of them is true."""
    rng, n = teller.rng, len(solution)
    match rng.choices(range(3), (7, 2, 1))[0]:
        case 0:  # which thing has this place?
            k = rng.randint(1, n)
            phrase, count = teller.rank(k)
            return [teller.placed(i, k, phrase, count) for i in range(n)], solution.index(k)
        case 1:  # which place has this thing?
            a = rng.randrange(n)
            return [teller.places(a, k) for k in range(1, n + 1)], solution[a] - 1
        case _:  # which comparison is true?
            answer = rng.randrange(n)
            made: dict[str, Said] = {}
            while len(made) < n:
                a, b = rng.sample(range(n), 2)
                s = teller.compares(a, b)
                if s.holds(solution) == (len(made) == answer):
                    made[s.text] = s
            return list(made.values()), answer


def puzzles(n: int, seed: int, sizes: Sequence[int] = SIZES) -> list[dict[str, Any]]:
    """`n` puzzles, sizes and topics taking turns.  Raises ConfigError for a number or size it cannot make."""
    if n < 1 or not sizes or not set(sizes) <= set(SIZES):
        raise ConfigError(f"puzzles are of {', '.join(map(str, SIZES))} things, and at least one is made")
    out = []
    for i in range(n):
        rng = Random(f"{seed}/{i}")
        topic = TOPICS[(i // len(sizes)) % len(TOPICS)]
        out.append(puzzle(topic, sizes[i % len(sizes)], i, rng))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0] if __doc__ else "")
    parser.add_argument("--n", type=int, default=300, help="puzzles")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    parser.add_argument("-o", "--output", type=Path, required=True, help="the JSON file to write")
    args = parser.parse_args()
    made = puzzles(args.n, args.seed, args.sizes)
    args.output.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
