"""Files to graphs: Turtle, RDF/XML, N-Triples and JSON-LD, read without any network.

The only module that imports rdflib, and only inside functions.  Knows syntaxes; must not know
OWL or logic.  Nothing a file names is fetched: remote JSON-LD contexts are refused by name,
owl:imports and external DTDs become notes.
"""

from __future__ import annotations

import json
import logging
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from neurosym.errors import KnowledgeError
from neurosym.knowledge.blanks import name_blanks
from neurosym.knowledge.rdf import (
    LANG_STRING,
    OWL,
    STRING,
    Blank,
    Graph,
    Iri,
    Literal,
    Node,
    RdfTriple,
    iri_problem,
    read_ntriples,
)

MAX_BYTES = 100 * 1024 * 1024
MAX_ENTITY, MAX_EXPANSION = 1000, 10_000_000  # characters: one XML entity, and all its uses together
FORMATS = {
    ".ttl": "turtle", ".turtle": "turtle", ".n3": "turtle",
    ".nt": "ntriples", ".ntriples": "ntriples",
    ".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "rdfxml", ".rdfs": "rdfxml",
    ".jsonld": "jsonld", ".json": "jsonld",
}  # fmt: skip
SHOWN = {"turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF/XML", "jsonld": "JSON-LD"}
_KNOWN = "known: .ttl (Turtle), .nt (N-Triples), .rdf .owl .xml (RDF/XML), .jsonld (JSON-LD)"
_LOCK = threading.Lock()  # rdflib's literal normalization is a global switch


def read_graph(path: str | Path, document: str | None = None) -> Graph:
    """Read one file; `document` is its name in sources and errors (default: the path as given).

    The format is told from the content, then from the extension.  Blank nodes get names that
    depend on the content only.  Relative IRIs are resolved against `file:///NAME`, never
    against the folder.  Raises KnowledgeError with the file, and the line where there is one.
    """
    name = str(path) if document is None else document
    return parse_graph(_bytes(Path(path), name), name, Path(path).suffix.lower())


def parse_graph(data: bytes, document: str, suffix: str = "") -> Graph:
    """Read a graph from bytes; see `read_graph`.  An empty document is an empty graph."""
    notes: list[str] = []
    prefixes: list[tuple[str, str]] = []
    text = _text(data, document)
    if not text.strip():
        return Graph((), (), document, ("the document is empty",))
    kind = _format(text, suffix, document, notes)
    if kind == "ntriples":
        triples = list(read_ntriples(text, document))
    else:
        if kind == "rdfxml":
            _guard_xml(data, text, document, notes)
        elif kind == "jsonld":
            _guard_json(text, document)
        triples, prefixes = _by_rdflib(data if kind == "rdfxml" else text.encode(), kind, document, notes)
    if not triples and kind == "jsonld":
        notes.append("no triple was read: JSON keys that @context does not map are skipped")
    imports = sorted({o.value for _, p, o in triples if p.value == OWL + "imports" and isinstance(o, Iri)})
    notes += [
        f"owl:imports <{i}> is not fetched: read that ontology as well if it is needed" for i in imports
    ]
    return Graph(name_blanks(triples), tuple(sorted(set(prefixes))), document, tuple(notes))


# --- the bytes and the format --------------------------------------------------------


