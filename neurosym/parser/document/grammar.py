"""The grammar of a line (`target`) in the EBNF that xgrammar compiles: what it generates, `read_line` reads.

Names that are keywords are excluded by construction: the rules of a name are the complement of the
keywords' trie.  What a context-free grammar cannot say (that a variable is bound, that a name is used with
one arity) is checked after decoding.

Knows the text of formulas; must not know xgrammar, models or stories.
"""

from __future__ import annotations

import string

from neurosym.logic.counting import MOST
from neurosym.parser.document.target import ASKING_ACTS, PLAIN_ACTS
from neurosym.syntax.showing import ALL_DIFFERENT, KEYWORDS, NORMALLY

_FIRST = string.ascii_letters + "_"
_LATER = _FIRST + string.digits
RESERVED = KEYWORDS | {ALL_DIFFERENT, NORMALLY}

# precedence as in neurosym.syntax; blanks where `show` has them
_FORMULA = rf"""
formula ::= disjoint (" iff " disjoint)*
disjoint ::= implied (" xor " implied)*
implied ::= either (" -> " either)*
either ::= both (" or " both)*
both ::= unary (" and " unary)*
unary ::= "not " unary | quantified | primary
quantified ::= ("forall" | "exists") (" " variable)+ ". " formula | count " " variable ". " formula
count ::= ("at_least" | "at_most" | "exactly") " " number_to_count
number_to_count ::= [1-9] | [1-{(MOST - 1) // 10}] [0-9]
primary ::= "(" formula ")" | "true" | "false" | atom | term comparison term
comparison ::= " = " | " != " | " < " | " <= "
atom ::= name ("(" term (", " term)* ")")?
term ::= variable | name | numeral
numeral ::= "-"? whole ("." [0-9]+ | "/" [1-9] [0-9]*)?
whole ::= "0" | [1-9] [0-9]*
variable ::= "?" [a-z] [0-9]?
name ::= plain | quoted
quoted ::= "'" (([^'\\\x00-\x1f\x7f]) | ("\\" ['\\]))+ "'"
"""


def grammar() -> str:
    """The EBNF of one line, from the space before its act to its end; `root` is the start."""
    plain = " | ".join(f'"{a} "' for a in PLAIN_ACTS)
    asking = " | ".join(f'"{a} "' for a in ASKING_ACTS)
    root = f'root ::= " " (({plain}) formula | ({asking}) variable ". " formula | "none") ";"\n'
    return root + _FORMULA.lstrip() + "\n".join(_names()) + "\n"


def _names() -> list[str]:
    """Rules of `plain`: letters, digits and underscores, but no keyword."""
    prefixes = sorted({word[:i] for word in RESERVED for i in range(1, len(word) + 1)})
    rule = {p: f"plain_{n}" for n, p in enumerate(prefixes)}
    out = []
    for p in ["", *prefixes]:
        here = {q[-1] for q in prefixes if len(q) == len(p) + 1 and q.startswith(p)}
        ways = [] if not p or p in RESERVED else ['""']
        ways += [f'"{c}" {rule[p + c]}' for c in sorted(here)]
        others = "".join(c for c in (_LATER if p else _FIRST) if c not in here)
        ways.append(f"[{others}] [A-Za-z0-9_]*")
        out.append(f"{rule[p] if p else 'plain'} ::= {' | '.join(ways)}")
    return out
