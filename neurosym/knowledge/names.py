"""Readable names for the things of a graph, and the vocabulary that maps both ways.

Knows RDF terms and the terms of logic.  Must not know OWL axioms, files or the parser.

Names follow the words of English: classes and properties are lower case (`:BaldEagle` ->
bald_eagle, `:hasOwner` -> has_owner), individuals keep their capitals (`:AdaLovelace` ->
Ada_Lovelace, `:printer-7` -> printer_7).  A label replaces a local name that is a mere code
(`obo:GO_0008150`).  Two things of one kind never share a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from urllib.parse import unquote, urlsplit

from neurosym.knowledge.rdf import LANG_STRING, OWL, STRING, XSD, Blank, Iri, Literal, Resource, node_key
from neurosym.logic import Const, Num, Term


class Kind(StrEnum):
    """What a name of a graph is in logic."""

    CLASS = "class"  # a unary predicate
    PROPERTY = "property"  # a binary predicate
    INDIVIDUAL = "individual"  # a constant


@dataclass(frozen=True, slots=True)
class Entry:
    """`symbol` stands for `node`; `names` are its labels and alternative labels, as written."""

    kind: Kind
    symbol: str
    node: Resource
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the symbols of a knowledge base stand for, both ways.

    literals: (term, RDF literal) pairs; several literals may denote one number, and the first
    of them is the one written out.  prefixes: (prefix, namespace) pairs of the documents.
    """

    entries: tuple[Entry, ...] = ()
    literals: tuple[tuple[Term, Literal], ...] = ()
    prefixes: tuple[tuple[str, str], ...] = ()
    _by_symbol: dict[tuple[Kind, str], Entry] = field(init=False, repr=False, compare=False)
    _by_node: dict[tuple[Kind, Resource], Entry] = field(init=False, repr=False, compare=False)
    _term_of: dict[Literal, Term] = field(init=False, repr=False, compare=False)
    _literal_of: dict[Term, Literal] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "_by_symbol", {(e.kind, e.symbol): e for e in self.entries})
        put(self, "_by_node", {(e.kind, e.node): e for e in self.entries})
        put(self, "_term_of", {lit: t for t, lit in self.literals})
        put(self, "_literal_of", dict(reversed(self.literals)))

    def entry(self, kind: Kind, symbol: str) -> Entry | None:
        """What the graph calls a symbol, or None."""
        return self._by_symbol.get((kind, symbol))

    def symbol(self, kind: Kind, node: Resource) -> str | None:
        """The symbol of a node, or None where it has none of that kind."""
        found = self._by_node.get((kind, node))
        return found.symbol if found else None

    def term_of(self, literal: Literal) -> Term | None:
        """The term of a literal, or None."""
        return self._term_of.get(literal)

    def literal_of(self, term: Term) -> Literal | None:
        """The literal of a term, or None."""
        return self._literal_of.get(term)


# --- words ---------------------------------------------------------------------------

_CODE = re.compile(r"(?:[A-Z]{1,8}[_-]?)?\d+|[0-9a-f]{8}-[0-9a-f-]{27}")  # Q42, GO_0008150, a UUID
_NUMBERED = re.compile(r"(?<=[a-z]{2})(?=\d+(?:\W|_|$))")
_DULL = {"www", "com", "org", "edu", "net", "owl", "rdf", "ttl", "http", "https", "example", "invalid"}


def split_iri(iri: str) -> tuple[str, str]:
    """(namespace, local name): the local name is what follows the last '#', '/' or ':'."""
    at = max(iri.rfind("#"), iri.rfind("/"))
    at = iri.rfind(":") if at < 0 else at
    return iri[: at + 1], iri[at + 1 :]


def words(text: str) -> list[str]:
    """The words of a name: "HTTPServer" -> HTTP, Server; "printer7" -> printer, 7."""
    out: list[str] = []
    for run in re.split(r"[\W_]+", _NUMBERED.sub("_", text)):
        start = 0
        for i in range(1, len(run)):
            before, here, after = run[i - 1], run[i], run[i + 1 : i + 2]
            # "hasOwner", and the last capital of "HTTPServer" or "T20Cricket"; not "H2O"
            if here.isupper() and (before.islower() or after.islower()):
                out.append(run[start:i])
                start = i
        if run[start:]:
            out.append(run[start:])
    return out


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def base_name(iri: str, labels: tuple[str, ...], kind: Kind) -> str:
    """The name an IRI would like to have."""
    local = unquote(split_iri(iri)[1])
    if not words(local):
        local = next((p for p in reversed(re.split(r"[/#:]", unquote(iri))) if words(p)), "resource")
    spelling = local
    for label in labels:
        # A label with the same letters knows better where words end: "McDonald", "iPhone".
        if words(label) and (_CODE.fullmatch(local) or _squeezed(label) == _squeezed(local)):
            spelling = re.sub(r"[\W_]+", "_", label).strip("_")
            if kind is Kind.INDIVIDUAL or "_" in spelling:
                return spelling if kind is Kind.INDIVIDUAL else spelling.lower()
            break
    parts = words(spelling)
    if kind is Kind.INDIVIDUAL:
        # The parser writes a common noun in lower case and a proper name with its capitals.
        return "_".join(parts)
    return "_".join(parts).lower()


