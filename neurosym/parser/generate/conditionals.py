"""Rules: if, when, unless, if and only if, with pronouns and letters for variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from neurosym.parser.generate.context import COMPARATIVES, PREPOSITIONS, RELATIONS, G
from neurosym.parser.generate.meaning import Tree, V, W, conj, entity, forall, p1, p2
from neurosym.parser.generate.nouns import NP, Words, definite, indefinite, name, plain
from neurosym.parser.generate.sentences import Said, clause, existential, negative, there_is, universal
from neurosym.parser.generate.verbs import gap, predicate, simple


@dataclass(slots=True)
class Topic:
    """What a rule is about: how it is introduced, how it is taken up again, and its term."""

    first: Words
    again: Words  # as a subject
    plural: bool  # of `again`
    first_plural: bool
    term: Tree
    bind: Callable[[Tree, Tree], Tree]  # antecedent, consequent -> formula
    restriction: list[Tree] = field(default_factory=list)
    objective: str = "it"
    again_np: Callable[[], NP] | None = None  # a second mention with words of its own

    def mention(self) -> tuple[Words, bool, Tree]:
        """Words, number and term of a later mention."""
        if self.again_np is not None:
            np = self.again_np()
            return np.words, False, np.term
        return list(self.again), self.plural, self.term


def topic(g: G) -> Topic:
    kind = g.choose(
        (0.26, "something"),
        (0.3, "someone"),
        (0.08, "person"),
        (0.14, "noun"),
        (0.07, "letter"),
        (0.05, "people"),
        (0.1, "entity"),
    )
    if g.plain and g.p(0.55):
        kind = "something" if g.p(0.5) else "someone"
    g.tag(f"about-{kind}")
    if kind == "entity":
        return ground_topic(g)
    v = V()
    bind: Callable[[Tree, Tree], Tree] = lambda a, c: forall(v, [a], c)  # noqa: E731
    if kind == "something":
        return Topic([g.choose((0.8, "something"), (0.2, "anything"))], ["it"], False, False, v, bind)
    if kind == "letter":
        w = g.pick(("X", "X", "Y", "A", "B", "Z", "P", "N", "x", "y"))
        return Topic([w], [w], False, False, v, bind, [], w)
    if kind == "people":
        many = g.pick(("people", "people", "things"))
        return Topic([many], ["they"], True, True, v, bind, [], "them")
    he = g.pick((("he", "him"), ("she", "her")))
    they = g.p(0.62)
    if kind == "noun":
        nom = plain(g)
        words = nom.words(False)
        r = g.rng.random()
        again: Words = ["it"] if r < 0.6 else ["they"] if r < 0.7 else [he[0]]
        if r > 0.8:
            again = ["the", *(w.text if isinstance(w, W) else w for w in words)]
        return Topic(indefinite(words), again, again == ["they"], False, v, bind, nom.sem(v), _object(again))
    first: Words = (
        [g.choose((0.7, "someone"), (0.15, "somebody"), (0.15, "anyone"))]
        if kind == "someone"
        else ["a", "person"]
    )
    again = ["they"] if they else [he[0]]
    if kind == "person" and g.p(0.2):
        again = [g.pick(("the", "that")), "person"]
    return Topic(first, again, again == ["they"], False, v, bind, [], _object(again))


def _object(again: Words) -> str:
    return {"they": "them", "he": "him", "she": "her"}.get(str(again[0]), "it")


def ground_topic(g: G) -> Topic:
    """Tom ... he; the cow ... it."""
    person = g.p(g.named)
    e = name(g) if person else definite(g)
    again: Words = [g.pick(("he", "she"))] if person else ["it"]
    out = Topic(e.words, again, False, e.plural, e.term, lambda a, c: ("IMP", a, c), [], _object(again))
    if g.p(0.5):

        def once_more() -> NP:
            ws = [W(w.text) for w in e.words if isinstance(w, W)]
            t = entity("E" if person else "D", ws)
            return NP([*(w for w in e.words if isinstance(w, str)), *ws], False, lambda body: body(t), t)

        out.again_np = once_more
    return out


@dataclass(slots=True)
class Clause:
    words: Words
    tree: Tree


def about(g: G, t: Topic, first: bool) -> Clause:
    """One clause whose subject is the topic."""
    pred = simple(g, 1)
    if first:
        return Clause([*t.first, *pred.fin(t.first_plural)], pred.sem(t.term))
    words, many, term = t.mention()
    return Clause([*words, *pred.fin(many)], pred.sem(term))


def to_topic(g: G, t: Topic) -> Clause:
    """One clause whose object is the topic: the dog chases it."""
    g.tag("to-topic")
    e = name(g) if g.p(g.named) else definite(g)
    verb = gap(g)
    again, _, term = t.mention()
    obj = again if t.again_np is not None or len(again) > 1 else [t.objective]
    return Clause([*e.words, *verb.fin(e.plural), *obj], verb.said(e.term, term))


def antecedent(g: G, t: Topic) -> Clause:
    """One to three conditions on the topic."""
    r = g.rng.random()
    if r < 0.42:
        pred = predicate(g, 0)
        return Clause([*t.first, *pred.fin(t.first_plural)], pred.sem(t.term))
    n = 2 if r < 0.85 else 3
    link = "and" if g.p(0.86) else "or"
    g.tag(f"ant-{link}{n}")
    parts = [about(g, t, True)]
    for _ in range(n - 1):
        q = g.rng.random()
        parts.append(about(g, t, False) if q < 0.62 else other(g) if q < 0.82 else to_topic(g, t))
    words: Words = list(parts[0].words)
    for i, c in enumerate(parts[1:], 1):
        words += [","] if i < n - 1 else [*([","] if g.p(0.1) else []), link]
        words += c.words
    return Clause(words, conj([c.tree for c in parts], "AND" if link == "and" else "OR"))


def other(g: G) -> Clause:
    g.tag("ground-condition")
    words, tree = clause(g, False)
    return Clause(words, tree)


def consequent(g: G, t: Topic) -> Clause:
    r = g.rng.random()
    if r < 0.72:
        if r < 0.05:
            a, b = about(g, t, False), about(g, t, False)
            return Clause([*a.words, "and", *b.words], ("AND", a.tree, b.tree))
        pred = predicate(g, 0)
        words, many, term = t.mention()
        return Clause([*words, *pred.fin(many)], pred.sem(term))
    return to_topic(g, t) if r < 0.84 else other(g)


def conditional(g: G) -> Said:
    """If something is red and it likes Bob then it is round; in many phrasings."""
    t = topic(g)
    g.reuse = 0.4
    g.tag("if")
    if g.p(0.06 if g.plain else 0.16) and isinstance(t.term, V):
        return backwards(g, t)
    a, c = antecedent(g, t), consequent(g, t)
    tree = t.bind(conj([*t.restriction, a.tree]), c.tree)
    form = g.choose(
        (0.55, "then"),
        (0.14, "comma then"),
        (0.2, "comma"),
        (0.05, "after"),
        (0.05, "implies"),
        (0.06, "letter"),
    )
    if form == "letter" and t.first == t.again:
        g.tag("for-all")
        first: Words = [*g.pick(("for all", "for every", "for any")).split(), *t.first, ",", "if"]
        return [*first, *a.words, *([","] if g.p(0.5) else []), "then", *c.words], tree
    if form == "implies":
        g.tag("implies")
        words: Words = [*g.pick((["that"], ["the", "fact", "that"], []))]
        if not words and isinstance(t.term, V):
            words = ["if"]
            return [*words, *a.words, ",", "it", "follows", "that", *c.words], tree
        return [*words, *a.words, "implies", *(["that"] if g.p(0.8) else []), *c.words], tree
    when = g.choose(
        (0.72, "if"),
        (0.1, "when"),
        (0.08, "whenever"),
        (0.03, "provided that"),
        (0.03, "in case"),
        (0.02, "assuming that"),
        (0.02, "once"),
    )
    if g.plain and g.p(0.8):
        when, form = "if", "then" if g.p(0.6) else form
    if when != "if":
        g.tag("when")
    then: Words = [] if form == "then" else [","]
    if form in ("then", "comma then"):
        then.append("then")
    if when != "if" and "then" in then and g.p(0.7):
        then = [","]
    return [*when.split(), *a.words, *then, *c.words], tree


def backwards(g: G, t: Topic) -> Said:
    """Something is red if it is round; someone likes Bob whenever they are red."""
    g.tag("backwards")
    pred, inner = predicate(g, 1), predicate(g, 1)
    when = g.choose(
        (0.7, "if"), (0.1, "when"), (0.1, "whenever"), (0.05, "provided that"), (0.05, "as long as")
    )
    words: Words = [*t.first, *pred.fin(t.first_plural), *when.split(), *t.again, *inner.fin(t.plural)]
    return words, t.bind(conj([*t.restriction, inner.sem(t.term)]), pred.sem(t.term))


def ground(g: G) -> Said:
    """If Tom is red and the cow likes Bob then Ann is round; unless; if and only if."""
    kind = g.choose((0.64, "if"), (0.1, "iff"), (0.1, "unless"), (0.08, "only if"), (0.08, "after"))
    g.tag(f"ground-{kind}")
    g.reuse = 0.45
    n = 1 if kind != "if" or g.p(0.45) else (2 if g.p(0.8) else 3)
    parts = [clause(g) for _ in range(n)]
    if kind in ("if", "after", "iff") and g.p(0.12):
        g.tag("quantified-condition")
        parts[0] = g.choose(
            (0.4, existential), (0.2, lambda g: there_is(g, V())), (0.25, universal), (0.15, negative)
        )(g)
    c, ct = clause(g)
    op = "AND" if g.p(0.85) else "OR"
    a: Words = list(parts[0][0])
    for i, (words, _) in enumerate(parts[1:], 1):
        a += [*([","] if i < n - 1 else ["and" if op == "AND" else "or"]), *words]
    at = conj([tree for _, tree in parts], op)
    match kind:
        case "iff":
            link = g.pick(("if and only if", "if and only if", "exactly when", "just in case", "iff"))
            return [*a, *link.split(), *c], ("IFF", at, ct)
        case "unless":
            if g.p(0.5):
                return ["unless", *a, ",", *c], ("IMP", ("NOT", at), ct)
            return [*c, "unless", *a], ("IMP", ("NOT", at), ct)
        case "only if":
            return [*a, "only", "if", *c], ("IMP", at, ct)
        case "after":
            when = g.pick(("if", "if", "when", "whenever", "provided that", "because of the fact that"))
            if "because" in when:
                when = "if"
            return [*c, *when.split(), *a], ("IMP", at, ct)
        case _:
            then = g.pick((["then"], ["then"], [",", "then"], [","]))
            return ["if", *a, *then, *c], ("IMP", at, ct)


def equivalence(g: G) -> Said:
    """Something is red if and only if it is round."""
    g.tag("iff")
    t = topic(g)
    a, b = predicate(g, 1), predicate(g, 1)
    if t.first == ["X"] and g.p(0.5):
        g.tag("for-all")
    link = g.pick(("if and only if", "if and only if", "exactly when", "iff"))
    words: Words = [*t.first, *a.fin(t.first_plural), *link.split(), *t.again, *b.fin(t.plural)]
    if not isinstance(t.term, V):
        return words, ("IFF", a.sem(t.term), b.sem(t.term))
    if g.p(0.25):
        g.tag("vice-versa")
        words = [
            "if",
            *t.first,
            *a.fin(t.first_plural),
            *g.pick(([",", "then"], [","], ["then"])),
            *t.again,
            *b.fin(t.plural),
            ",",
            "and",
            "vice",
            "versa",
        ]
    return words, ("ALL", t.term, _restricted(t, ("IFF", a.sem(t.term), b.sem(t.term))))


def _restricted(t: Topic, body: Tree) -> Tree:
    return ("IMP", conj(t.restriction), body) if t.restriction else body


def exception(g: G) -> Said:
    """Cats are red unless they like Bob; something is red only if it is round."""
    t = topic(g)
    a, b = predicate(g, 1), predicate(g, 1)
    if g.p(0.5):
        g.tag("only-if")
        words: Words = [*t.first, *a.fin(t.first_plural), "only", "if", *t.again, *b.fin(t.plural)]
        return words, t.bind(conj([*t.restriction, a.sem(t.term)]), b.sem(t.term))
    g.tag("unless")
    words = [*t.first, *a.fin(t.first_plural), "unless", *t.again, *b.fin(t.plural)]
    return words, t.bind(conj([*t.restriction, ("NOT", b.sem(t.term))]), a.sem(t.term))


# --- two variables --------------------------------------------------------------------


def binary(g: G) -> Callable[[Words, Words], tuple[Words, Callable[[Tree, Tree], Tree]]]:
    """A relation between two subjects: is the N of, V, V P, is taller than, is P."""
    kind = g.choose((0.34, "n"), (0.3, "v"), (0.12, "vp"), (0.12, "cmp"), (0.06, "prep"), (0.06, "passive"))
    w, p = W(), W(g.pick(PREPOSITIONS))
    match kind:
        case "n":
            w.text = g.pick(RELATIONS) if g.p(0.75) else g.noun().one
            if g.p(0.25):
                return lambda a, b: ([*a, "is", *b, "'s", w], lambda t, u: p2(("N", w), t, u))
            det = "the" if g.p(0.6) else str(indefinite([w])[0])
            return lambda a, b: ([*a, "is", det, w, "of", *b], lambda t, u: p2(("N", w), t, u))
        case "v":
            w.text = g.transitive().s
            return lambda a, b: ([*a, w, *b], lambda t, u: p2(("V", w), t, u))
        case "vp":
            w.text = g.intransitive().s
            return lambda a, b: ([*a, w, p, *b], lambda t, u: p2(("JOIN", ("V", w), ("P", p)), t, u))
        case "cmp":
            w.text = g.adjective().more or g.pick(COMPARATIVES)
            return lambda a, b: ([*a, "is", w, "than", *b], lambda t, u: p2(("C", w), t, u))
        case "prep":
            return lambda a, b: ([*a, "is", p, *b], lambda t, u: p2(("P", p), t, u))
        case _:
            w.text = g.transitive().participle
            return lambda a, b: ([*a, "is", w, "by", *b], lambda t, u: p2(("T", w), u, t))


def two_variables(g: G) -> Said:
    """If X is the father of Y then Y is the child of X; transitivity; mixed conditions."""
    x, y, z = V(), V(), V()
    style = g.choose((0.55, "letters"), (0.2, "someone"), (0.25, "nouns"))
    g.tag(f"two-{style}")
    restriction: list[Tree] = []
    first: list[Words]
    again: list[Words]
    if style == "letters":
        names: tuple[str, ...] = g.pick(
            (
                ("X", "Y", "Z"),
                ("A", "B", "C"),
                ("P", "Q", "R"),
                ("x", "y", "z"),
                ("Y", "X", "Z"),
                ("M", "N", "K"),
            )
        )
        first = again = [[n] for n in names]
        if g.p(0.34):
            return chain(g, names, (x, y, z))
    elif style == "someone":
        person = g.p(0.6)
        first = [
            ["someone"] if person else ["something"],
            ["someone", "else"] if person else ["something", "else"],
        ]
        if g.p(0.4):
            first = (
                [["a", "person"], ["another", "person"]]
                if person
                else [["one", "thing"], ["another", "thing"]]
            )
        again = (
            g.pick(
                (
                    [["the", "first"], ["the", "second"]],
                    [["the", "former"], ["the", "latter"]],
                    [["they"], ["that", "person"]],
                )
            )
            if person
            else [["the", "first"], ["the", "second"]]
        )
        again = [list(a) for a in again]
    else:
        a, b = W(), W()
        a.text, b.text = g.noun().one, g.noun().one
        if a.text == b.text:
            raise Retry
        first = [indefinite([a]), indefinite([b])]
        again = [["the", a.text], ["the", b.text]]
        restriction = [p1(("N", a), x), p1(("N", b), y)]
    rel = binary(g)
    words, said = rel(list(first[0]), list(first[1]))
    conditions = [said(x, y)]
    again_words: list[Words] = [list(a) for a in again[:2]]
    if g.p(0.3):
        g.tag("two-extra")
        i = 0 if g.p(0.5) else 1
        pred = simple(g, 1)
        words = [*words, "and", *again_words[i], *pred.fin(again_words[i] == ["they"])]
        conditions.append(pred.sem((x, y)[i]))
    then: Words = g.pick((["then"], [",", "then"], [","]))
    if g.p(0.6):
        out, meaning = (
            binary(g)(again_words[1], again_words[0])
            if again_words[0] != ["they"]
            else binary(g)(again_words[1], ["them"])
        )
        conclusion = meaning(y, x)
        if g.p(0.4) and again_words[0] != ["they"]:
            out, meaning = binary(g)(again_words[0], again_words[1])
            conclusion = meaning(x, y)
    else:
        i = 0 if g.p(0.5) else 1
        pred = simple(g, 1)
        out, conclusion = [*again_words[i], *pred.fin(again_words[i] == ["they"])], pred.sem((x, y)[i])
    tree = ("ALL", x, ("ALL", y, ("IMP", conj([*restriction, *conditions]), conclusion)))
    return ["if", *words, *then, *out], tree


class Retry(Exception):
    """The draw did not make a sentence; draw again."""


def chain(g: G, names: tuple[str, ...], vs: tuple[V, V, V]) -> Said:
    """If X is in Y and Y is in Z then X is in Z."""
    g.tag("chain")
    x, y, z = vs
    a: Words = [names[0]]
    b: Words = [names[1]]
    c: Words = [names[2]]
    first, s1 = binary(g)(a, b)
    second, s2 = binary(g)(list(b), c)
    out, s3 = binary(g)(list(a), list(c))
    then: Words = g.pick((["then"], [",", "then"], [","]))
    tree = ("ALL", x, ("ALL", y, ("ALL", z, ("IMP", ("AND", s1(x, y), s2(y, z)), s3(x, z)))))
    return ["if", *first, "and", *second, *then, *out], tree
