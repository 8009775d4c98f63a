"""What the language model writes: one line a sentence, in the project's own text of formulas.

    text       1 All cats are lazy.                        target   1 tell forall ?x. cat(?x) -> lazy(?x);
               2 Tom is a cat.                                      2 tell cat(Tom);
               3 Who is lazy?                                       3 which ?x. lazy(?x);

A line is " ACT FORMULA;" where ACT is tell, part (the sentence says more), ask, command, which ?x. or
count ?x.; " none;" is a sentence without a reading.  The formula is that of `neurosym.syntax`, with `iff`
for `<->` (a token of every vocabulary) and counts not written out.  `;` ends a line, since not every
vocabulary has a line break.

Knows the text of formulas; must not know models or stories.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from neurosym.errors import InputError, ParserError
from neurosym.logic import (
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Not,
    Num,
    Or,
    Var,
    Xor,
    free_vars,
    ground_terms,
    substitute,
)
from neurosym.logic.counting import counted
from neurosym.parser.decode import DEICTIC, Decoded
from neurosym.parser.reading import Act
from neurosym.syntax import read_formula, show, show_term

NONE = " none;"  # the line of a sentence without a reading
END = ";"
PLAIN_ACTS = ("tell", "part", "ask", "command")
ASKING_ACTS = ("which", "count")  # a variable follows
_SPOKEN = frozenset(DEICTIC.values())
# what stands in quotes is no connective
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'")
_COUNT = re.compile(r"exists (\?[A-Za-z_][A-Za-z0-9_]*)\. (at_least|at_most|exactly)\((\d+)\) and ")
_HEAD = re.compile(r" (?:(tell|part|ask|command)|(which|count) (\?[A-Za-z_][A-Za-z0-9_]*)\.) (.+);\Z", re.S)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says.  `variables`: whom the question asks for; `partial`: the sentence says more."""

    act: Act
    formula: Formula
    variables: tuple[Var, ...] = ()
    count: bool = False
    partial: bool = False

    @staticmethod
    def of(d: Decoded) -> Line:
        """The line that says what a sentence's tokens were decoded to."""
        return Line(d.act, d.formula, d.variables, d.count, d.partial)


def show_line(line: Line) -> str:
    """The text of a line, from its leading space to its end."""
    body = _with_iff(_folded_text(line.formula))
    if line.variables:
        return f" {'count' if line.count else 'which'} {show_term(line.variables[0])}. {body};"
    return f" {'part' if line.partial else line.act.value} {body};"


def read_line(text: str) -> Line | None:
    """The inverse of `show_line` (counts are written out again); None for NONE.

    Raises ParserError for text that is no line, a variable that is free, and a question whose formula
    does not mention what it asks for.
    """
    if text == NONE:
        return None
    if (m := _HEAD.fullmatch(text)) is None:
        raise ParserError(f"not a line of logic: {text.strip()[:80]!r}", hint="ACT FORMULA; or none;")
    plain, asking, name, body = m.groups()
    try:
        formula = read_formula(body, free=bool(asking))
    except InputError as e:
        raise ParserError(f"the formula cannot be read: {e.message}") from e
    if asking:
        v = Var(name[1:])
        if set(free_vars(formula)) != {v}:
            raise ParserError(f"a question for {name} whose formula does not leave just this variable open")
        return Line(Act.ASK, formula, (v,), asking == "count")
    act = Act.TELL if plain == "part" else Act(plain)
    return Line(act, formula, (), False, plain == "part")


def prompt(sentences: Sequence[str]) -> str:
    """What the model is shown: the sentences, numbered from 1, each on one line."""
    numbered = (f"{i} {' '.join(s.split())}" for i, s in enumerate(sentences, 1))
    return "Text:\n" + "\n".join(numbered) + "\nLogic:\n"


def number(i: int) -> str:
    """What stands before line `i`; it is never guessed by the model."""
    return f" {i}"


def presupposed(formula: Formula) -> tuple[Formula, ...]:
    """What definite descriptions take for granted: constants that are common nouns (docs/english.md)."""
    names = [t.name for t in ground_terms([formula]) if isinstance(t, Const)]
    return tuple(Atom(n, (Const(n),)) for n in dict.fromkeys(names) if is_description(n))


def is_description(name: str) -> bool:
    """Is the constant named by a common noun ("cow", "bald_eagle") and not by a proper name?"""
    return name[:1].islower() and name not in _SPOKEN and " " not in name and not name.startswith("date_")


def _with_iff(text: str) -> str:
    out, at = [], 0
    for m in _QUOTED.finditer(text):
        out += [text[at : m.start()].replace("<->", "iff"), m.group()]
        at = m.end()
    return "".join(out) + text[at:].replace("<->", "iff")


def _folded_text(formula: Formula) -> str:
    return _COUNT.sub(lambda m: f"{m[2]} {m[3]} {m[1]}. ", show(_folded(formula)))


def _folded(f: Formula) -> Formula:
    """Counting quantifiers as an existential one over a mark, which the text puts in front."""
    if (c := counted(f)) is not None:
        kind, n, var, body = c
        short = Var(var.name.rstrip("0123456789") or var.name)
        if short != var and short not in free_vars(body):
            with suppress(ValueError):  # the short name would be captured
                var, body = short, substitute(body, {var: short})
        return Exists((var,), And((Atom(kind, (Num(Fraction(n)),)), _folded(body))))
    match f:
        case Atom() | Equal() | Less():
            return f
        case Not(body):
            return Not(_folded(body))
        case And(parts):
            return And(tuple(map(_folded, parts)))
        case Or(parts):
            return Or(tuple(map(_folded, parts)))
        case Implies(a, b):
            return Implies(_folded(a), _folded(b))
        case Iff(a, b):
            return Iff(_folded(a), _folded(b))
        case Xor(a, b):
            return Xor(_folded(a), _folded(b))
        case Forall(vs, body):
            return Forall(vs, _folded(body))
        case Exists(vs, body):
            return Exists(vs, _folded(body))
        case _:
            assert_never(f)
