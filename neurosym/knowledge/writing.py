"""Claims to triples, and triples to files: Turtle, N-Triples, RDF/XML, JSON-LD.

Knows RDF terms, names and claims.  Must not know rdflib: the serializers are written out here,
so that the output is the same on every run and can carry comments.

Derived triples stay apart from told ones: `write_derived` writes only what was not told, with
the labels of the claims that each triple rests on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from neurosym.errors import KnowledgeError
from neurosym.knowledge.names import Kind, Vocabulary, split_iri
from neurosym.knowledge.rdf import (
    LANG_STRING,
    OWL,
    RDF,
    STRING,
    TYPE,
    XSD,
    Blank,
    Iri,
    Literal,
    Node,
    RdfTriple,
    Resource,
    read_node,
    show_node,
    show_triple,
    triple_key,
)
from neurosym.logic import Atom, Const, Equal, Formula, Not, Num, Rule, Statement, Term
from neurosym.theory import Claim, Triple

NEW = "urn:neurosym:"  # the namespace of symbols that no graph names
SUFFIXES = {
    ".ttl": "turtle",
    ".nt": "ntriples",
    ".rdf": "rdfxml",
    ".owl": "rdfxml",
    ".xml": "rdfxml",
    ".jsonld": "jsonld",
}


@dataclass(frozen=True, slots=True)
class Derived:
    """A ground literal that was proved, and the labels of the claims it rests on."""

    formula: Formula
    hypotheses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """Sorted triples with the labels behind each, and (label, reason) for what has no triple."""

    triples: tuple[RdfTriple, ...]
    why: tuple[tuple[RdfTriple, tuple[str, ...]], ...]
    left_out: tuple[tuple[str, str], ...]


# --- claims to triples -----------------------------------------------------------------


def triples_of(claims: Iterable[Claim], vocabulary: Vocabulary) -> tuple[RdfTriple, ...]:
    """The triples of ground unary and binary atoms and of (in)equalities, sorted.

    A claim that came from a triple gives that triple back, to the letter.  `export` also says
    what has no triple, and why.
    """
    return export(claims, vocabulary).triples


def export(claims: Iterable[Claim], vocabulary: Vocabulary, namespace: str = NEW) -> Export:
    """`triples_of` with an account; symbols that no graph names get IRIs in `namespace`."""
    found: dict[RdfTriple, list[str]] = {}
    left_out: list[tuple[str, str]] = []
    for c in claims:
        try:
            triple = _told(c, vocabulary) or _triple(c.formula, vocabulary, namespace)
            found.setdefault(triple, []).append(c.label)
        except _NoTriple as e:
            left_out.append((c.label, str(e)))
    triples = tuple(sorted(found, key=triple_key))
    return Export(triples, tuple((t, tuple(dict.fromkeys(found[t]))) for t in triples), tuple(left_out))


class _NoTriple(Exception):
    pass


def _told(claim: Claim, vocabulary: Vocabulary) -> RdfTriple | None:
    """The source of a claim, where it says exactly the claim's formula."""
    if not isinstance(claim.source, Triple) or not isinstance(claim.formula, Atom | Equal | Not):
        return None
    s, p, o = (read_node(n) for n in (claim.source.subject, claim.source.predicate, claim.source.object))
    if isinstance(s, Literal) or not isinstance(p, Iri):
        return None
    a, b = _term(s, vocabulary), _term(o, vocabulary)
    match claim.formula:
        case Atom(pred, (x,)) if p == TYPE and isinstance(o, Iri):
            same = (a, vocabulary.symbol(Kind.CLASS, o)) == (x, pred)
        case Atom(pred, (x, y)):
            same = (a, vocabulary.symbol(Kind.PROPERTY, p), b) == (x, pred, y)
        case Equal(x, y):
            same = (a, p.value, b) == (x, OWL + "sameAs", y)
        case Not(Equal(x, y)):
            same = (a, p.value, b) == (x, OWL + "differentFrom", y)
        case _:
            same = False
    return (s, p, o) if same else None


