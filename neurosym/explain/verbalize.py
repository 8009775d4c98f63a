"""Formulas to English, one sentence each, deterministic and never saying more or less.

Common shapes get idiomatic English ("every cat is an animal"); everything else a literal
reading ("for every x, if ... then ...") in which compound parts are bracketed, so that two
statements read the same only where they mean the same.  Knows logic and words; must not know
proofs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from neurosym.explain.evidence import check_hints
from neurosym.explain.phrases import (
    EVERY,
    THING,
    Env,
    Lexicon,
    count_of,
    counted_subject,
    lexicon,
    literal_of,
    literal_text,
    noun_phrase,
    said_of,
    split_and,
    term,
)
from neurosym.logic import (
    And,
    Atom,
    Equal,
    Exists,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
    free_vars,
    literals,
    subterms,
    term_key,
)  # fmt: skip


def english(statement: Statement | Naf, hints: Mapping[str, str] | None = None) -> str:
    """`statement` in English, without capital letter and full stop.

    `hints` maps predicate symbols to "noun", "adjective", "verb" or "relation"; anything else
    raises InputError.
    """
    return say(statement, lexicon((statement,), check_hints(hints or {})))


def say(statement: Statement | Naf, lex: Lexicon) -> str:
    """English of a statement; free variables go by their names."""
    match statement:
        case Naf(atom):
            return literal_text(atom, lex, {}, "naf")
        case Rule(head, body, True):
            return f"normally, {_rule(head, body, lex)}"
        case Rule(head, body):
            return _rule(head, body, lex)
        case _:
            return _formula(statement, lex, {})


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return (text[:1].upper() + text[1:]).rstrip(".") + "." if text else ""


# --- formulas ----------------------------------------------------------------------------


def _formula(f: Formula, lex: Lexicon, env: Env) -> str:
    return _clause(f, lex, env)[0]


def _operand(f: Formula | Naf, lex: Lexicon, env: Env) -> str:
    text, simple = _clause(f, lex, env)
    return text if simple else f"({text})"


def _clause(f: Formula | Naf, lex: Lexicon, env: Env) -> tuple[str, bool]:
    """English, and whether it is one plain clause that can stand inside any other unbracketed."""
    if found := literal_of(f):
        return literal_text(found[0], lex, env, found[1]), True
    if text := _idiom(f, lex, env):
        return text, True
    match f:
        case _ if (c := count_of(f)) is not None:
            inner = _formula(c.body, lex, _unbind(env, (c.var,)))
            there, thing = ("is", "thing") if c.n == 1 else ("are", "things")
            return f"there {there} {c.words} {thing} {term(c.var, lex, {})} such that {inner}", False
        case Not(body):
            return f"it is not the case that {_operand(body, lex, env)}", False
        case Forall((), body) | Exists((), body):
            return _clause(body, lex, env)
        case And(()):
            return "nothing is claimed", False
        case Or(()):
            return "there is a contradiction", False
        case And((only,)) | Or((only,)):
            return _clause(only, lex, env)
        case And(parts):
            return " and ".join(_operand(p, lex, env) for p in parts), False
        case Or(parts):
            return " or ".join(_operand(p, lex, env) for p in parts), False
        case Xor(a, b):
            return f"either {_operand(a, lex, env)} or {_operand(b, lex, env)} but not both", False
        case Implies(a, b):
            return f"if {_condition(a, lex, env)} then {_formula(b, lex, env)}", False
        case Iff(a, b):
            return f"{_operand(a, lex, env)} if and only if {_operand(b, lex, env)}", False
        case Forall(vs, body):
            if text := _universal(vs, body, lex, env):
                return text, False
            return f"for every {_list(vs, lex, env)}, {_formula(body, lex, _unbind(env, vs))}", False
        case Exists(vs, body):
            there = "there is a" if len(vs) == 1 else "there are"
            name = _list(vs, lex, env)
            there += "n" if len(vs) == 1 and name[0] in "aeioux" else ""
            return f"{there} {name} such that {_formula(body, lex, _unbind(env, vs))}", False
        case _:
            raise TypeError(f"no formula: {f!r}")


def _condition(f: Formula, lex: Lexicon, env: Env) -> str:
    text, simple = _clause(f, lex, env)
    return f"({text})" if isinstance(f, Implies | Forall | Exists | Iff) and not simple else text


def _unbind(env: Env, vs: tuple[Var, ...]) -> Env:
    return {v: t for v, t in env.items() if v not in vs}


def _list(vs: tuple[Var, ...], lex: Lexicon, env: Env) -> str:
    names = [term(v, lex, {}) for v in vs]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _idiom(f: Formula | Naf, lex: Lexicon, env: Env) -> str:
    """A quantified sentence of one plain clause, subject first; the empty text where `f` is none."""
    if (c := count_of(f)) is not None:
        for subject in _subjects(c.var, c.body):
            if (found := said_of(f, subject, lex, env)) is not None:
                return f"{term(subject, lex, env)} {found[0]}"
        return counted_subject(c, lex, _unbind(env, (c.var,)))
    body, negative = (f.body, True) if isinstance(f, Not) else (f, False)
    match body:
        case Exists((x,), inner):
            if (text := _some(split_and(inner), x, lex, env, negative)) or not isinstance(inner, And | Atom):
                return text
        case Forall((x,), inner) if not isinstance(inner, Implies):
            found = said_of(inner, x, lex, _unbind(env, (x,)))
            if found and found[1] == "" and _plain(inner):
                return f"{'not ' if negative else ''}{EVERY} {found[0]}"
            if found and found[1] == "not" and not negative and isinstance(inner, Not):
                positive = said_of(inner.body, x, lex, _unbind(env, (x,)))
                return f"nothing {positive[0]}" if positive and literal_of(inner) else ""
        case Forall((x,), Implies(left, right)):
            return _every(split_and(left), right, x, lex, _unbind(env, (x,)), negative)
        case _:
            pass
    # only the object is under the quantifier: Tom owns a dog
    if not isinstance(body, Forall | Exists) or len(body.vars) != 1:
        return ""
    for subject in _subjects(body.vars[0], body.body):
        if (found := said_of(f, subject, lex, env)) is not None:
            return f"{term(subject, lex, env)} {found[0]}"
    return ""


def _plain(f: Formula | Naf) -> bool:
    """A literal, or one with a quantified object; scope then follows the order of the words."""
    return isinstance(f, Atom | Exists | Forall) or count_of(f) is not None


def _subjects(x: Var, f: Formula) -> tuple[Term, ...]:
    """Terms that stand first in an atom of `f`, under a quantifier of `x`, apart from it."""
    firsts = {a.args[0] for a in literals(f) if isinstance(a, Atom) and len(a.args) > 1}
    return tuple(sorted((t for t in firsts if x not in subterms(t)), key=term_key))


def _some(parts: tuple[Formula | Naf, ...], x: Var, lex: Lexicon, env: Env, negative: bool) -> str:
    """some cat is green, something is green; no cat is green, nothing is green"""
    inner = _unbind(env, (x,))
    *restriction, last = parts
    found = said_of(last, x, lex, inner)
    if found is None or found[1] == "naf" or not _plain_or_negated(last):
        return ""
    if negative and found[1]:
        return ""
    if not restriction:
        return f"{'nothing' if negative else THING} {found[0]}"
    noun = noun_phrase(tuple(restriction), x, lex)
    return f"{'no' if negative else 'some'} {noun} {found[0]}" if noun else ""


def _plain_or_negated(f: Formula | Naf) -> bool:
    return _plain(f) or (isinstance(f, Not) and literal_of(f) is not None)


def _every(
    parts: tuple[Formula | Naf, ...], head: Formula, x: Var, lex: Lexicon, env: Env, negative: bool
) -> str:
    """every cat is an animal; no cat is green; not every cat is green"""
    noun = noun_phrase(parts, x, lex)
    if not noun:
        return ""
    if isinstance(head, Not) and not negative:
        found = said_of(head.body, x, lex, env) if not isinstance(head.body, Forall) else None
        return f"no {noun} {found[0]}" if found and found[1] == "" else ""
    found = said_of(head, x, lex, env)
    if found is None or found[1] or not _plain(head):
        return ""
    return f"{'not ' if negative else ''}every {noun} {found[0]}"


def _universal(vs: tuple[Var, ...], body: Formula, lex: Lexicon, env: Env) -> str:
    """if something is a cat and it is green then it is kind; the empty text for other shapes."""
    if len(vs) != 1 or any(v == "it" for v in env.values()):
        return ""
    match body:
        case Implies(left, right):
            first, *rest = split_and(left)
            return _generic(first, tuple(rest), right, vs[0], lex, env, "if {} then {}")
        case Iff(left, right):
            first, *rest = split_and(left)
            # without "it" on the right, "something" would be read as an existential
            if rest or not literal_of(right) or vs[0] not in free_vars(right):
                return ""
            return _generic(first, (), right, vs[0], lex, env, "{} if and only if {}")
        case _:
            return ""


def _generic(
    first: Formula | Naf,
    rest: tuple[Formula | Naf, ...],
    head: Formula,
    x: Var,
    lex: Lexicon,
    env: Env,
    frame: str,
) -> str:
    found = literal_of(first)
    a = found[0] if found else None
    if not isinstance(a, Atom) or a.args[:1] != (x,) or any(x in subterms(t) for t in a.args[1:]):
        return ""
    if any(isinstance(g, Forall | Exists) for h in (*rest, head) for g in _inside(h)):
        return ""
    others = _unbind(env, (x,))
    then = _clause(head, lex, {**others, x: "it"})[0]
    opening = _clause(first, lex, {**others, x: THING})[0]
    more = [_operand(r, lex, {**others, x: "it"}) for r in rest]
    return frame.format(" and ".join((opening, *more)), then)


def _inside(f: Formula | Naf) -> tuple[Formula, ...]:
    """Every formula within `f`, itself included."""
    match f:
        case Naf(a):
            return (a,)
        case Atom() | Equal() | Less():
            return (f,)
        case Not(body) | Forall(_, body) | Exists(_, body):
            return (f, *_inside(body))
        case And(parts) | Or(parts):
            return (f, *(g for p in parts for g in _inside(p)))
        case Xor(a, b) | Implies(a, b) | Iff(a, b):
            return (f, *_inside(a), *_inside(b))
        case _:
            assert_never(f)


# --- rules -------------------------------------------------------------------------------


def _rule(head: Atom | Not, body: tuple[Atom | Equal | Less | Not | Naf, ...], lex: Lexicon) -> str:
    """A rule reads as the universal closure of its implication; Naf as "is not known to"."""
    vs = free_vars(Rule(head, body))
    if not body:
        return say(Forall(vs, head), lex) if vs else _formula(head, lex, {})
    if len(vs) == 1 and set(free_vars(body[0])) == set(vs):
        if not any(isinstance(b, Naf) for b in body) and (text := _every(body, head, vs[0], lex, {}, False)):
            return text
        if text := _generic(body[0], body[1:], head, vs[0], lex, {}, "if {} then {}"):
            return text
    text = f"if {' and '.join(_operand(b, lex, {}) for b in body)} then {_formula(head, lex, {})}"
    return f"for every {_list(vs, lex, {})}, {text}" if vs else text
