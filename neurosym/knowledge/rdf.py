"""RDF terms and graphs as plain data, and their N-Triples notation both ways.

Knows the RDF 1.1 data model (W3C, sections 3 and 4) and N-Triples (W3C 2014).  Must not know
rdflib, files, OWL or logic.  Terms are frozen; a graph is a sorted tuple without duplicates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from neurosym.errors import KnowledgeError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
STRING, LANG_STRING = XSD + "string", RDF + "langString"


@dataclass(frozen=True, slots=True)
class Iri:
    """A thing that has a name in the whole world."""

    value: str


@dataclass(frozen=True, slots=True)
class Blank:
    """An unnamed thing.  After `name_blanks` the name depends on the graph's content only."""

    name: str


@dataclass(frozen=True, slots=True)
class Literal:
    """`value` is the lexical form; `datatype` an IRI; `lang` in lower case, empty for none."""

    value: str
    datatype: str = STRING
    lang: str = ""


Node: TypeAlias = Iri | Blank | Literal
Resource: TypeAlias = Iri | Blank
RdfTriple: TypeAlias = tuple[Resource, Iri, Node]
TYPE = Iri(RDF + "type")


@dataclass(frozen=True, slots=True)
class Graph:
    """A set of triples read from `document`.

    triples: sorted, without duplicates; prefixes: sorted (prefix, namespace) pairs;
    notes: what a reader should know, such as imports that were not fetched.
    """

    triples: tuple[RdfTriple, ...]
    prefixes: tuple[tuple[str, str], ...] = ()
    document: str = ""
    notes: tuple[str, ...] = ()


def node_key(n: Node) -> tuple[int, str, str, str]:
    """A total order on nodes: IRIs, blank nodes, literals."""
    match n:
        case Iri(value):
            return (0, value, "", "")
        case Blank(name):
            return (1, name, "", "")
        case Literal(value, datatype, lang):
            return (2, value, datatype, lang)
        case _:
            assert_never(n)


def triple_key(t: RdfTriple) -> tuple[tuple[int, str, str, str], ...]:
    """A key that sorts triples the same way in every run."""
    return (node_key(t[0]), node_key(t[1]), node_key(t[2]))


# --- N-Triples notation --------------------------------------------------------------

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_UNESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_BAD_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_TERM = re.compile(
    r'<(?P<iri>[^<>"{}|^`\x00-\x20]*)>'
    r"|_:(?P<blank>[^\W_][\w.-]*(?<!\.)|_[\w.-]*(?<!\.))"
    r'|"(?P<text>(?:[^"\\\n\r]|\\.)*)"'
    r'(?:@(?P<lang>[A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^<(?P<type>[^<>"{}|^`\x00-\x20]*)>)?'
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.?))", re.DOTALL)
_SPACE = re.compile(r"[ \t]*")


def show_node(n: Node) -> str:
    """The N-Triples notation of a node."""
    match n:
        case Iri(value):
            return f"<{value}>"
        case Blank(name):
            return f"_:{name}"
        case Literal(value, datatype, lang):
            text = "".join(_escaped(c) for c in value)
            suffix = f"@{lang}" if lang else "" if datatype == STRING else f"^^<{datatype}>"
            return f'"{text}"{suffix}'
        case _:
            assert_never(n)


def _escaped(c: str) -> str:
    if c in _ESCAPES:
        return _ESCAPES[c]
    # Line separators and other controls would break the one-line-a-triple reading.
    return f"\\u{ord(c):04X}" if c < " " or c in "\x7f\x85\u2028\u2029" else c


def show_triple(t: RdfTriple) -> str:
    """The triple as one line of N-Triples."""
    return f"{show_node(t[0])} {show_node(t[1])} {show_node(t[2])} ."


