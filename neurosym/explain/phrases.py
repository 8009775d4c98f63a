"""Terms, literals and noun phrases in English: the parts that sentences are made of.

Knows logic and words; whole formulas are in `verbalize`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import assert_never

from neurosym.explain.words import (
    PREPOSITIONS,
    PROHIBITION,
    Category,
    article,
    inflect,
    parts_of_speech,
    phrase,
    split,
)
from neurosym.logic import (
    SKOLEM,
    And,
    Atom,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Statement,
    Term,
    Var,
    free_vars,
    literal_terms,
    literals,
    subterms,
)
from neurosym.logic.counting import counted

PRONOUNS = frozenset(("it", "itself", "something", "anything", "everything", "nothing"))
THING, ANY, EVERY = "something", "anything", "everything"
COUNTS = str.split("no one two three four five six seven eight nine ten eleven twelve")
UNNAMED = "$any"  # what is put for a variable where nothing has a name


@dataclass(frozen=True, slots=True)
class Lexicon:
    """How symbols are put into words.

    `categories` are known parts of speech; `names` gives terms a name of their own (Skolem
    terms); symbols in `literal` are quoted as they stand, since their English would be
    that of another symbol of the same text.
    """

    categories: Mapping[str, Category] = field(default_factory=dict)
    names: Mapping[Term, str] = field(default_factory=dict)
    literal: frozenset[str] = frozenset()


def lexicon(statements: tuple[Statement | Naf, ...], categories: Mapping[str, Category]) -> Lexicon:
    """A lexicon in which different symbols of `statements` stay different in English."""
    preds: dict[str, set[str]] = {}
    terms: dict[str, set[str]] = {}
    for f in statements:
        for a in literals(f):
            if isinstance(a, Atom):
                objects = ("@",) * (len(a.args) - 1)
                p = phrase(a.pred, objects, categories.get(a.pred)) if a.args else None
                # "can fly" and "is able to fly" differ, but "is not known to be able to fly" is both
                for form in filter(None, (p.finite(), p.infinitive()) if p else (a.pred,)):
                    preds.setdefault(form, set()).add(a.pred)
            for t in literal_terms(a):
                for s in subterms(t):
                    if isinstance(s, Const | Fn):
                        # a constant and a function of one name would differ by their arguments only
                        terms.setdefault(_name(s.name).removeprefix("the "), set()).add(_spelling(s))
                    elif isinstance(s, Var):
                        terms.setdefault(s.name, set()).add("?" + s.name)
    clash = {s for group in (*preds.values(), *terms.values()) if len(group) > 1 for s in group}
    return Lexicon(categories, {}, frozenset(s.removeprefix("()") for s in clash))


def _spelling(t: Const | Fn) -> str:
    return t.name if isinstance(t, Const) else "()" + t.name


def named(lex: Lexicon, names: Mapping[Term, str]) -> Lexicon:
    """`lex` with names for more terms."""
    return replace(lex, names={**lex.names, **names})


# --- terms -----------------------------------------------------------------------------

Env = Mapping[Var, str]


def term(t: Term, lex: Lexicon, env: Env | None = None) -> str:
    """A name, a definite description, a numeral, or a function's value."""
    if t in lex.names:
        return lex.names[t]
    match t:
        case Var(name):
            return (env or {}).get(t) or (f"?{name}" if f"?{name}" in lex.literal else name)
        case Num(value):
            return number(value)
        case Const(name):
            return f"“{name}”" if name in lex.literal else _name(name)
        case Fn(name, args):
            said = [term(a, lex, env) for a in args]
            if not name.replace("_", "").isalnum() and len(said) == 2:
                return f"({said[0]} {name} {said[1]})"
            if len(said) == 1 and name not in lex.literal and name[:1].isalpha():
                return f"the {' '.join(w.lower() for w in split(name))} of {said[0]}"
            return f"{name}({', '.join(said)})"
        case _:
            assert_never(t)


def _name(name: str) -> str:
    if name == UNNAMED:
        return "any one thing"
    if name.startswith(SKOLEM) or name in PRONOUNS:
        return f"“{name}”"
    words = split(name)
    text = " ".join(words)
    if not text[:1].islower() or any(c.isdigit() for c in text) or len(text) == 1:
        return text  # a proper name, or a label such as c1
    # a lower-case word nobody knows is a name written small: socrates
    return f"the {text}" if len(words) > 1 or parts_of_speech(words[-1]) else text


def number(value: Fraction) -> str:
    """A decimal where it ends, else a fraction."""
    if value.denominator == 1:
        return str(value.numerator)
    rest = value.denominator
    places = 0
    while rest % 10 == 0 or rest % 2 == 0 or rest % 5 == 0:
        rest, places = rest // (10 if rest % 10 == 0 else 2 if rest % 2 == 0 else 5), places + 1
    if rest != 1 or places > 12:
        return str(value)
    return f"{'-' if value < 0 else ''}{_decimal(abs(value), places)}"


