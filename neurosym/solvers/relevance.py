"""Which claims have to do with each other: groups that share no symbols.

Knows formulas only.  Must not know any solver.  Clauses are resolved on a predicate that both
have; an equation rewrites what shares a constant or a function with it.  So a refutation of
fewest claims lies within one group, but for what equations say of how many things there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from neurosym.logic import Atom, Const, Equal, Fn, Less, Statement, literal_terms, literals, subterms
from neurosym.theory import Claim

Symbol = tuple[str, str, int]


def groups(claims: Sequence[Claim]) -> list[list[Claim]]:
    """The claims in groups that have no symbols in common, small groups first, else in order."""
    shown = [_symbols(c.formula) for c in claims]
    rewritten = {t for _, terms, equal in shown if equal for t in terms}
    holders: defaultdict[Symbol, list[int]] = defaultdict(list)
    for n, (predicates, terms, _) in enumerate(shown):
        for s in (*predicates, *(t for t in terms if t in rewritten)):
            holders[s].append(n)
    leader = list(range(len(claims)))

    def first(n: int) -> int:
        while leader[n] != n:
            leader[n] = n = leader[leader[n]]
        return n

    for together in holders.values():
        for n in together[1:]:
            a, b = sorted((first(together[0]), first(n)))
            leader[b] = a
    sizes = Counter(map(first, range(len(claims))))
    found: dict[int, list[Claim]] = {n: [] for n in sorted(sizes, key=lambda n: (sizes[n], n))}
    for n, c in enumerate(claims):
        found[first(n)].append(c)
    return list(found.values())


def _symbols(f: Statement) -> tuple[dict[Symbol, None], dict[Symbol, None], bool]:
    """Predicates, constants and functions; and does the formula have an equation?"""
    predicates: dict[Symbol, None] = {}
    terms: dict[Symbol, None] = {}
    equal = False
    for a in literals(f):
        match a:
            case Atom(pred, args):
                predicates["predicate", pred, len(args)] = None
            case Equal():
                equal = True
            case Less():
                predicates["predicate", "<", 2] = None
        for s in (s for t in literal_terms(a) for s in subterms(t)):
            if isinstance(s, Const):
                terms["term", s.name, 0] = None
            elif isinstance(s, Fn):
                terms["term", s.name, len(s.args)] = None
    return predicates, terms, equal