def iri_problem(iri: str) -> str:
    """What keeps `iri` from being an absolute IRI; empty if nothing does."""
    if bad := _BAD_IRI.search(iri):
        return f"<{iri}> is not an IRI: {bad.group()!r} may not stand in it"
    return "" if _SCHEME.match(iri) else f"<{iri}> is not an absolute IRI: it has no scheme such as http:"


def read_node(text: str) -> Node:
    """The node that `text` denotes.  Raises KnowledgeError where it is not N-Triples notation."""
    m = _TERM.fullmatch(text)
    if m is None:
        raise KnowledgeError("expected <IRI>, _:blank or a quoted literal", text=text)
    return _node(m)


def _node(m: re.Match[str]) -> Node:
    if (iri := m["iri"]) is not None:
        return Iri(_checked(iri))
    if (blank := m["blank"]) is not None:
        return Blank(blank)
    if lang := m["lang"]:
        return Literal(_unescape(m["text"]), LANG_STRING, lang.lower())
    kind = m["type"]
    return Literal(_unescape(m["text"]), STRING if kind is None else _checked(kind))


def _checked(iri: str) -> str:
    iri = _unescape(iri) if "\\" in iri else iri
    if problem := iri_problem(iri):
        raise KnowledgeError(problem)
    return iri


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def one(m: re.Match[str]) -> str:
        if code := m[1] or m[2]:
            n = int(code, 16)
            if n > 0x10FFFF or 0xD800 <= n <= 0xDFFF:
                raise KnowledgeError(f"\\u{code} is not a character")
            return chr(n)
        if m[3] not in _UNESCAPES:
            raise KnowledgeError(
                f"\\{m[3]} is not an escape", hint=r"expected \t \b \n \r \f \" \' \\ \uXXXX"
            )
        return _UNESCAPES[m[3]]

    return _ESCAPE.sub(one, text)


def read_ntriples(text: str, document: str = "") -> tuple[RdfTriple, ...]:
    """The triples of an N-Triples document, in document order.

    Raises KnowledgeError with line and column.
    """
    out: list[RdfTriple] = []
    nodes: dict[str, Node] = {}
    # Only \n, \r and \r\n end a line here; str.splitlines would also split inside literals.
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        stripped = line.strip(" \t")
        if stripped and not stripped.startswith("#"):
            try:
                out.append(_read_line(line, nodes))
            except _BadLine as e:
                raise KnowledgeError(
                    e.args[0], document=document, line=number, column=e.args[1] + 1, text=line, hint=e.args[2]
                ) from None
    return tuple(out)


class _BadLine(Exception):
    """(message, column from 0, hint)"""


def _read_line(line: str, nodes: dict[str, Node]) -> RdfTriple:
    at = 0
    found: list[Node] = []
    for what in (
        "a subject (<IRI> or _:blank)",
        "a predicate (<IRI>)",
        "an object (<IRI>, _:blank or literal)",
    ):
        at = _end(_SPACE.match(line, at), at)
        m = _TERM.match(line, at)
        if m is None:
            raise _BadLine(
                f"expected {what}", at, "an N-Triples line is: <s> <p> <o> .  (Turtle ends in .ttl)"
            )
        shown = m.group()
        node = nodes.get(shown)
        if node is None:
            try:
                node = nodes[shown] = _node(m)
            except KnowledgeError as e:
                raise _BadLine(e.message, at, e.hint) from None
        found.append(node)
        at = m.end()
    at = _end(_SPACE.match(line, at), at)
    if not line.startswith(".", at) or line[at + 1 :].strip(" \t")[:1] not in ("", "#"):
        raise _BadLine("expected '.' at the end of the triple", at, "one triple a line")
    s, p, o = found
    if isinstance(s, Literal) or not isinstance(p, Iri):
        raise _BadLine("a literal cannot be a subject, and only an IRI can be a predicate", 0, "")
    return (s, p, o)


def _end(m: re.Match[str] | None, otherwise: int) -> int:
    return m.end() if m else otherwise
