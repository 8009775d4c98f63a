"""Small decisions about questions and pieces of text.  Used by the engine only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, assert_never

from neurosym.errors import ConfigError, InputError, SyntaxProblem, TheoryError
from neurosym.logic import (
    SKOLEM,
    And,
    Atom,
    BodyLiteral,
    Const,
    Equal,
    Exists,
    Fn,
    Forall,
    Formula,
    Iff,
    Implies,
    Less,
    Naf,
    Not,
    Num,
    Or,
    Rule,
    Statement,
    Term,
    Var,
    Xor,
    atoms,
    is_arithmetic,
    literal_terms,
    literals,
    rules_of,
    substitute,
    subterms,
)
from neurosym.logic.counting import MOST, all_different, at_least, at_most
from neurosym.logic.counting import counted as read_count
from neurosym.results import Bound, Question, Response, Unread
from neurosym.syntax import read_formula, show, show_term
from neurosym.theory import Axiom, Claim, Semantics, Span, Theory, definitions
from neurosym.verdict import Clock, Disproved, Inconsistent, Proved, Solver

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading

ARITY = 1000  # as in theory files
MOST_NOTES = 8  # pieces not used that every answer names
TRYING = 0.2  # of the time that is left, for one bound of a count
SMALL = 4  # counts that are tried whatever is known

_LOGIC = re.compile(
    r"\?[A-Za-z_]|:-|->|<->|[A-Za-z_]\w*\(|[∀∃∧∨¬→↔<>=]|^\s*(?:forall|exists)\b|\b(?:at_least|at_most|all_different)\b"
)
WHOLE = "a whole sentence was expected, as in: Is there a late order?"
_VERB = re.compile(
    r"\b(?:am|is|are|was|were|be|been|being|has|have|had|do|does|did|can|could|may|might|must|shall|should"
    r"|will|would|ain|there|cannot)\b|n['’]t\b|(?:one|body|thing|it|he|she|that|who|what)['’]s\b"
    r"|['’](?:re|ve|ll|m|d)\b",
    re.IGNORECASE,
)
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_ATOMS = frozenset({"P0", "P1", "P2", "P3", "P4", "EQ"})
DIRECTIVE = re.compile(r"\s*(?:closed\s+(?:world|\S+/)|semantics\s+\w+\s*\.|prefer\s+\S+\s+over\s)")


def as_logic(text: str) -> Formula | None:
    """The question as a formula, or None where it is English.

    Raises SyntaxProblem for what looks like logic and is not: a slip in a formula is never
    guessed to be English.
    """
    try:
        return read_formula(text, "question", free=True)
    except SyntaxProblem:
        if _LOGIC.search(text):
            raise
        return None


def must_be(given: object, kinds: tuple[type, ...], what: str) -> None:
    """Raise InputError where what a program gives as a `what` is of none of these kinds, text first."""
    if not isinstance(given, kinds):
        also = " or a formula of neurosym.logic" if len(kinds) > 1 else ""
        raise InputError(
            f"text (str){also} was expected, and {type(given).__name__} was given", document=what
        )


def no_question(text: str, r: Reading) -> str:
    """Why English that was read cannot be asked, or the empty text.

    It cannot where it says of a thing that it is itself, and where it is a phrase without a verb of its
    own, which the parser reads as a statement all the same.
    """
    if isinstance(r.formula, Equal) and r.formula.left == r.formula.right:
        return f"no question: that {show_term(r.formula.left)} is itself is so whatever is told; {WHOLE}"
    whole = r.act == "tell" and not r.partial and bool(r.tokens)  # of a part the verb may be elsewhere
    phrase = whole and _phrase(text, r)
    return f"a phrase, not a question; {WHOLE}" if phrase else ""


def _phrase(text: str, r: Reading) -> bool:
    """Has a statement no verb of its own?"""
    from neurosym.parser.scheme import end_of

    tokens = r.tokens
    said = [tokens[i : end_of(tokens, i)] for i, t in enumerate(tokens) if t in _ATOMS]
    if len(set(said)) < len(said) and not {"OR", "XOR", "IFF"}.intersection(tokens):
        return True  # one word said of one thing twice: "every member" as each member is a member
    kinds: dict[str, list[int]] = {}
    for t in tokens:
        if t[1:2] == ":":
            kinds.setdefault(t[0], []).append(int(t[2:]))
    verbs, nouns = kinds.get("V", []), kinds.get("N", [])
    if _VERB.search(text):
        return False
    if verbs:  # "a member who owes money": the only one is in a relative clause
        relative = next((i for i, w in enumerate(text.lower().split()) if i and w in _RELATIVE), None)
        alone = len(verbs) == 1 and relative is not None and verbs[0] > relative
        return alone and isinstance(r.formula, Exists)
    if any(s[0] == "P2" and (s[1][:2] == "P:" or s[2:3] == s[3:]) for s in said):
        return True  # "the bridge over the river", "Kai's order"
    others = kinds.get("A", [])
    last = len(nouns) == 1 and all(i < nouns[0] for i in others)  # "a late order": there is one
    return isinstance(r.formula, Exists) and (last or "T" in kinds)


def not_used(pieces: Sequence[Unread]) -> tuple[str, ...]:
    """Notes on what was told and is not used, which a reader of any answer must know."""
    out = [f"not used: {short(u.text)!r} ({u.reason})" for u in pieces[:MOST_NOTES]]
    if len(pieces) > MOST_NOTES:
        out.append(f"and {len(pieces) - MOST_NOTES} more pieces are not used (Engine.unread lists them)")
    return tuple(out)


def unread(parsed: Parsed, best: Reading | None, threshold: float) -> Unread:
    """Why a sentence is not believed: it was not read, or its best reading scores too low."""
    if best is None:
        return place(parsed, parsed.reason)
    return place(parsed, f"the best reading scores {best.score:.2f}, below {threshold:.2f}")


def place(parsed: Parsed, reason: str) -> Unread:
    span = parsed.span
    return Unread(f"{span.document}:{span.start}-{span.end}", span.text, reason)


def quoted(c: Claim) -> str:
    """A claim in the words of its source, or as a formula where it has none."""
    said = c.source.text if isinstance(c.source, Span | Axiom) else ""
    return short(said or show(c.formula))


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 100 else line[:97] + "..."


class Signature:
    """The predicates that a theory speaks of.  Its claims are looked at once, and no further than needed."""

    def __init__(self, theory: Theory) -> None:
        self.theory = theory
        self._known: set[tuple[str, int]] = set()
        self._seen = 0  # claims looked at; should threads race for it, a claim is looked at again

    def missing(self, wanted: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
        """Those of `wanted` (name, arity) that no claim mentions, sorted."""
        left = set(wanted) - self._known
        claims, n = self.theory.claims, self._seen
        while left and n < len(claims):
            found = [(a.pred, len(a.args)) for a in atoms(claims[n].formula)]
            self._known.update(found)
            left.difference_update(found)
            n += 1
            self._seen = n
        return sorted(left)

    @property
    def known(self) -> frozenset[tuple[str, int]]:
        self.missing([("", -1)])  # which none is, so that all claims are looked at
        return frozenset(self._known)


def unknown_symbols(goal: Formula, signature: Signature) -> tuple[str, ...]:
    """A note for each predicate of the goal that nothing told mentions, which may be a slip of the
    pen, and for each closed one, which is then false of everything."""
    out = []
    for pred, arity in signature.missing((a.pred, len(a.args)) for a in atoms(goal)):
        alike = sorted({p for p, n in signature.known if n == arity})
        near = get_close_matches(pred.lower(), alike, 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        out.append(f"nothing told mentions {pred}/{arity}{hint}")
    for pred, arity in signature.missing(signature.theory.closed):
        out.append(f"{pred}/{arity} is closed, and nothing told mentions it")
    return (*out, *_undefined(signature))


def products(theory: Theory, goal: Formula) -> tuple[str, ...]:
    """A note on the first product of two unknowns: much about it stays open, for arithmetic is linear."""
    for where, f in (("the question", goal), *((f"claim {c.label!r}", c.formula) for c in theory.claims)):
        for t in (s for a in literals(f) for x in literal_terms(a) for s in subterms(x)):
            if isinstance(t, Fn) and t.name == "*" and all(map(_unknown, t.args)):
                return (f"arithmetic is linear: {show_term(t)} in {where} multiplies two unknowns",)
    return ()


def _unknown(t: Term) -> bool:
    """Is there more in the term than numerals and what is done with them?"""
    return any(not isinstance(s, Num) and not is_arithmetic(s) for s in subterms(t))


def _undefined(signature: Signature) -> Iterator[str]:
    """A note for each closed predicate that is mentioned, but that no claim defines."""
    theory = signature.theory
    if not theory.closed:
        return
    try:
        own, _ = definitions(theory)
    except TheoryError:  # the answer says so
        return
    rules = (r for c in own for r in rules_of(c.formula, closed=True) or ())
    defined = {(a.pred, len(a.args)) for r in rules for a in atoms(r.head)}
    for pred, arity in sorted({*theory.closed} & signature.known - defined):
        yield f"{pred}/{arity} is closed, and no claim defines it: it is false of everything"


def predicate(text: str) -> tuple[str, int]:
    """`p/1` as a name and a number of arguments.  Raises ConfigError for anything else."""
    name, slash, number = text.strip().rpartition("/")
    if not slash or not name or name[0] == SKOLEM[0] or not (number.isascii() and number.isdecimal()):
        raise ConfigError(f"closed predicates are written name/arguments, as in p/1; found {text!r}")
    if len(number) > 4 or int(number) > ARITY:
        raise ConfigError(f"no predicate has {number} arguments (in {text!r})")
    return name, int(number)


def semantics_named(name: str) -> Semantics:
    """Raises ConfigError for a name that is none."""
    known = [s.value for s in Semantics]
    if name not in known:
        raise ConfigError(f"there is no semantics {name!r}; choose one of {', '.join(known)}")
    return Semantics(name)


def unnamed(t: Term) -> bool:
    """Does a term stand for a thing that nobody named (a reserved symbol of a solver)?"""
    return any(isinstance(x, Const | Fn) and x.name.startswith("$") for x in subterms(t))


def counted(q: Question, solver: Solver, response: Response, cut: bool, clock: Clock) -> Response:
    """`response` with the bounds of the count that are proved, and the count itself where they meet.

    In a closed world names are unique; that nothing else fits is a theorem of its own, which
    the solver must prove and the kernel check.  In an open world two names may be one thing and
    a thing may have no name: "at least" and "at most" are then formulas (logic/counting.py).
    `cut`: the answers of `response` may not be all.
    """
    if not q.count or isinstance(response.verdict, Inconsistent):
        return response
    found, theory = response.answers, response.theory
    if isinstance(response.verdict, Disproved):
        return replace(response, count=0, bounds=(Bound("at_most", 0, response.verdict),))
    if theory.closed_world and not cut:
        bindings = [dict(a.binding) for a in found]
        rows = [And(tuple(Equal(v, b[v.name]) for v in q.variables)) for b in bindings]
        if not rows:
            return _noted(response, f"0 found; that there are none is not proved: {response.verdict}")
        nothing_else = Forall(q.variables, Implies(q.goal, Or(tuple(rows))))
        verdict = solver.solve(theory, nothing_else, clock.within(1.0))
        if isinstance(verdict, Proved):
            return replace(response, count=len(found), bounds=(Bound("at_most", len(found), verdict),))
        return _noted(response, f"{len(found)} found; that there are no more is not proved: {verdict}")
    if len(q.variables) == 1:
        response = _bounded(q.variables[0], q.goal, solver, response, clock)
    if response.count is not None:
        return response
    known = [f"{b.kind.replace('_', ' ')} {'one' if b.n == 1 else b.n}" for b in response.bounds]
    proved = f"proved: {' and '.join(known)}; " if known else ""
    if found:
        why = "there may be more, and two names may be one thing (exact with --closed-world)"
        return _noted(response, f"{proved}{len(found)} named; {why}")
    if known:
        return _noted(response, f"{proved}but none that has a name")
    return response


def _bounded(x: Var, body: Formula, solver: Solver, response: Response, clock: Clock) -> Response:
    """`response` with what is proved of the number of things `x` of which `body` holds.

    Tried are small numbers, that of the things that are named and those that the claims name:
    the formula of a count is large, and to find that it does not follow takes the longer for it.
    """

    def proved(formula: Formula) -> Proved | None:
        verdict = solver.solve(response.theory, formula, clock.within(TRYING))
        return verdict if isinstance(verdict, Proved) else None

    said = _said(body, response.theory) | {len(response.answers)}
    low: Bound | None = None
    if isinstance(response.verdict, Proved):
        low = Bound("at_least", 1, response.verdict)
        if 1 < len(named := [t for a in response.answers for _, t in a.binding]) <= MOST:
            # of the things that are named it is found far sooner than of some things
            instance = And((*(substitute(body, {x: t}) for t in named), all_different(named)))
            if (v := proved(instance)) is not None:
                low = Bound("at_least", len(named), v)
        for n in sorted(said | set(range(2, SMALL + 1))):
            if low.n < n <= MOST:
                if (v := proved(at_least(n, x, body))) is None:
                    break
                low = Bound("at_least", n, v)
    least = low.n if low else 0
    high: Bound | None = None
    if _limits_number(response.theory):
        likely = sorted(n for n in said | {least, least + 1, least + 2} if max(least, 1) <= n < MOST)
        for n in likely:
            if (v := proved(at_most(n, x, body))) is not None:
                high = Bound("at_most", n, v)
                break
    bounds = tuple(b for b in (low, high) if b is not None)
    return replace(response, bounds=bounds, count=least if high is not None and high.n == least else None)


def _said(body: Formula, theory: Theory) -> set[int]:
    """The numbers that claims name where they count something that `body` speaks of."""
    about = {(a.pred, len(a.args)) for a in atoms(body)}
    found = set[int]()
    for c in theory.claims:
        count = None if isinstance(c.formula, Rule) else read_count(c.formula)
        if count is not None and any((a.pred, len(a.args)) in about for a in atoms(count[3])):
            found.add(count[1])
    return found


def _limits_number(theory: Theory) -> bool:
    """May the theory say that there are no more than so many of something?

    Where no claim has a comparison, or an equality that it may assert, and no predicate is closed,
    any thing of a model may be doubled without making a claim false.
    """
    if theory.semantics is not Semantics.CLASSICAL:
        return False  # rules derive no universal statement
    return theory.closed_world or bool(theory.closed) or any(_asserts(c.formula, True) for c in theory.claims)


def _asserts(f: Statement | BodyLiteral, sign: bool) -> bool:
    """Does `f` (negated, where not `sign`) hold a comparison, or an equality that is not negated?"""
    match f:
        case Less():
            return True
        case Equal():
            return sign
        case Atom() | Naf():
            return False
        case Not(body):
            return _asserts(body, not sign)
        case And(parts) | Or(parts):
            return any(_asserts(p, sign) for p in parts)
        case Implies(a, b):
            return _asserts(a, not sign) or _asserts(b, sign)
        case Iff(a, b) | Xor(a, b):
            return any(_asserts(x, s) for x in (a, b) for s in (True, False))
        case Forall(_, body) | Exists(_, body):
            return _asserts(body, sign)
        case Rule(head, body):
            return _asserts(head, sign) or any(_asserts(x, not sign) for x in body)
        case _:
            assert_never(f)


def _noted(response: Response, note: str) -> Response:
    return replace(response, notes=(*response.notes, note))
