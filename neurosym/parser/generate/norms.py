"""Who must, may or must not do what, and under which conditions; eligibility; commands.

Knows acts, subjects and topics.  A command is given to YOU; the word "you" in a statement is a mention (R).
"""

from __future__ import annotations

from collections.abc import Callable

from neurosym.parser.generate.acts import act, matter, norm
from neurosym.parser.generate.conditionals import topic
from neurosym.parser.generate.context import G
from neurosym.parser.generate.lumps import lump
from neurosym.parser.generate.meaning import Tree, V, W, conj, forall, p1, p2
from neurosym.parser.generate.nouns import Words, coordinated, definite, indefinite, modified, name
from neurosym.parser.generate.predicates import Pred, copula
from neurosym.parser.generate.rules import AFTER_IFS, IFS
from neurosym.parser.generate.sentences import Said
from neurosym.parser.generate.stretches import doing, ended, inner, inner_clause
from neurosym.parser.generate.traits import Clause, entity_claim, series, trait
from neurosym.parser.generate.verbs import predicate, simple

# Whose things the norm may speak of, is it "you", and is the subject "no", "any", "all" or another.
Who = Callable[[str, bool, str], Pred]

# --- subjects -------------------------------------------------------------------------


def obliged(g: G, make: Who) -> Said:
    """All employees, the agent, Tom, you, no visitor, people who are late: somebody with a norm."""
    r = g.rng.random()
    if r < 0.3:
        e = definite(g) if r < 0.22 else name(g)
        g.tag("norm-the")
        pred = make("their" if e.plural else "its" if r < 0.22 else "his" if g.p(0.5) else "her", False, "")
        return [*e.words, *pred.fin(e.plural)], pred.sem(e.term)
    if r < 0.4:
        who = W(g.pick(("you", "you", "we")))
        g.tag(who.text)
        pred = make("your" if who.text == "you" else "our", True, "")
        return [who, *pred.fin(True)], pred.sem(("R", who))
    if r < 0.44:
        s = coordinated(g)
        pred = make("", False, "any")
        return [*s.words, *pred.fin(s.plural)], s.apply(pred.sem)
    return _anyone(g, make)


def _anyone(g: G, make: Who) -> Said:
    v = V()
    kind = g.choose((0.28, ""), (0.16, "all"), (0.14, "every"), (0.06, "each"), (0.1, "a"), (0.06, "any"),
                    (0.08, "no"), (0.12, "who"))  # fmt: skip
    g.tag(f"norm-{kind or 'bare'}")
    if kind == "who":
        first, many = g.pick((("anyone who", False), ("everyone who", False), ("people who", True),
        ("whoever", False),
                              ("those who", True), ("all people who", True),
                              ("any person who", False)))  # fmt: skip
        inner, pred = predicate(g, 1), make("their" if many else "his", False, "")
        return [*first.split(), *inner.fin(many), *pred.fin(many)], forall(v, [inner.sem(v)], pred.sem(v))
    if kind in ("no", "all", "every", "any") and g.p(0.18):
        head, many = {"no": ("nobody", False), "all": ("all people", True)}.get(
            kind, (g.pick(("everyone", "everybody", "anyone")), False)
        )
        pred = make("" if kind == "no" else "their", False, kind)
        body = ("NOT", pred.sem(v)) if kind == "no" else pred.sem(v)
        return [*head.split(), *pred.fin(many)], ("ALL", v, body)
    many = kind in ("", "all") or (kind == "no" and g.p(0.5))
    nom = modified(g, 0.02, 0.25)
    words = nom.words(many)
    first_words: Words = indefinite(words) if kind == "a" else [*kind.split(), *words]
    pred = make("" if kind == "no" else "their" if many else g.pick(("his", "its", "their")), False, kind)
    said = ("NOT", pred.sem(v)) if kind == "no" else pred.sem(v)
    return [*first_words, *pred.fin(many)], forall(v, nom.sem(v), said)


def _norm(g: G) -> Who:
    def make(own: str, you: bool, kind: str) -> Pred:
        # denied once is enough: not "no visitor must not", nor "any visitor is not allowed"
        return norm(g, own, 0.0 if kind in ("no", "any", "all", "every") else 0.34, you, kind == "no")

    return make