def _bytes(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise KnowledgeError(
                "expected a file, found a folder", document=name, hint="name the files in it"
            )
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise KnowledgeError(
                f"{size / 2**20:.0f} MB; at most {MAX_BYTES // 2**20} MB are read at once",
                document=name,
                hint="split the data, or query its store and give the answer",
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise KnowledgeError("no such file", document=name, hint="check the path") from None
    except (OSError, ValueError) as e:
        raise KnowledgeError(
            f"cannot be read: {e}", document=name, hint="check the path and its rights"
        ) from None


def _text(data: bytes, document: str) -> str:
    if data.startswith((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ")):
        raise KnowledgeError("compressed data; expected RDF text", document=document, hint="unpack it first")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as e:
            raise KnowledgeError(f"not UTF-16: {e.reason}", document=document, hint="save as UTF-8") from None
    if b"\x00" in data[:4096]:
        raise KnowledgeError("binary data; expected RDF text", document=document, hint=_KNOWN)
    if re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8)", data[:200], re.IGNORECASE):
        return data.decode("latin-1")  # only looked at; expat decodes by the declaration
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise KnowledgeError(
            f"byte {data[e.start]:#04x} is not UTF-8",
            document=document,
            line=data.count(b"\n", 0, e.start) + 1,
            hint="save the file as UTF-8",
        ) from None


def _format(text: str, suffix: str, document: str, notes: list[str]) -> str:
    """The format, from the content where it is unmistakable, else from the extension."""
    by_name = FORMATS.get(suffix)
    found = _sniff(text, document)
    if found is None:
        if by_name in (None, "rdfxml", "jsonld"):
            kind = SHOWN.get(by_name or "", "RDF in any known format")
            raise KnowledgeError(
                f"expected {kind}, found something else", document=document, line=1, hint=_KNOWN
            )
        return str(by_name)
    if by_name is None or found == by_name or (found == "turtle" and by_name == "ntriples"):
        return by_name or found
    if found == "ntriples" and by_name == "turtle":
        return by_name
    notes.append(f"the name ends in {suffix}, but the content is {SHOWN[found]}; read as {SHOWN[found]}")
    return found


_LINE_NT = re.compile(r'(?m)^[ \t]*(?:<[^<>\s]*>|_:\S+)[ \t]+<[^<>\s]*>[ \t]+[<_"].*\.[ \t]*(?:#.*)?$')
_LINE_TTL = re.compile(r"(?mi)^\s*(?:@prefix|@base|prefix|base)\s[^(=]*<|^\s*\S+\s+a\s+\S+.*[.;,]\s*$")


def _sniff(text: str, document: str) -> str | None:
    head = text.lstrip()
    start = head[:2000]
    if re.match(r"(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", start, re.I | re.S):
        raise KnowledgeError(
            "an HTML page, not RDF",
            document=document,
            line=1,
            hint="download the raw file, not the page that shows it",
        )
    if re.match(r"(?:#.*\s+)*(?:Prefix|Ontology)\s*\(", start) or re.match(r"(?:Prefix|Ontology):\s", start):
        raise KnowledgeError(
            "OWL functional or Manchester syntax is not read",
            document=document,
            line=1,
            hint="save the ontology as Turtle or RDF/XML",
        )
    if re.match(r"<\?xml\b|<!--|<!DOCTYPE\b|<[A-Za-z][\w.-]*(?::[\w.-]+)?[\s>/](?!\s*<)", start):
        return "rdfxml"
    if start.startswith("{") or re.match(r"\[\s*(?:\{|\])\s*(?:\"|\}|$)", start):
        return "jsonld"
    if _LINE_TTL.search(text[:100_000]):
        return "turtle"
    body = [
        line
        for line in text[:20_000].split("\n")[:-1] or [text]
        if line.strip() and not line.lstrip().startswith("#")
    ]
    return "ntriples" if body and all(_LINE_NT.match(line.rstrip("\r")) for line in body) else None


# --- guards that run before rdflib sees the text -------------------------------------


def _guard_xml(data: bytes, text: str, document: str, notes: list[str]) -> None:
    """Refuse entity bombs, and XML that is not RDF/XML.  Nothing external is opened."""
    sizes: dict[str, int] = {}
    root: list[str] = []

    def refuse(message: str, hint: str) -> None:
        raise KnowledgeError(message, document=document, line=parser.CurrentLineNumber, hint=hint)

    def entity(
        name: str, parameter: int, value: str | None, base: Any, system: Any, public: Any, no: Any
    ) -> None:
        hint = "declare entities in the file, as plain text without references"
        if value is None or parameter:
            refuse(f"the XML entity {name!r} is external or a parameter entity, which is not read", hint)
        elif "&" in value or len(value) > MAX_ENTITY:
            refuse(f"the XML entity {name!r} is nested or longer than {MAX_ENTITY} characters", hint)
        else:
            sizes[name] = len(value)

    def doctype(name: str, system: str | None, public: str | None, internal: int) -> None:
        if system or public:
            notes.append(f"the external DTD {system or public} is not fetched")

    def end_doctype() -> None:
        total = sum(len(re.findall(f"&{re.escape(n)};", text)) * size for n, size in sizes.items())
        if total > MAX_EXPANSION:
            refuse(
                f"XML entities would expand to {total} characters", "write the text out, or split the file"
            )

    def start(name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.append(name)
            if (
                name.split(":")[-1] == "Ontology"
                and {"ontologyIRI", "xmlns"} & attributes.keys()
                and (attributes.get("xmlns") == OWL and "rdf:about" not in attributes)
            ):
                refuse("this is OWL/XML, not RDF/XML", "save the ontology as RDF/XML or Turtle")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = entity
    parser.StartDoctypeDeclHandler = doctype
    parser.EndDoctypeDeclHandler = end_doctype
    parser.StartElementHandler = start
    try:
        parser.Parse(data, True)
    except expat.ExpatError as e:
        reason = expat.errors.messages.get(e.code, str(e))
        raise _at(document, text, e.lineno, e.offset + 1, f"not well-formed XML: {reason}") from None


def _guard_json(text: str, document: str) -> None:
    """Refuse bad JSON and contexts that would have to be fetched."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as e:
        raise _at(document, text, e.lineno, e.colno, f"not JSON: {e.msg}") from None
    except RecursionError:
        raise KnowledgeError("JSON nested too deep", document=document, hint="flatten the document") from None
    for url in _remote(data):
        at = text.find(json.dumps(url))
        raise KnowledgeError(
            f"the JSON-LD context {url!r} would have to be fetched, and nothing is",
            document=document,
            line=text.count("\n", 0, at) + 1 if at >= 0 else 0,
            hint='write the context into the document: "@context": {"name": "http://...", ...}',
        )


def _remote(data: Any) -> Iterator[str]:
    todo = [data]
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo += reversed(item)
        elif isinstance(item, dict):
            todo += reversed(item.values())
            context = item.get("@context")
            parts = context if isinstance(context, list) else [context]
            yield from (p for p in parts if isinstance(p, str))
            if isinstance(item.get("@import"), str):
                yield item["@import"]


def _at(document: str, text: str, line: int, column: int, message: str, hint: str = "") -> KnowledgeError:
    lines = text.split("\n")
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    return KnowledgeError(
        message, document=document, line=line, column=column, text=shown.rstrip("\r"), hint=hint
    )


# --- rdflib --------------------------------------------------------------------------


def _by_rdflib(
    data: bytes, kind: str, document: str, notes: list[str]
) -> tuple[list[RdfTriple], list[tuple[str, str]]]:
    import rdflib

    log = logging.getLogger("rdflib.term")
    # A dataset, so that named graphs of JSON-LD are seen and not lost.
    store = rdflib.Dataset() if kind == "jsonld" else rdflib.Graph(bind_namespaces="none")
    base = "file:///" + quote(re.split(r"[/\\]", document)[-1] or "document")
    # rdflib would rewrite "042" to "42" and log each literal it cannot convert.
    quiet: Callable[[logging.LogRecord], bool] = lambda record: False  # noqa: E731
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        normalize, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
        log.addFilter(quiet)
        try:
            store.parse(
                data=data, format={"rdfxml": "xml", "jsonld": "json-ld"}.get(kind, kind), publicID=base
            )
            if kind == "jsonld":
                quads = list(store.quads())
                found = [
                    (s, p, o) for s, p, o, g in quads if str(g) in ("None", "urn:x-rdflib:default", base)
                ]
                if len(found) < len(quads):
                    notes.append(f"{len(quads) - len(found)} triples in named graphs are not read")
            else:
                found = list(store)
            # N3 files and JSON-LD datasets bind rdflib's own prefixes too: keep those the text mentions.
            text = data.decode("utf-8", "replace")
            prefixes = [(str(p), str(n)) for p, n in store.namespaces() if str(n) in text]
        except RecursionError:
            raise KnowledgeError("nested too deep", document=document, hint="flatten the document") from None
        except Exception as e:  # rdflib's parsers raise whatever comes: IndexError, TypeError, ...
            raise _located(e, data, kind, document) from None
        finally:
            rdflib.NORMALIZE_LITERALS = normalize
            log.removeFilter(quiet)
    try:
        return [(_node(s), _node(p), _node(o)) for s, p, o in found], prefixes  # type: ignore[misc]
    except KnowledgeError as e:
        text = data.decode("utf-8", "replace")
        relative = re.search(r"<([^>]*)>", e.message)
        at = text.find(relative[1].removeprefix("file:///")) if relative else -1
        line = text.count("\n", 0, at) + 1 if at >= 0 else 0
        raise KnowledgeError(e.message, document=document, line=line, hint="write a valid IRI") from None


def _node(n: Any) -> Node:
    import rdflib

    if isinstance(n, rdflib.BNode):
        return Blank(str(n))
    if isinstance(n, rdflib.Literal):
        if n.language:
            return Literal(str(n), LANG_STRING, n.language.lower())
        return Literal(str(n), str(n.datatype) if n.datatype is not None else STRING)
    if problem := iri_problem(str(n)):
        raise KnowledgeError(problem)
    return Iri(str(n))


_PLACE = re.compile(r"^[^:]*:(\d+):(\d+): (.*)$", re.DOTALL)


def _located(e: Exception, data: bytes, kind: str, document: str) -> KnowledgeError:
    """rdflib's exception as one of ours, with its place where it tells one."""
    text = data.decode("utf-8-sig", "replace")
    why, offset = getattr(e, "_why", None), getattr(e, "_i", None)
    if isinstance(why, str) and isinstance(offset, int):  # Turtle's BadSyntax; its `lines` counts wrongly
        offset = min(offset, len(text.rstrip()))  # at the end of the file, point behind the last thing
        line = text.count("\n", 0, offset) + 1
        column = offset - (text.rfind("\n", 0, offset) + 1) + 1
        return _at(document, text, line, column, f"not Turtle: {why}", _turtle_hint(why))
    getline, getcolumn = getattr(e, "getLineNumber", None), getattr(e, "getColumnNumber", None)
    if callable(getline) and callable(getcolumn):
        return _at(document, text, getline() or 0, (getcolumn() or 0) + 1, f"not RDF/XML: {e.args[0]}")
    if m := _PLACE.match(str(e)):
        hint = "properties stand inside a described resource: <rdf:Description rdf:about='...'>"
        return _at(document, text, int(m[1]), int(m[2]) + 1, f"not RDF/XML: {m[3]}", hint)
    reason = "the text ends too early" if isinstance(e, IndexError) else f"{type(e).__name__}: {e}"
    line = text.rstrip().count("\n") + 1 if isinstance(e, IndexError) else 0
    return KnowledgeError(
        f"not {SHOWN[kind]}: {reason}", document=document, line=line, hint="check the last statement"
    )


def _turtle_hint(why: str) -> str:
    if m := re.match(r'Prefix "(.*?):?" not bound', why):
        return f"declare it: @prefix {m[1]}: <http://...> ."
    if "expected '.'" in why:
        return "end each statement with '.', and separate with ';' (same subject) or ',' (same predicate)"
    return "a statement is: subject predicate object ."
