"""Rules in many wordings, over predicates of any kind: conditionals, equivalences, universals.

What `conditionals` says with few words is said here with gerunds, conclusions, existential and universal
antecedents, and boolean mixtures.  Knows claims and topics; must not know norms.
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.context import G
from neurosym.parser.generate.lumps import lump
from neurosym.parser.generate.meaning import Tree, V, W, conj, p1
from neurosym.parser.generate.nouns import Words, coordinated, definite, indefinite, name, plain
from neurosym.parser.generate.pairs import side, sides
from neurosym.parser.generate.predicates import Pred, one_adjective
from neurosym.parser.generate.sentences import Said, weather
from neurosym.parser.generate.traits import (
    Clause,
    Maker,
    claims,
    entity_claim,
    everybody,
    mixture,
    phrase,
    series,
    somebody,
    trait,
)
from neurosym.parser.generate.verbs import predicate, simple

# --- what is said ---------------------------------------------------------------------


def mixed(g: G) -> Pred:
    """A predicate of any kind; adjectives of persons are frequent."""
    r = g.rng.random()
    if r < 0.56:
        return trait(g).pred
    if r < 0.62:
        return lump(g)
    return simple(g, 1) if r < 0.86 else predicate(g, 1)


def traits(g: G) -> Pred:
    return trait(g).pred


def lumpy(g: G) -> Pred:
    return lump(g) if g.p(0.6) else simple(g, 1)


def storied(g: G) -> Pred:
    """A predicate as stories have them: long, or of several kinds."""
    return sides(g) if g.p(0.35) else side(g, 0.2)


def draw(g: G) -> Maker:
    return g.choose((0.41, mixed), (0.41, traits), (0.09, lumpy), (0.09, storied))


IFS = (
    (0.6, "if"), (0.07, "when"), (0.06, "whenever"), (0.04, "once"), (0.04, "provided that"),
    (0.02, "provided"), (0.05, "as long as"), (0.02, "so long as"), (0.02, "in case"), (0.03, "given that"),
    (0.03, "assuming that"), (0.01, "as soon as"), (0.01, "on the condition that"),
)  # fmt: skip
AFTER_IFS = (
    (0.5, "if"), (0.1, "when"), (0.1, "whenever"), (0.06, "once"), (0.05, "provided that"),
    (0.03, "provided"),
    (0.07, "as long as"), (0.02, "so long as"), (0.03, "in case"), (0.02, "given that"),
    (0.02, "assuming that"),
)  # fmt: skip
MODAL_SUBJECTS = (("it can be", 1), ("we can", 0), ("one can", 0), ("it may be", 1), ("we may", 0),
                  ("you can", 0), ("one may", 0), ("we could", 0), ("it could be", 1),
                  ("it must be", 1))  # fmt: skip
CONCLUDING = (("conclude", "concluded"), ("infer", "inferred"), ("deduce", "deduced"), ("derive", "derived"),
              ("establish", "established"), ("say", "said"), ("conclude", "concluded"))  # fmt: skip
IMPLYING = ("implies", "means", "entails", "guarantees", "ensures", "indicates", "shows", "implies")


def concluding(g: G) -> Words:
    """It can be concluded that; we may infer that; it follows that."""
    if g.p(0.2):
        return list(g.pick(("it follows that", "this means that", "this implies that", "that means")).split())
    first, passive = g.pick(MODAL_SUBJECTS)
    return [*first.split(), g.pick(CONCLUDING)[passive], "that"]


def then(g: G, when: str, long: bool) -> Words:
    """What stands between an antecedent and its consequent."""
    if g.p(0.05):
        g.tag("concluding")
        return [",", *(["then"] if g.p(0.4) else []), *concluding(g)]
    r = g.rng.random()
    if when != "if":
        return [",", "then"] if r < 0.15 else [","]
    return [",", "then"] if r < 0.45 else ["then"] if r < (0.7 if long else 0.75) else [","]


# --- antecedents ----------------------------------------------------------------------


def antecedent(g: G, make: Maker) -> Clause:
    """Conditions that introduce nothing to be taken up again."""
    r = g.rng.random()
    if r < 0.58:
        return claims(g, make, "ante")
    if r < 0.74:
        first = somebody(g, make)
    elif r < 0.88:
        first = everybody(g, make)
    elif r < 0.9:
        first = Clause(*weather(g))
    else:
        return series(g, [g.pick((somebody, everybody))(g, make), entity_claim(g, make)], "ante")
    return first if g.p(0.8) else series(g, [first, entity_claim(g, make)], "ante")


def consequent(g: G, make: Maker) -> Clause:
    r = g.rng.random()
    if r < 0.78:
        return claims(g, make, "cons", 1 if r < 0.62 else 2)
    return everybody(g, make) if r < 0.92 else somebody(g, make)


# --- conditionals ---------------------------------------------------------------------


def conditional(g: G) -> Said:
    """If Tom is red or Ann is blue, then Bob is not green."""
    make = draw(g)
    when = g.choose(*IFS)
    g.tag(when)
    a, c = antecedent(g, make), consequent(g, make)
    tree = ("IMP", a.tree, c.tree)
    if g.p(0.12):
        g.tag("both-ways")
        end: Words = [*([","] if g.p(0.7) else []), "and", "vice", "versa"]
        return ["if", *a.words, *then(g, "if", True), *c.words, *end], ("IFF", a.tree, c.tree)
    return [*when.split(), *a.words, *then(g, when, len(a.words) > 6), *c.words], tree


def backwards(g: G) -> Said:
    """Bob is not green if Tom is red; only if; unless; if and only if."""
    make = draw(g)
    g.reuse = 0.4
    kind = g.choose((0.42, "if"), (0.14, "only if"), (0.2, "unless"), (0.24, "iff"))
    g.tag(f"back-{kind}")
    c = consequent(g, make) if kind == "if" else claims(g, make, "cons", 1)
    a = antecedent(g, make)
    match kind:
        case "if":
            comma: Words = [","] if g.p(0.12) else []
            return [*c.words, *comma, *g.choose(*AFTER_IFS).split(), *a.words], ("IMP", a.tree, c.tree)
        case "only if":
            link = g.pick(("only if", "only if", "only when", "only once"))
            return [*c.words, *link.split(), *a.words], ("IMP", c.tree, a.tree)
        case "unless":
            if g.p(0.4):
                return ["unless", *a.words, ",", *c.words], ("IMP", ("NOT", a.tree), c.tree)
            return [*c.words, *([","] if g.p(0.2) else []), "unless", *a.words], (
                "IMP",
                ("NOT", a.tree),
                c.tree,
            )
        case _:
            return [*c.words, *_iff(g), *a.words], ("IFF", c.tree, a.tree)


def _iff(g: G) -> Words:
    return list(
        g.pick(("if and only if", "if and only if", "if and only if", "exactly when", "iff", "just in case",
                "when and only when", "exactly if", "precisely when")).split()
    )  # fmt: skip


def otherwise(g: G) -> Said:
    """If A then B, otherwise C; A, or else B."""
    make = draw(g)
    g.reuse = 0.4
    if g.p(0.4):
        g.tag("or-else")
        a, b = claims(g, make, "a", 1), claims(g, make, "b", 1)
        first: Words = ["either"] if g.p(0.3) else []
        link = ["or"] if first else g.pick(([",", "or", "else"], ["or", "else"], [",", "or"], ["or"]))
        end: Words = g.pick(([",", "but", "not", "both"], ["but", "not", "both"])) if g.p(0.25) else []
        return [*first, *a.words, *link, *b.words, *end], ("XOR" if end else "OR", a.tree, b.tree)
    g.tag("otherwise")
    a, c, d = antecedent(g, make), claims(g, make, "cons", 1), claims(g, make, "else", 1)
    link = g.pick(([",", "otherwise"], [";", "otherwise", ","], [",", "and", "otherwise"], [";", "otherwise"],
                   [",", "or", "else"], [",", "and", "if", "not", ","]))  # fmt: skip
    tree = ("AND", ("IMP", a.tree, c.tree), ("IMP", ("NOT", a.tree), d.tree))
    return ["if", *a.words, *then(g, "if", True), *c.words, *link, *d.words], tree


def nested(g: G) -> Said:
    """If A, then B if C; if A, then B unless C; if A, then if B, then C."""
    make = draw(g)
    g.reuse = 0.4
    kind = g.choose((0.35, "if"), (0.25, "unless"), (0.2, "only if"), (0.2, "inner"))
    g.tag(f"nested-{kind}")
    a, b, c = antecedent(g, make), claims(g, make, "b", 1), claims(g, make, "c", 1)
    words: Words = ["if", *a.words, *then(g, "if", True)]
    match kind:
        case "if":
            inner: Tree = ("IMP", c.tree, b.tree)
            words += [*b.words, g.pick(("if", "whenever", "when")), *c.words]
        case "unless":
            inner = ("IMP", ("NOT", c.tree), b.tree)
            words += [*b.words, "unless", *c.words]
        case "only if":
            inner = ("IMP", b.tree, c.tree)
            words += [*b.words, "only", "if", *c.words]
        case _:
            inner = ("IMP", b.tree, c.tree)
            words = [
                "if",
                *a.words,
                ",",
                *(["then"] if g.p(0.6) else []),
                "if",
                *b.words,
                *then(g, "if", True),
                *c.words,
            ]
    return words, ("IMP", a.tree, inner)


def conclusion(g: G) -> Said:
    """It can be concluded that A once B; from the fact that B, we may infer that A; A implies that B."""
    make = draw(g)
    g.reuse = 0.4
    a, c = antecedent(g, make), consequent(g, make)
    tree = ("IMP", a.tree, c.tree)
    kind = g.choose((0.4, "after"), (0.26, "before"), (0.24, "implies"), (0.1, "follows"))
    g.tag(f"conclude-{kind}")
    given = g.pick(("if", "once", "given that", "from the fact that", "knowing that", "when", "provided that",
                    "once knowing that",
                    "from the fact that", "as soon as", "whenever"))  # fmt: skip
    match kind:
        case "after":
            return [*concluding(g), *c.words, *given.split(), *a.words], tree
        case "before":
            first = g.pick(("given that", "from the fact that", "knowing that", "if", "assuming that", "once",
                            "since we know that"))  # fmt: skip
            if "since" in first:
                first = "if we know that"
            return [*first.split(), *a.words, ",", *concluding(g), *c.words], tree
        case "implies":
            fact: Words = g.pick((["that"], ["the", "fact", "that"], ["the", "fact", "that"]))
            return [*fact, *a.words, g.pick(IMPLYING), "that", *c.words], tree
        case _:
            link = g.pick(
                ("follows from the fact that", "is implied by the fact that", "is entailed by the fact that")
            )
            return ["that", *c.words, *link.split(), *a.words], tree


# --- gerunds --------------------------------------------------------------------------

SAME = (
    "is equivalent to", "is equivalent to", "is the same as", "means the same as",
    "is logically equivalent to",
    "amounts to", "is necessary and sufficient for",
)  # fmt: skip


def gerund(g: G) -> Said:
    """Tom being red implies that Bob is kind; being kind and not rude is equivalent to being honest."""
    g.reuse = 0.3
    if g.p(0.5):
        return _gerunds_of_anyone(g)
    words, left = _gerund_clause(g)
    if g.p(0.14):
        more, right = _gerund_clause(g)
        link = g.pick(("and", "and", "or"))
        g.tag(f"gerunds-{link}")
        words, left = [*words, link, *more], ("AND" if link == "and" else "OR", left, right)
    r = g.rng.random()
    if r < 0.45:
        g.tag("gerund-implies")
        c = consequent(g, draw(g))
        return [*words, g.pick(IMPLYING), *(["that"] if g.p(0.92) else []), *c.words], ("IMP", left, c.tree)
    other, right = _gerund_clause(g)
    if g.p(0.12):
        more, second = _gerund_clause(g)
        op = "AND" if g.p(0.7) else "OR"
        g.tag(f"gerunds-{op}")
        other, right = [*other, op.lower(), *more], (op, right, second)
    if r < 0.85:
        g.tag("gerund-iff")
        return [*words, *g.pick(SAME).split(), *other], ("IFF", left, right)
    g.tag("gerund-needs")
    if g.p(0.5):
        link = g.pick(("is sufficient for", "is enough for", "implies", "means", "leads to"))
        return [*words, *link.split(), *other], ("IMP", left, right)
    link = g.pick(("is necessary for", "is required for", "is a prerequisite for"))
    return [*words, *link.split(), *other], ("IMP", right, left)


def _gerund_clause(g: G) -> tuple[Words, Tree]:
    """Tom being red; Tom's not chasing Bob; Tom and Ann being kind."""
    if g.p(0.1):
        s = coordinated(g)
        word, be = W(g.adjective().base), "being"
        return [*s.words, be, word], s.apply(lambda t: p1(("A", word), t))
    a, x = phrase(g), name(g) if g.p(g.named) else definite(g)
    own: Words = ["'s"] if g.p(0.08) and not x.plural and isinstance(x.words[-1], W) else []
    if own and str(getattr(x.words[-1], "text", "")).endswith("s"):
        own = ["'"]
    return [*x.words, *own, *a.ing(x.plural)], a.sem(x.term)