def plain_norm(g: G) -> Said:
    """Employees must wear a badge; the agent may not share the password with anyone."""
    g.tag("norm")
    return obliged(g, _norm(g))


def only_norm(g: G) -> Said:
    """Only members may enter the room."""
    g.tag("norm-only")
    v, nom, pred = V(), modified(g, 0.1, 0.15), norm(g, "", 0.0)
    return ["only", *nom.words(True), *pred.fin(True)], forall(v, [pred.sem(v)], conj(nom.sem(v)))


# --- conditions -----------------------------------------------------------------------


def condition(g: G) -> Clause:
    """The request is urgent; the agent has closed the ticket; you live in Rome."""
    r = g.rng.random()
    if r < 0.16:
        who = W(g.pick(("you", "you", "you", "we")))
        pred = simple(g, 1)
        return Clause([who, *pred.fin(True)], pred.sem(("R", who)))
    make = (lambda g: trait(g).pred) if r < 0.5 else (lambda g: simple(g, 1)) if r < 0.92 else lump
    first = entity_claim(g, make)
    return first if g.p(0.82) else series(g, [first, entity_claim(g, lambda g: simple(g, 1))], "cond")


def _joined(g: G, a: Words, at: Tree, c: Words, ct: Tree, bind: Callable[[Tree, Tree], Tree]) -> Said:
    """Condition and norm in one order or the other."""
    kind = g.choose((0.46, "if"), (0.28, "after"), (0.2, "unless"), (0.06, "only"))
    g.tag(f"norm-{kind}")
    match kind:
        case "if":
            when = g.choose(*IFS)
            link = g.pick(([","], [","], [",", "then"], ["then"])) if when == "if" else [","]
            return [*when.split(), *a, *link, *c], bind(at, ct)
        case "after":
            return [*c, *g.choose(*AFTER_IFS).split(), *a], bind(at, ct)
        case "only":
            return [*c, "only", g.pick(("if", "when")), *a], bind(ct, at)
        case _:
            if g.p(0.3):
                return ["unless", *a, ",", *c], bind(("NOT", at), ct)
            return [*c, *([","] if g.p(0.15) else []), "unless", *a], bind(("NOT", at), ct)


def conditional(g: G) -> Said:
    """If the request is urgent, the agent must reply within 30 days; unless the fee is paid."""
    g.reuse = 0.3
    a, (c, ct) = condition(g), obliged(g, _norm(g))
    return _joined(g, a.words, a.tree, c, ct, lambda p, q: ("IMP", p, q))


def about_one(g: G) -> Said:
    """If a customer has paid the fee, they may return the book; anyone must leave if they are late."""
    t = topic(g)
    front = g.p(0.7)
    one, then = (
        simple(g, 1) if g.p(0.5) else predicate(g, 1),
        norm(g, "their" if t.again == ["they"] else "his"),
    )
    first, second = (one, then) if front else (then, one)
    a: Words = [*t.first, *first.fin(t.first_plural)]
    said = first.sem(t.term)
    words, many, term = t.mention()
    c: Words = [*words, *second.fin(many)]
    rest: list[Tree] = list(t.restriction)
    if front:
        g.tag("norm-topic")
        link = g.pick(([","], [","], [",", "then"], ["then"]))
        when = g.choose(*IFS)
        link = link if when == "if" else [","]
        return [*when.split(), *a, *link, *c], t.bind(conj([*rest, said]), second.sem(term))
    kind = g.choose((0.5, "if"), (0.35, "unless"), (0.15, "only if"))
    g.tag(f"norm-topic-{kind}")
    when = g.choose(*AFTER_IFS) if kind == "if" else kind
    cond = second.sem(term)
    if kind == "only if":
        return [*a, *when.split(), *c], t.bind(conj([*rest, said]), cond)
    return [*a, *when.split(), *c], t.bind(conj([*rest, ("NOT", cond) if kind == "unless" else cond]), said)