def _decimal(value: Fraction, places: int) -> str:
    digits = str(int(value * 10**places)).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")


# --- literals --------------------------------------------------------------------------


def literal_text(a: Atom | Equal | Less, lex: Lexicon, env: Env, mode: str = "") -> str:
    """Mode: empty, "not", "naf"."""
    match a:
        case Atom(pred, ()):
            what = (
                f"“{pred}”" if " " in (text := " ".join(split(pred))) or pred in lex.literal else f"“{text}”"
            )
            return {"": f"{what} holds", "not": f"{what} does not hold"}.get(
                mode, f"{what} is not known to hold"
            )
        case Atom(_, (first, *rest)):
            subject = term(first, lex, env)
            objects = tuple(
                "itself" if t == first and isinstance(t, Var) else term(t, lex, env) for t in rest
            )
            return f"{subject} {predicate(a, objects, lex, mode)}"
        case Equal(left, right):
            verb = "equals" if isinstance(left, Num) or isinstance(right, Num) else "is the same as"
            if mode:
                verb = "does not equal" if verb == "equals" else "is not the same as"
            return f"{term(left, lex, env)} {verb} {term(right, lex, env)}"
        case Less(left, right, strict):
            verb = f"is {'not ' if mode else ''}{'less than' if strict else 'at most'}"
            return f"{term(left, lex, env)} {verb} {term(right, lex, env)}"
        case _:
            raise TypeError(f"no literal: {a!r}")


def predicate(a: Atom, objects: tuple[str, ...], lex: Lexicon, mode: str) -> str:
    """What `a` says of its first argument; a variable there is taken to be under a quantifier."""
    p = None if a.pred in lex.literal else phrase(a.pred, objects, lex.categories.get(a.pred))
    if p is None or (mode == "naf" and not p.infinitive()):
        if objects:
            verb = {"": "stands in", "not": "does not stand in"}.get(mode, "is not known to stand in")
            return f"{verb} the relation “{a.pred}” to {' and '.join(objects)}"
        return {"": f"is “{a.pred}”", "not": f"is not “{a.pred}”"}.get(mode, f"is not known to be “{a.pred}”")
    finite = p.general() if isinstance(a.args[0], Var) else p.finite()
    return {"": finite, "not": p.negative()}.get(mode) or f"is not known to {p.infinitive()}"


def literal_of(f: Formula | Naf) -> tuple[Atom | Equal | Less, str] | None:
    match f:
        case Atom() | Equal() | Less():
            return f, ""
        case Not(Atom() | Equal() | Less() as a):
            return a, "not"
        case Naf(a):
            return a, "naf"
        case _:
            return None


# --- noun phrases and verb phrases about one variable ------------------------------------


def split_and(f: Formula | Naf) -> tuple[Formula | Naf, ...]:
    return f.parts if isinstance(f, And) and f.parts else (f,)


def said_of(f: Formula | Naf, x: Term, lex: Lexicon, env: Env) -> tuple[str, str] | None:
    """(verb phrase, mode) that says `f` of subject `x`, where `x` is the subject and nothing but it.

    Mode is "", "not" or "naf"; the verb phrase is in that mode.
    """
    if found := literal_of(f):
        a, mode = found
        if not isinstance(a, Atom) or not a.args or a.args[0] != x:
            return None
        if any(x in subterms(t) and t != x for t in a.args[1:]):
            return None
        objects = tuple("itself" if t == x else term(t, lex, env) for t in a.args[1:])
        return predicate(a, objects, lex, mode), mode
    if (c := count_of(f)) is not None:
        return _with_object(split_and(c.body), x, c.var, lex, env, "", c)
    body, negative = (f.body, True) if isinstance(f, Not) else (f, False)
    match body:
        case Exists((y,), inner):
            return _with_object(split_and(inner), x, y, lex, env, "not" if negative else "")
        case Forall((y,), Atom() as a) if not negative and y != x:
            return _object(a, x, y, EVERY, lex, env, "")
        case Forall((y,), Implies(left, Atom() as a)) if not negative and y != x:
            noun = noun_phrase(split_and(left), y, lex)
            return _object(a, x, y, f"every {noun}", lex, env, "") if noun else None
        case _:
            return None


def _with_object(
    parts: tuple[Formula | Naf, ...],
    x: Term,
    y: Var,
    lex: Lexicon,
    env: Env,
    mode: str,
    count: Count | None = None,
) -> tuple[str, str] | None:
    """chases something, owns a dog; does not own any dog; owns at least two dogs"""
    links = [p for p in parts if isinstance(p, Atom) and x in p.args]
    if len(links) != 1 or y == x:
        return None
    rest = tuple(p for p in parts if p is not links[0])
    if count is not None:
        many = things(rest, count, lex)
        return _object(links[0], x, y, many, lex, env, mode) if many else None
    if not rest:
        return _object(links[0], x, y, ANY if mode else THING, lex, env, mode)
    noun = noun_phrase(rest, y, lex)
    if not noun:
        return None
    return _object(links[0], x, y, f"any {noun}" if mode else article(noun), lex, env, mode)


