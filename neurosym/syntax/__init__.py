"""The one text format of terms, formulas, rules and theories, both ways: read(show(x)) == x.

    formula   forall ?x ?y. cat(?x) and not (?x = ?y) -> chase(?x, ?y)
    rule      grandparent(?x, ?z) :- parent(?x, ?y), parent(?y, ?z), naf blocked(?x).
    default   normally flies(?x) :- bird(?x).
    theory    statements ended by '.', each with an optional `label:` or `label [0.9]:`;
              '%' and '#' start a comment

Connectives, loosest first: <-> (iff), xor, -> (implies, to the right), or |, and &, not ~.
A quantifier reaches as far right as it can.  Variables are written ?x; inside a quantifier
the bare name works too, while a quoted name is always a constant.  A sort after a quantified
variable is relativized: `forall ?x:cat. F` is `forall ?x. cat(?x) -> F` (Enderton 2001,
section 4.3).  Names that are no plain words stand in single quotes, with the escapes \\' \\\\
\\n \\t \\r and \\u{hex}.  Numbers: 3, -2, 1.5, 2/3.

Arithmetic: `2 * age(?x) - 1 <= age(b) + 1/2`, with the usual precedence; `a -1` takes 1 away,
and only where no term stands before it is -1 a numeral.  Counts: `at_least 2 ?x. F`,
`at_most 2 ?x. F`, `exactly 2 ?x. F` and `all_different(a, b, c)` are written out (logic/counting.py).

Of a whole theory:

    closed world.              what does not follow is false
    closed p/1, q/2.           the same of these predicates only
    semantics chaining.        classical, chaining or defeasible; the last where a rule is `normally`
    prefer LABEL over LABEL.   which of two rules gives way

Knows logic and theory; must not know files or backends.
"""

from neurosym.syntax.reading import read_formula, read_statement, read_term
from neurosym.syntax.showing import quote, show, show_term, show_theory
from neurosym.syntax.theories import read_theory

__all__ = [
    "quote",
    "read_formula",
    "read_statement",
    "read_term",
    "read_theory",
    "show",
    "show_term",
    "show_theory",
]