def quantified(g: G) -> Said:
    """Every visitor must wear a badge unless it is late; employees may leave if they have a ticket."""
    v, many = V(), g.p(0.6)
    nom = modified(g, 0.1, 0.15)
    det = g.pick(("", "", "all")) if many else g.pick(("every", "a", "each"))
    words = nom.words(many)
    first: Words = indefinite(words) if det == "a" else [*det.split(), *words]
    again: Words = ["they"] if many or (nom.person and g.p(0.5)) else ["it"] if not nom.person else ["he"]
    then, one = eligible(g) if g.p(0.2) else norm(g, "their" if many else "its", 0.25), simple(g, 1)
    a: Words = [*again, *one.fin(again == ["they"])]
    kind = g.choose((0.5, "if"), (0.35, "unless"), (0.15, "only if"))
    g.tag(f"norm-quant-{kind}")
    when = g.choose(*AFTER_IFS) if kind == "if" else kind
    c: Words = [*first, *then.fin(many)]
    cond, said = one.sem(v), then.sem(v)
    if kind == "only if":
        return [*c, *when.split(), *a], forall(v, [*nom.sem(v), said], cond)
    return [*c, *when.split(), *a], forall(
        v, [*nom.sem(v), ("NOT", cond) if kind == "unless" else cond], said
    )


# --- eligibility ----------------------------------------------------------------------

ELIGIBLE = (
    ("eligible", "for"), ("eligible", "for"), ("responsible", "for"), ("ineligible", "for"),
    ("liable", "for"),
    ("exempt", "from"), ("subject", "to"), ("suitable", "for"), ("accountable", "for"), ("free", "from"),
    ("due", "for"), ("available", "for"), ("valid", "for"), ("ready", "for"), ("essential", "for"),
)  # fmt: skip


def eligible(g: G) -> Pred:
    """Is eligible for a refund; is not responsible for the damage; is entitled to a break."""
    g.tag("eligible")
    no = g.p(0.15)
    words, about = matter(g, "", "outside" if no else "")
    if g.p(0.15):
        w, prep = W("entitled"), W("to")
        head: Tree = ("JOIN", ("T", w), ("P", prep))
    else:
        first, second = g.pick(ELIGIBLE)
        w, prep = W(first), W(second)
        head = ("JOIN", ("A", w), ("P", prep))

    def sem(t: Tree) -> Tree:
        return about(t, lambda u: p2(head, t, u))

    pred = copula(g, lambda m: [w, prep, *words], sem, 1.0 if no else 0.0)
    return pred


def entitlement(g: G) -> Said:
    """A customer who has a ticket is eligible for a refund; if it rains, Tom is entitled to a break."""
    g.tag("entitlement")

    def make(own: str, you: bool, kind: str) -> Pred:
        return eligible(g)

    c, ct = obliged(g, make)
    if g.p(0.5):
        return c, ct
    a = condition(g)
    return _joined(g, a.words, a.tree, c, ct, lambda p, q: ("IMP", p, q))


# --- commands -------------------------------------------------------------------------

Sentence = tuple[Words, Tree, str]
YOU: Tree = ("YOU",)


NO_ORDER = frozenset(
    str.split("show decide happen seem appear tend love hate long claim like dislike want fail excel have")
)


def _order(g: G) -> Clause:
    """Close the ticket; do not share the password; be quiet; make sure that the door is locked."""
    r = g.rng.random()
    no = g.p(0.27)
    start: Words = []
    if no:
        start = ["never"] if g.p(0.25) else ["do", "n't" if g.p(0.45) else "not"]
        g.tag("order-not")
    deny: Callable[[Tree], Tree] = lambda t: ("NOT", t) if no else t  # noqa: E731
    if r < 0.07:
        g.tag("order-be")
        w = W(g.adjective().base)
        return Clause([*start, "be", w], deny(p1(("A", w), YOU)))
    if r < 0.2:
        g.tag("order-lump")
        s = doing(g)
        # "decide whether ..." is a question, and nobody is told to happen or to love to do a thing
        while "whether" in s.words[:4] or s.verb.base in NO_ORDER:
            s = doing(g)
        return Clause([*start, *s.form("base")], deny(p1(s.name, YOU)))
    if r < 0.29:
        return _make_sure(g)
    one = act(g, "your", "outside" if no else "")
    if r < 0.88 or no:
        always: Words = ["always"] if not no and g.p(0.05) else []
        return Clause([*start, *always, *one.form("base")], deny(one.said(("V", one.w), YOU)))
    g.tag("order-two")
    two = act(g, "your")
    link = g.choose((0.7, ["and"]), (0.1, [",", "then"]), (0.1, ["and", "then"]), (0.1, ["or"]))
    tree = ("OR" if link == ["or"] else "AND", one.said(("V", one.w), YOU), two.said(("V", two.w), YOU))
    return Clause([*one.form("base"), *link, *two.form("base")], tree)


