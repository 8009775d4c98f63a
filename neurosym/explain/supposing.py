"""Literals in the subjunctive: if Tom were a cat, if Tom did not chase the dog.

Knows logic and words; must not know where a supposition comes from.
"""

from __future__ import annotations

from neurosym.explain.phrases import Lexicon, literal_of, literal_text, named, term
from neurosym.explain.verbalize import say
from neurosym.explain.words import Phrase, inflect, phrase
from neurosym.logic import Atom, Const, Equal, Formula, Less, Literal, Num, Term, ground_terms

# what a modal becomes in a supposition; one that is not here has no such form
SUPPOSED_MODALS = {
    "can": ("could", "could not"),
    "may": ("were allowed to", "were not allowed to"),
    "must": ("had to", "did not have to"),
    "must not": ("were forbidden to", "were not forbidden to"),
    "will": ("would", "would not"),
}


def supposition(facts: tuple[Literal, ...], invented: tuple[Const, ...], lex: Lexicon) -> str:
    """`facts` after "if", joined by "and"; invented constants are things without a name."""
    names: dict[Term, str] = {}
    for i, c in enumerate(invented, 1):
        names[c] = "something" if len(invented) == 1 else f"some thing {i}"
    said = []
    seen = False
    for f in facts:
        here = bool(names) and any(t in names for t in ground_terms([f]))
        own = dict.fromkeys(names, "it") if here and seen and len(names) == 1 else names
        said.append(subjunctive(f, named(lex, own) if here else lex))
        seen = seen or here
    return " and ".join(said)


def subjunctive(f: Formula, lex: Lexicon) -> str:
    """The clause that follows "if": Tom were a cat; Tom did not chase the dog."""
    found = literal_of(f)
    if found is None or found[1] == "naf":
        return f"it were the case that {say(f, lex)}"
    a, negative = found[0], found[1] == "not"
    match a:
        case Atom(pred, ()):
            said = literal_text(a, lex, {}, "")
            return f"{said.removesuffix(' holds')} {'did not hold' if negative else 'held'}"
        case Atom(pred, (first, *rest)):
            objects = tuple(term(t, lex) for t in rest)
            p = None if pred in lex.literal else phrase(pred, objects, lex.categories.get(pred))
            verb = _supposed(p, negative) if p else ""
            if verb:
                return f"{term(first, lex)} {verb}"
            return f"it were the case that {literal_text(a, lex, {}, 'not' if negative else '')}"
        case Equal(left, right):
            numeral = isinstance(left, Num) or isinstance(right, Num)
            verb = ("did not equal" if negative else "equalled") if numeral else "were the same as"
            verb = "were not the same as" if negative and not numeral else verb
            return f"{term(left, lex)} {verb} {term(right, lex)}"
        case Less(left, right, strict):
            verb = f"were {'not ' if negative else ''}{'less than' if strict else 'at most'}"
            return f"{term(left, lex)} {verb} {term(right, lex)}"
        case _:
            raise TypeError(f"no literal: {f!r}")


def _supposed(p: Phrase, negative: bool) -> str:
    """The past form of a verb phrase, "were" for "be"; the empty text where there is none."""
    bare = f"{p.verb} {p.rest}".strip()
    if p.modal:
        forms = SUPPOSED_MODALS.get(p.modal)
        return f"{forms[negative]} {bare}" if forms else ""
    if p.verb == "be":
        return f"were {'not ' if negative else ''}{p.rest}".strip()
    if negative:
        return f"did not {bare}"
    past = {"have": "had"}.get(p.verb) or inflect(p.verb, "VBD")
    return f"{past} {p.rest}".strip() if past else ""