def _object(a: Atom, x: Term, y: Var, noun: str, lex: Lexicon, env: Env, mode: str) -> tuple[str, str] | None:
    if a.args[:1] != (x,) or list(a.args).count(y) != 1:
        return None
    if any((x in subterms(t)) or (t != y and y in subterms(t)) for t in a.args[1:]):
        return None
    said = phrase(a.pred, ("@",) * (len(a.args) - 1), lex.categories.get(a.pred))
    if said is not None and said.modal == PROHIBITION and not mode:
        if not noun.startswith(EVERY) and noun.partition(" ")[0] != "every":
            return None  # "must not open a door" would forbid it of every door
        noun = ANY if noun == EVERY else noun.replace("every", "any", 1)
    objects = tuple(noun if t == y else term(t, lex, env) for t in a.args[1:])
    return predicate(a, objects, lex, mode), mode


def noun_phrase(parts: tuple[Formula | Naf, ...], y: Var, lex: Lexicon) -> str:
    """green cat; cat that chases Tom; the empty text where `parts` make none."""
    nouns, adjectives, clauses = [], [], []
    for p in parts:
        kind, text = "", ""
        if isinstance(p, Atom) and p.args == (y,) and p.pred not in lex.literal:
            said = phrase(p.pred, (), lex.categories.get(p.pred))
            if said and said.verb == "be" and not said.modal:
                first, _, tail = said.rest.partition(" ")
                kind, text = ("noun", tail) if first in {"a", "an"} and tail else ("adjective", said.rest)
        if kind == "noun":
            nouns.append(text)
        elif kind == "adjective":
            adjectives.append(text)
        else:
            found = said_of(p, y, lex, {}) if set(free_vars(p)) <= {y} and literal_of(p) else None
            if found is None:
                return ""
            clauses.append(f"that {found[0]}")
    if len(nouns) != 1 or len(adjectives) > 2:
        return ""
    return " ".join((*adjectives, nouns[0], " and ".join(clauses))).strip()


# --- counts ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Count:
    """That `body` holds of so many things: `words` are "at least two", for `n` of them."""

    words: str
    n: int
    var: Var
    body: Formula


def count_of(f: Statement | Naf) -> Count | None:
    """What `f` counts, where it is a counting quantifier written out (logic.counting)."""
    if not isinstance(f, And | Exists | Forall) or (c := counted(f)) is None:
        return None
    kind, n, var, body = c
    bound = {
        v for q in (f.parts if isinstance(f, And) else (f,)) if isinstance(q, Exists | Forall) for v in q.vars
    }
    if bound - {var} & set(free_vars(body)):
        return None  # it speaks of another of the things
    number_ = COUNTS[n] if n < len(COUNTS) else str(n)
    return Count(f"{kind.replace('_', ' ')} {number_}", n, var, body)


def things(parts: tuple[Formula | Naf, ...], count: Count, lex: Lexicon) -> str:
    """at least two green cats; at most one thing; the empty text where `parts` make no noun phrase."""
    if not parts:
        return f"{count.words} {'thing' if count.n == 1 else 'things'}"
    noun = noun_phrase(parts, count.var, lex)
    if count.n != 1:
        noun = _plural(noun) if noun and " that " not in noun else ""
    return f"{count.words} {noun}" if noun else ""


def _plural(noun: str) -> str:
    """green cats; the empty text where the last word has no plural that is known."""
    *before, last = noun.split(" ")
    many = "" if PREPOSITIONS & set(before) else inflect(last, "NNS")
    return " ".join((*before, many)) if many else ""


def counted_subject(count: Count, lex: Lexicon, env: Env) -> str:
    """there are at least two cats; exactly one cat is green; the empty text for other shapes."""
    parts, y = split_and(count.body), count.var
    if all(isinstance(p, Atom) and p.args == (y,) for p in parts) and (many := things(parts, count, lex)):
        return f"there {'is' if count.n == 1 else 'are'} {many}"
    for i in reversed(range(len(parts))):
        a, many = parts[i], things((*parts[:i], *parts[i + 1 :]), count, lex)
        if not many or not isinstance(a, Atom) or a.args[:1] != (y,) or a.pred in lex.literal:
            continue
        if any(y in subterms(t) for t in a.args[1:]):
            continue
        p = phrase(a.pred, tuple(term(t, lex, env) for t in a.args[1:]), lex.categories.get(a.pred))
        if p is not None and (verb := p.general() if count.n == 1 else p.plural()):
            return f"{many} {verb}"
    return ""
