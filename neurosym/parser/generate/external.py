"""Sentences of public sets whose forms are known, as samples: aligned, and verified by decoding.

Knows the format of the RuleTaker theory generator (Clark et al. 2020, "Transformers as Soft
Reasoners over Language"; the public generator writes JSON lines with facts and rules as data);
must not know our own generator's phrases.  A sentence whose words cannot be matched with its
form, and one whose tokens do not decode to that form, is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from neurosym.errors import ConfigError, InputError, ParserError
from neurosym.logic import Atom, Const, Forall, Formula, Implies, Not, Term, Var
from neurosym.parser import tokenize
from neurosym.parser.decode import decode
from neurosym.parser.morphology import noun_lemma, verb_lemma

if TYPE_CHECKING:
    from neurosym.parser.generate import Sample

PARTS = ("all", "train", "dev")
_ANYTHING = frozenset(str.split("x y z something someone it they he she thing things person people"))
_NOT = frozenset(("not", "n't", "never"))
# Words of construction that the grammar of the set writes beside its literals.
_LINKS = frozenset(
    str.split("if then and the a an is are was were does do that case true all every each are who , . ?")
)


@dataclass(frozen=True, slots=True)
class Literal:
    """What the set's data say of one clause: a predicate as it is written, and its arguments."""

    predicate: str
    arguments: tuple[str, ...]  # a variable as it is written, a constant without its quotes
    positive: bool

    @property
    def name(self) -> str:
        return verb_lemma(self.predicate) if len(self.arguments) == 2 else self.predicate


Theory: TypeAlias = tuple[tuple[str, tuple[Literal, ...]], ...]


@dataclass(slots=True)
class _Aligned:
    """Tokens under construction, and how far in the sentence they have come."""

    words: Sequence[str]
    at: int = 0
    negated: bool = False
    used: set[int] = field(default_factory=set)


def ruletaker(path: Path, part: str = "all") -> Iterator[Sample]:
    """The sentences of a file of theories, each once, with the tokens of its form.

    `part` "dev": those of the theories that `kept_out` names; "train": those that stand in none of
    them; "all": both.  A broken last line (a cut file) ends the reading.  Raises ConfigError for
    another part, InputError for a file that is no such set, and OSError where it cannot be read.
    """
    if part not in PARTS:
        raise ConfigError(f"part {part!r}: one of {', '.join(PARTS)} is expected")
    read = list(theories(path))
    held = {text for t in read if kept_out(t) for text, _ in t}
    seen: set[str] = set()
    for theory in read:
        for text, clauses in theory:
            wanted = part == "all" or (text in held) == (part == "dev")
            if wanted and text not in seen and (s := aligned(text, clauses)) is not None:
                seen.add(text)
                yield s


def kept_out(theory: Theory) -> bool:
    """Is a theory one of the quarter that is measured and never trained on?  Told by its text alone."""
    text = "\n".join(t for t, _ in theory[:-1])  # another question of the same theory goes with it
    return hashlib.sha256(text.encode()).digest()[0] % 4 == 0


def theories(path: Path) -> Iterator[Theory]:
    """Each theory's sentences with what the set's data say of them; the statement to judge comes last.

    A broken last line ends the reading.  Raises as `ruletaker`.
    """
    number = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                record = json.loads(line)
            except UnicodeDecodeError as e:
                raise InputError(
                    f"not UTF-8 text (byte {e.start} of the line)", document=str(path), line=number
                ) from e
            except ValueError:
                number -= 1
                break
            try:
                instance = record["theory_assertion_instance"]
                statements = [*instance["theory"]["facts"], *instance["theory"]["rules"]]
                english = [*record["english"]["theory_statements"], record["english"]["assertion_statement"]]
                statements.append(instance["assertion"])
                yield tuple((t, literals(s)) for s, t in zip(statements, english, strict=False))
            except (TypeError, KeyError) as e:
                raise InputError(
                    f"no theory with its English: {e} is missing",
                    document=str(path),
                    line=number,
                    hint="give a file that the RuleTaker theory generator wrote",
                ) from e
    if not number:
        raise InputError("no theory in it", document=str(path), hint="give JSON lines, one theory a line")


def literals(statement: Mapping[str, Any]) -> tuple[Literal, ...]:
    """The clauses of a fact or a rule; the consequent comes last."""
    parts = [*statement["lhs"], statement["rhs"]] if "rhs" in statement else [statement]
    return tuple(
        Literal(
            str(p["predicate"]), tuple(str(a).strip("'") for a in p["arguments"]), p.get("polarity") != "-"
        )
        for p in parts
    )