def _term(n: Node, vocabulary: Vocabulary) -> Term | None:
    if isinstance(n, Literal):
        return vocabulary.term_of(n)
    found = vocabulary.symbol(Kind.INDIVIDUAL, n)
    return None if found is None else Const(found)


def _triple(f: Statement, vocabulary: Vocabulary, namespace: str) -> RdfTriple:
    if isinstance(f, Rule) and not f.body:
        f = f.head
    match f:
        case Atom(pred, (a,)):
            return (_subject(a, vocabulary, namespace), TYPE, _pred(Kind.CLASS, pred, vocabulary, namespace))
        case Atom(pred, (a, b)):
            p = _pred(Kind.PROPERTY, pred, vocabulary, namespace)
            return (_subject(a, vocabulary, namespace), p, _node(b, vocabulary, namespace))
        case Equal(a, b):
            return (
                _subject(a, vocabulary, namespace),
                Iri(OWL + "sameAs"),
                _subject(b, vocabulary, namespace),
            )
        case Not(Equal(a, b)):
            other = _subject(b, vocabulary, namespace)
            return (_subject(a, vocabulary, namespace), Iri(OWL + "differentFrom"), other)
        case Atom(pred, args):
            raise _NoTriple(f"{pred} has {len(args)} arguments; a triple has room for one or two")
        case _:
            raise _NoTriple("only ground atoms and equalities are triples; keep the file with the axioms")


def _pred(kind: Kind, symbol: str, vocabulary: Vocabulary, namespace: str) -> Iri:
    entry = vocabulary.entry(kind, symbol)
    if entry is not None and isinstance(entry.node, Iri):
        return entry.node
    return Iri(namespace + quote(symbol, safe=""))


def _subject(t: Term, vocabulary: Vocabulary, namespace: str) -> Resource:
    node = _node(t, vocabulary, namespace)
    if isinstance(node, Literal):
        raise _NoTriple(f"the literal {show_node(node)} cannot be a subject")
    return node


def _node(t: Term, vocabulary: Vocabulary, namespace: str) -> Node:
    if literal := vocabulary.literal_of(t):
        return literal
    match t:
        case Const(name):
            if entry := vocabulary.entry(Kind.INDIVIDUAL, name):
                return entry.node
            if m := re.fullmatch(r'"(.*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?', name, re.DOTALL):
                return Literal(m[1], LANG_STRING, m[2].lower()) if m[2] else Literal(m[1])
            return Iri(namespace + quote(name, safe=""))
        case Num(value):
            return _number(value)
        case _:
            raise _NoTriple("a variable or a function term has no RDF name")


def _number(value: Fraction) -> Literal:
    if value.denominator == 1:
        return Literal(str(value), XSD + "integer")
    n, places = value.denominator, 0
    while n % 10 == 0 or n % 5 == 0 or n % 2 == 0:
        n = n // 10 if n % 10 == 0 else n // 5 if n % 5 == 0 else n // 2
        places += 1
    if n != 1:
        raise _NoTriple(f"{value} has no finite decimal form")
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return Literal(f"{sign}{digits[:-places]}.{digits[-places:]}", XSD + "decimal")


# --- files -----------------------------------------------------------------------------


def write_graph(
    claims: Iterable[Claim], vocabulary: Vocabulary, path: str | Path, *, header: Sequence[str] = ()
) -> Export:
    """Write the triples of `claims` in the format of the extension of `path`; return the account.

    `header` lines stand first, as comments (JSON has none).  Raises KnowledgeError for an
    unknown extension and where the file cannot be written.
    """
    kind = _kind(path)
    out = export(claims, vocabulary)
    _save(path, serialize(out.triples, kind, vocabulary.prefixes, header))
    return out