def _gerunds_of_anyone(g: G) -> Said:
    """Being red is equivalent to being kind; being tall makes someone a cat."""
    v, a, b = V(), phrase(g), phrase(g)
    left, right = a.sem(v), b.sem(v)
    restriction: list[Tree] = []
    who: Words = []
    if g.p(0.5):
        head = g.choose((0.6, "someone"), (0.12, "somebody"), (0.12, "something"), (0.16, ""))
        if head:
            who = [head]
        else:
            nom = plain(g)
            who, restriction = indefinite(nom.words(False)), nom.sem(v)
    kind = g.choose((0.5, "iff"), (0.24, "implies"), (0.12, "needs"), (0.14, "makes"))
    g.tag(f"anyone-{kind}")
    words: Words = [*who, *a.ing(False)]
    match kind:
        case "iff":
            words += [*g.pick(SAME).split(), *b.ing(False)]
            tree: Tree = ("IFF", left, right)
        case "implies":
            words += [g.pick(IMPLYING[:6]), *b.ing(False)]
            tree = ("IMP", left, right)
        case "needs":
            link = g.pick(("requires", "requires", "presupposes", "is only possible with"))
            words += [*link.split(), *b.ing(False)]
            tree = ("IMP", left, right)
        case _:
            comp, sem, _ = mixture(g, one_adjective) if g.p(0.7) else (*one_adjective(g), True)
            pronoun = (
                "them"
                if who and who[0] in ("someone", "somebody")
                else "it"
                if who
                else g.pick(("one", "someone", "something"))
            )
            words += ["makes", pronoun, *comp(False)]
            tree = ("IMP", left, sem(v))
    if restriction:
        tree = (
            ("IMP", ("AND", conj(restriction), left), tree[2])
            if tree[0] == "IMP"
            else ("IMP", conj(restriction), tree)
        )
    return words, ("ALL", v, tree)


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.4, conditional), (0.2, backwards), (0.09, otherwise), (0.06, nested), (0.1, conclusion),
    (0.15, gerund),
)  # fmt: skip
