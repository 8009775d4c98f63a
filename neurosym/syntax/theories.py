"""Text to theories: claims with their labels and scores, and what is said of all of them."""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

from neurosym.logic import Rule, free_vars
from neurosym.syntax.reading import Reader
from neurosym.theory import Axiom, Claim, Semantics, Theory

ARITY = 1000  # no predicate has more arguments


def read_theory(text: str, document: str = "theory", told: Container[str] = ()) -> Theory:
    """Read a theory.  A claim without a label is called `document:line`.

    `told`: labels of claims told elsewhere, which a preference may name too.  Raises SyntaxProblem
    and TheoryError.
    """
    r = Reader(text, document)
    claims: list[Claim] = []
    world, closed = False, list[tuple[str, int]]()
    semantics: Semantics | None = None
    prefer: list[tuple[tuple[str, int], tuple[str, int]]] = []
    used: set[str] = set()
    while r.now.kind != "end":
        at = r.now.at
        if r.ahead("closed", "world") and not r.ahead("closed", "world", "/"):
            world = True
            r.i += 2
            r.expect(".", "after 'closed world'")
            continue
        if r.ahead("closed", "name"):
            closed += _closed(r)
            continue
        if r.ahead("semantics", "name"):
            semantics = _semantics(r, semantics)
            continue
        if r.ahead("prefer", "name"):
            prefer.append(_prefer(r))
            continue
        label, score = _label(r)
        f = r.statement()
        end = r.now.at
        r.expect(".", "to end the statement")
        line = text.count("\n", 0, at) + 1
        name = label or f"{document}:{line}"
        n = 2
        while not label and name in used:  # several statements on a line
            name, n = f"{document}:{line}.{n}", n + 1
        used.add(name)
        if not isinstance(f, Rule) and (loose := free_vars(f)):
            r.fail(
                f"variable {loose[0].name!r} is free",
                at,
                "bind it with forall or exists, or write a rule with ':-'",
            )
        claims.append(Claim(name, f, Axiom(document, line, text[at:end].strip()), score))
    for name, place in (end for pair in prefer for end in pair):
        if name not in used and name not in told:
            hint = "labels stand before a claim, `label: ...`, here or in what was told before"
            r.fail(f"no claim is labelled {name!r}", place, hint)
    if semantics is None:
        normally = any(isinstance(c.formula, Rule) and c.formula.defeasible for c in claims)
        semantics = Semantics.DEFEASIBLE if normally else Semantics.CLASSICAL
    pairs = tuple((stronger[0], weaker[0]) for stronger, weaker in prefer)
    return Theory(tuple(claims), world, tuple(dict.fromkeys(closed)), semantics, pairs)


def _closed(r: Reader) -> list[tuple[str, int]]:
    """closed p/1, q/2."""
    found = []
    while True:
        r.i += 1  # past `closed`, then past each comma
        if not r.ahead("name", "/", "number"):
            r.fail(
                f"expected a predicate and its number of arguments, found {r.found()}", r.now.at, "as in p/1"
            )
        name, arity = r.now.text, r.tokens[r.i + 2]
        if not arity.text.isdecimal() or len(arity.text) > 4 or int(arity.text) > ARITY:
            r.fail(f"expected a number of arguments up to {ARITY}, found {arity.text!r}", arity.at)
        found.append((name, int(arity.text)))
        r.i += 3
        if not r.ahead(","):
            r.expect(".", "after the closed predicates")
            return found


def _semantics(r: Reader, before: Semantics | None) -> Semantics:
    """semantics chaining."""
    r.i += 1
    at, word = r.now.at, r.now.text
    choices = [s.value for s in Semantics]
    if word not in choices:
        r.fail(f"there is no semantics {word!r}", at, f"choose one of {', '.join(choices)}")
    if before is not None and before is not Semantics(word):
        r.fail("the semantics is declared twice", at)
    r.i += 1
    r.expect(".", "after the semantics")
    return Semantics(word)


def _prefer(r: Reader) -> tuple[tuple[str, int], tuple[str, int]]:
    """prefer LABEL over LABEL."""
    r.i += 1
    stronger = (r.now.text, r.now.at)
    r.i += 1
    if not r.ahead("over"):
        r.fail(f"expected 'over' after a label, found {r.found()}", r.now.at, "as in prefer a over b")
    r.i += 1
    if r.now.kind != "name":
        r.fail(f"expected a label after 'over', found {r.found()}", r.now.at)
    weaker = (r.now.text, r.now.at)
    r.i += 1
    r.expect(".", "after a preference")
    return stronger, weaker


def _label(r: Reader) -> tuple[str, float]:
    if r.ahead("name", ":"):
        r.i += 2
        return r.tokens[r.i - 2].text, 1.0
    if r.ahead("name", "[", "number", "]", ":"):
        r.i += 5
        score = float(Fraction(r.tokens[r.i - 3].text))
        if not 0 <= score <= 1:
            r.fail("a score lies between 0 and 1", r.tokens[r.i - 3].at)
        return r.tokens[r.i - 5].text, score
    if r.ahead("name", "["):
        r.fail("expected a score and a colon after a label", r.tokens[r.i + 1].at, "as in rule [0.9]: ...")
    return "", 1.0