def write_derived(
    derived: Iterable[Derived], told: Iterable[Claim], vocabulary: Vocabulary, path: str | Path
) -> Export:
    """Write what was derived and not told, each triple with the claims it rests on as a comment.

    The provenance is a comment in Turtle, N-Triples and RDF/XML; JSON has no comments.
    """
    kind = _kind(path)
    known = set(triples_of(told, vocabulary))
    found: dict[RdfTriple, tuple[str, ...]] = {}
    left_out: list[tuple[str, str]] = []
    for d in derived:
        try:
            triple = _triple(d.formula, vocabulary, NEW)
        except _NoTriple as e:
            left_out.append((" ".join(d.hypotheses), str(e)))
            continue
        if triple not in known:
            found.setdefault(triple, d.hypotheses)
    triples = tuple(sorted(found, key=triple_key))
    header = (f"{len(triples)} triples derived by neurosym; none of them was told.",)
    _save(path, serialize(triples, kind, vocabulary.prefixes, header, found))
    return Export(triples, tuple((t, found[t]) for t in triples), tuple(left_out))


def _kind(path: str | Path) -> str:
    kind = SUFFIXES.get(Path(path).suffix.lower())
    if kind is None:
        known = " ".join(SUFFIXES)
        raise KnowledgeError("the extension names no RDF format", document=str(path), hint=f"known: {known}")
    return kind


def _save(path: str | Path, text: str) -> None:
    part = Path(f"{path}.part")  # the file appears whole or not at all
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as e:
        part.unlink(missing_ok=True)
        raise KnowledgeError(f"cannot be written: {e.strerror}", document=str(path)) from None


def serialize(
    triples: Sequence[RdfTriple],
    kind: str,
    prefixes: Sequence[tuple[str, str]] = (),
    header: Sequence[str] = (),
    why: dict[RdfTriple, tuple[str, ...]] | None = None,
) -> str:
    """The text of sorted triples as "turtle", "ntriples", "rdfxml" or "jsonld"."""
    match kind:
        case "turtle":
            return _turtle(triples, prefixes, header, why or {})
        case "ntriples":
            lines = [f"# {_line(h)}" for h in header]
            return "".join(f"{x}\n" for x in (*lines, *(show_triple(t) + _because(t, why) for t in triples)))
        case "rdfxml":
            return _rdfxml(triples, prefixes, header, why or {})
        case "jsonld":
            return _jsonld(triples)
        case _:
            raise KnowledgeError(
                f"unknown RDF format {kind!r}", hint=f"known: {' '.join(sorted(set(SUFFIXES.values())))}"
            )


def _line(text: str) -> str:
    return " ".join(text.split())


def _because(t: RdfTriple, why: dict[RdfTriple, tuple[str, ...]] | None) -> str:
    labels = (why or {}).get(t, ())
    return f"  # from {_line(', '.join(labels))}" if labels else ""


_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")  # a part of what Turtle and XML both allow


def _turtle(
    triples: Sequence[RdfTriple],
    prefixes: Sequence[tuple[str, str]],
    header: Sequence[str],
    why: dict[RdfTriple, tuple[str, ...]],
) -> str:
    short: dict[str, str] = {}
    for prefix, namespace in prefixes:
        if prefix not in short.values() and re.fullmatch(r"(?:[A-Za-z][A-Za-z0-9_-]*)?", prefix):
            short.setdefault(namespace, prefix)
    used: set[str] = set()

    def name(n: Node) -> str:
        if n == TYPE:
            return "a"
        if isinstance(n, Iri):
            namespace, local = split_iri(n.value)
            if namespace in short and _LOCAL.fullmatch(local):
                used.add(namespace)
                return f"{short[namespace]}:{local}"
        if isinstance(n, Literal) and n.datatype not in (STRING, LANG_STRING):
            return f"{show_node(Literal(n.value))}^^{name(Iri(n.datatype))}"
        return show_node(n)

    body = []
    for t in triples:
        s, p, o = (name(n) for n in t)
        body.append(f"{s} {p} {o} .{_because(t, why)}")
    lines = [f"# {_line(h)}" for h in header]
    lines += [f"@prefix {short[n]}: <{n}> ." for n in sorted(used, key=lambda n: short[n])]
    return "".join(f"{x}\n" for x in (*lines, *([""] if lines and body else []), *body))