def aligned(text: str, clauses: Sequence[Literal]) -> Sample | None:
    """A sentence with the tokens of its form, or None where the two cannot be matched."""
    words = [w.text for w in tokenize.words(text)]
    state = _Aligned(words)
    parts: list[list[str]] = []
    for clause in clauses:
        tokens = _clause(state, clause)
        if tokens is None:
            return None
        parts.append(tokens)
    # Whatever no clause has used must be a word that says nothing of its own.
    if any(w.lower() not in _LINKS for w in words[state.at :]):
        return None
    body = _join(parts, any(_variable(a) for c in clauses for a in c.arguments))
    tokens = ["FACT", *body]
    try:
        decoded = decode(tokens, words)
    except ParserError:
        return None
    if decoded.formula != meaning(clauses):
        return None
    skeleton = " ".join(("ruletaker", *("+-"[not c.positive] + str(len(c.arguments)) for c in clauses)))
    return {
        "words": words,
        "tokens": tokens,
        "template": skeleton,
        "split_tags": {"words": "train", "skeleton": "any", "invented": False},
    }


def _join(parts: list[list[str]], general: bool) -> list[str]:
    *conditions, last = parts
    if not conditions:
        return last
    left = conditions[-1]
    for c in reversed(conditions[:-1]):
        left = ["AND", *c, *left]
    return [*(["ALL", "x"] if general else []), "IMP", *left, *last]


def _clause(state: _Aligned, clause: Literal) -> list[str] | None:
    """The tokens of one clause: its subject, predicate and object in this order in the sentence."""
    state.negated = False
    subject = _argument(state, clause.arguments[0])
    if subject is None:
        return None
    verb = _predicate(state, clause)
    if verb is None:
        return None
    terms = [subject]
    for a in clause.arguments[1:]:
        if (term := _argument(state, a)) is None:
            return None
        terms.append(term)
    if state.negated == clause.positive:
        return None
    tokens = [f"P{len(terms)}", verb, *(t for term in terms for t in term)]
    return tokens if clause.positive else ["NOT", *tokens]


def _skip(state: _Aligned) -> bool:
    """Past a word of construction; False where there is none."""
    if state.at >= len(state.words):
        return False
    low = state.words[state.at].lower()
    if low in _NOT:
        state.negated = True
    elif low not in _LINKS and low != "it":
        return False
    state.at += 1
    return True


def _argument(state: _Aligned, argument: str) -> list[str] | None:
    parts = argument.split("_")
    while True:
        here = [w.lower() for w in state.words[state.at : state.at + len(parts)]]
        if _variable(argument):
            # "it is not the case that X ...": that "it" is no mention of anything.
            if here and here[0] in _ANYTHING and not _impersonal(state):
                state.at += 1
                return ["x"]
        elif [noun_lemma(w) for w in here] == [noun_lemma(p.lower()) for p in parts]:
            kind = "E" if argument[0].isupper() else "D"
            pointers = [f"{kind}:{state.at + i}" for i in range(len(parts))]
            state.at += len(parts)
            return [*(t for p in pointers[:-1] for t in ("NAMES", p)), pointers[-1]]
        if not _skip(state):
            return None


def _impersonal(state: _Aligned) -> bool:
    rest = [w.lower() for w in state.words[state.at : state.at + 6]]
    return rest[:1] == ["it"] and "that" in rest and "case" in rest


def _predicate(state: _Aligned, clause: Literal) -> str | None:
    verb = len(clause.arguments) == 2
    while state.at < len(state.words):
        low = state.words[state.at].lower()
        if verb and verb_lemma(low) == verb_lemma(clause.predicate):
            kind = "V"
        elif not verb and low == clause.predicate:
            kind = "N" if state.words[state.at - 1].lower() in ("a", "an") else "A"
        elif _skip(state):
            continue
        else:
            return None
        state.at += 1
        return f"{kind}:{state.at - 1}"
    return None


def _variable(argument: str) -> bool:
    return len(argument) == 1 and argument.isupper()


def meaning(clauses: Sequence[Literal]) -> Formula:
    """The form as the set's data give it, named by our conventions (base forms of verbs)."""
    x = Var("x")
    parts: list[Formula] = []
    for c in clauses:
        terms: list[Term] = [x if _variable(a) else Const(a) for a in c.arguments]
        atom = Atom(c.name, tuple(terms))
        parts.append(atom if c.positive else Not(atom))
    *conditions, last = parts
    if not conditions:
        return last
    from neurosym.logic import And

    left = conditions[0] if len(conditions) == 1 else And(tuple(conditions))
    general = any(_variable(a) for c in clauses for a in c.arguments)
    return Forall((x,), Implies(left, last)) if general else Implies(left, last)