def namespace_suffix(iri: str, prefixes: Mapping[str, str]) -> str:
    """What tells the namespace of `iri` apart: its prefix, else the telling words of its address."""
    namespace = split_iri(iri)[0]
    if prefix := prefixes.get(namespace):
        return "_".join(words(prefix))
    url = urlsplit(namespace)
    found = [w for w in words(f"{url.netloc} {unquote(url.path)}") if w.casefold() not in _DULL]
    return "_".join(found)


def name_entries(
    wanted: Iterable[tuple[Kind, Resource]],
    names: Mapping[Resource, tuple[str, ...]],
    spellings: Mapping[Resource, tuple[str, ...]],
    prefixes: tuple[tuple[str, str], ...],
    taken: Iterable[Entry] = (),
) -> list[Entry]:
    """Entries for `wanted` after those `taken`, which keep their names.

    Within a kind the default namespace (prefix ':') comes first, then the order of the IRIs;
    who comes second gets the suffix of its namespace, and a number where that is not enough.
    """
    out = list(taken)
    used = {(e.kind, e.symbol) for e in out}
    done = {(e.kind, e.node) for e in out}
    default = {n for p, n in prefixes if not p}
    prefix_of = {n: p for p, n in reversed(prefixes) if p}

    def rank(item: tuple[Kind, Resource]) -> tuple[object, ...]:
        kind, node = item
        ours = isinstance(node, Iri) and split_iri(node.value)[0] in default
        return (kind, not ours, node_key(node))

    for kind, node in sorted(set(wanted) - done, key=rank):
        if isinstance(node, Blank):
            name, suffix = f"blank_{node.name}", ""
        else:
            name = base_name(node.value, spellings.get(node, ()), kind)
            suffix = namespace_suffix(node.value, prefix_of)
        name = name if kind is Kind.INDIVIDUAL else name.lower()
        symbol = name
        if (kind, symbol) in used and suffix:
            symbol = f"{name}_{suffix if kind is Kind.INDIVIDUAL else suffix.lower()}"
        base, n = symbol, 1
        while (kind, symbol) in used:
            n += 1
            symbol = f"{base}_{n}"
        used.add((kind, symbol))
        out.append(Entry(kind, symbol, node, names.get(node, ())))
    return sorted(out, key=lambda e: (e.kind, e.symbol))


# --- literals ------------------------------------------------------------------------

_INTEGERS = {
    XSD + n
    for n in (
        "integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong",
        "unsignedShort", "unsignedByte",
        "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger",
    )
}  # fmt: skip
_NUMBERS = {
    **dict.fromkeys(_INTEGERS, re.compile(r"[+-]?\d+")),
    XSD + "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    XSD + "double": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?"),
    XSD + "float": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?"),
    OWL + "rational": re.compile(r"[+-]?\d+(?:/0*[1-9]\d*)?"),
}
MAX_DIGITS = 400  # Python refuses integers of more than 4300 digits; no datum needs these


def literal_problem(literal: Literal) -> str:
    """What keeps a literal from having a term; empty if nothing does."""
    pattern = _NUMBERS.get(literal.datatype)
    if pattern is None:
        return ""
    shown = literal.value if len(literal.value) <= 40 else literal.value[:40] + "..."
    text = literal.value.strip(" \t\r\n")
    if not pattern.fullmatch(text) or not text.isascii() or len(text) > MAX_DIGITS:
        return f'"{shown}" is not a finite xsd:{split_iri(literal.datatype)[1]}'
    return ""


def literal_term(literal: Literal, same_text: bool = False) -> Term:
    """The term of a literal without a `literal_problem`.

    Numbers become numerals, by value.  All else becomes a constant: the lexical form in
    quotes, with its language, and with its datatype where `same_text` says that another
    literal has the same text.
    """
    if literal.datatype in _NUMBERS:
        return Num(Fraction(literal.value.strip(" \t\r\n")))
    text = f'"{literal.value}"'
    if literal.datatype == LANG_STRING:
        return Const(f"{text}@{literal.lang}")
    return Const(
        f"{text}^^{split_iri(literal.datatype)[1]}" if same_text and literal.datatype != STRING else text
    )


def name_literals(
    wanted: Iterable[Literal], taken: Iterable[tuple[Term, Literal]] = ()
) -> list[tuple[Term, Literal]]:
    """(term, literal) pairs; of literals with one text the first keeps the plain name."""
    out = list(taken)
    done = {lit for _, lit in out}
    used = {t for t, _ in out}
    for lit in sorted(set(wanted) - done, key=lambda n: (n.value, n.datatype != STRING, node_key(n))):
        term = literal_term(lit)
        if not isinstance(term, Num) and term in used:
            term = literal_term(lit, same_text=True)
            while term in used:  # two datatypes with one local name
                term = Const(f"{term.name}'" if isinstance(term, Const) else str(term))
        used.add(term)
        out.append((term, lit))
    return out