def _rdfxml(
    triples: Sequence[RdfTriple],
    prefixes: Sequence[tuple[str, str]],
    header: Sequence[str],
    why: dict[RdfTriple, tuple[str, ...]],
) -> str:
    short = {RDF: "rdf"}
    for prefix, namespace in prefixes:
        if _LOCAL.fullmatch(prefix) and prefix not in short.values() and not prefix.lower().startswith("xml"):
            short.setdefault(namespace, prefix)
    used = {RDF}
    body: list[str] = []
    for t in triples:
        s, p, o = t
        m = re.search(r"[A-Za-z_][A-Za-z0-9_.-]*$", p.value)
        if m is None:
            raise KnowledgeError(
                f"RDF/XML cannot write the property <{p.value}>", hint="write Turtle: name the file .ttl"
            )
        namespace, local = p.value[: m.start()], m.group()
        if namespace not in short:
            short[namespace] = next(
                f"ns{i}" for i in range(1, len(short) + 2) if f"ns{i}" not in short.values()
            )
        used.add(namespace)
        tag = f"{short[namespace]}:{local}"
        about = (
            f"rdf:nodeID={quoteattr(s.name)}" if isinstance(s, Blank) else f"rdf:about={quoteattr(s.value)}"
        )
        match o:
            case Iri(value):
                inner = f"<{tag} rdf:resource={quoteattr(value)}/>"
            case Blank(node):
                inner = f"<{tag} rdf:nodeID={quoteattr(node)}/>"
            case Literal(value, datatype, lang):
                if re.search(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", value):
                    raise KnowledgeError(
                        "RDF/XML cannot write a control character", hint="write Turtle: name the file .ttl"
                    )
                kind = f" xml:lang={quoteattr(lang)}" if lang else ""
                kind = kind or ("" if datatype == STRING else f" rdf:datatype={quoteattr(datatype)}")
                inner = f"<{tag}{kind}>{escape(value, {chr(13): '&#13;'})}</{tag}>"
        comment = _comment(_because(t, why).strip(" #"))
        body.append(f"  <rdf:Description {about}>{inner}</rdf:Description>{comment}")
    names = "".join(f"\n    xmlns:{short[n]}={quoteattr(n)}" for n in sorted(used, key=lambda n: short[n]))
    top = ['<?xml version="1.0" encoding="UTF-8"?>', *(_comment(_line(h)) for h in header)]
    return "".join(f"{x}\n" for x in (*top, f"<rdf:RDF{names}>", *body, "</rdf:RDF>"))


def _comment(text: str) -> str:
    return f"<!-- {text.replace('--', '- -')} -->" if text else ""


def _jsonld(triples: Sequence[RdfTriple]) -> str:
    """Expanded JSON-LD (W3C 2020): one node object a subject, no context."""
    nodes: dict[str, dict[str, list[object]]] = {}
    for s, p, o in triples:
        about = nodes.setdefault(_id(s), {})
        if p == TYPE and not isinstance(o, Literal):
            about.setdefault("@type", []).append(_id(o))
        else:
            about.setdefault(p.value, []).append(_value(o))
    return (
        json.dumps([{"@id": s, **about} for s, about in nodes.items()], indent=1, ensure_ascii=False) + "\n"
    )


def _id(n: Resource) -> str:
    return f"_:{n.name}" if isinstance(n, Blank) else n.value


def _value(n: Node) -> dict[str, str]:
    if not isinstance(n, Literal):
        return {"@id": _id(n)}
    if n.lang:
        return {"@value": n.value, "@language": n.lang}
    return {"@value": n.value} if n.datatype == STRING else {"@value": n.value, "@type": n.datatype}