def _make_sure(g: G) -> Clause:
    """Make sure that the door is closed; be sure to call Bob; try not to wake the children."""
    g.tag("order-sure")
    first, tail = g.pick((
        ("make", ["sure", "that"]), ("make", ["sure"]), ("ensure", ["that"]), ("ensure", ["that"]),
        ("see", ["to", "it", "that"]), ("remember", ["to"]), ("try", ["to"]), ("try", ["not", "to"]),
        ("feel", ["free", "to"]),
        ("refrain", ["from"]), ("avoid", []), ("stop", []), ("consider", []),
    ))  # fmt: skip
    if tail[-1:] == ["to"]:
        tail = [*tail, *map(str, inner(g, "base", 1))]
    elif tail in (["from"], []):
        tail = [*tail, *map(str, inner(g, "gerund", 1))]
    else:
        tail = [*tail, *map(str, inner_clause(g))]
    w = W(first)
    rest, end = ended(list(tail))
    return Clause([w, *rest], p1(("SPAN", ("B", w), ("F", end)), YOU))


def command(g: G) -> Sentence:
    """Please close the ticket; if the light is red, stop."""
    g.tag("command")
    o = _order(g)
    please = g.rng.random()
    words = o.words
    if please < 0.18:
        words = ["please", *([","] if g.p(0.1) else []), *words]
    elif please < 0.25:
        words = [*words, *([","] if g.p(0.7) else []), "please"]
    if please < 0.25 or g.p(0.68):
        return words, ("COMMAND", o.tree), "." if g.p(0.93) else "!"
    a = condition(g)
    words, tree = _joined(g, a.words, a.tree, words, o.tree, lambda p, q: ("IMP", p, q))
    return words, ("COMMAND", tree), "."


def question(g: G) -> Sentence:
    """May visitors enter the room?  Is Tom allowed to leave?  Who must pay the fee?"""
    pred = norm(g, "", 0.1)
    while pred.inv is None:
        pred = norm(g, "", 0.1)
    r, v = g.rng.random(), V()
    if r < 0.25:
        g.tag("wh-norm")
        return [g.pick(("who", "who", "what")), *pred.fin(False)], ("WH", v, pred.sem(v)), "?"
    if r < 0.4:
        g.tag("which-norm")
        nom = modified(g, 0.1, 0.0)
        said = conj([*nom.sem(v), pred.sem(v)])
        return [g.pick(("which", "what")), *nom.words(True), *pred.fin(True)], ("WH", v, said), "?"
    if r < 0.6:
        g.tag("ask-norm-all")
        det = g.pick(("", "", "all", "every"))
        nom = modified(g, 0.1, 0.1)
        many = det != "every"
        subject: Words = [*det.split(), *nom.words(many)]
        return pred.inv(many, subject), ("ASK", forall(v, nom.sem(v), pred.sem(v))), "?"
    g.tag("ask-norm")
    if g.p(0.15):
        you = W("you")
        return pred.inv(True, [you]), ("ASK", pred.sem(("R", you))), "?"
    e = name(g) if g.p(0.5) else definite(g)
    return pred.inv(e.plural, e.words), ("ASK", pred.sem(e.term)), "?"


STATEMENTS: tuple[tuple[float, Callable[[G], Said]], ...] = (
    (0.34, plain_norm), (0.05, only_norm), (0.26, conditional), (0.12, about_one), (0.13, quantified),
    (0.1, entitlement),
)  # fmt: skip
SENTENCES: tuple[tuple[float, Callable[[G], Sentence]], ...] = ((0.75, command), (0.25, question))
