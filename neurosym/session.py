"""What has been told: claims, documents, spelling, graphs; told, taken back, and tried out in branches.

Knows claims and how text and graphs name things.  Must not know how questions are answered.
The claims of a state are one mapping that a branch shares with its parent until one of the
two changes (copy on write): to branch costs nothing, whatever has been told.  A claim keeps
its identity from version to version, so that whoever reads two versions sees by `is` what
they share.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from errno import EISDIR
from functools import reduce
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, TypeVar

from neurosym.errors import InputError, TheoryError
from neurosym.logic import And, Atom, Const, Forall, Formula, Implies, Rule, Statement
from neurosym.results import Told, Unread
from neurosym.theory import Axiom, Claim, Semantics, Span, Theory, Triple, united

if TYPE_CHECKING:
    from neurosym.knowledge import Graph, KnowledgeBase, Vocabulary
    from neurosym.parser.discourse import Mentions
    from neurosym.parser.reading import Reading
    from neurosym.parser.reference import Context

S = TypeVar("S", bound=Statement)
REFERS = "refers_to"  # a mention, and what it is taken to refer to
OWN = ""  # the settings that no document made


@dataclass(frozen=True, slots=True)
class Retracted:
    """What was taken back: claims in the order of their telling, and pieces that had become no claim."""

    claims: tuple[Claim, ...]
    unread: tuple[Unread, ...] = ()


class Session:
    """The state that telling changes; the theory is rebuilt where it has changed.

    What is said of the whole theory (closed world, closed predicates, semantics, preferences) is
    kept by the document that said it, as a theory without claims, and united: see `united`.
    `semantics`: the only one that may be declared; None for any.  Raises TheoryError for settings
    that do not go together.
    """

    def __init__(
        self,
        closed_world: bool = False,
        closed: tuple[tuple[str, int], ...] = (),
        semantics: Semantics | None = None,
    ) -> None:
        self._semantics = semantics
        own = Theory((), closed_world, closed, semantics or Semantics.CLASSICAL)
        self._settings: dict[str, Theory] = {OWN: own}
        self._world = own  # all settings united
        self._claims: dict[str, Claim] = {}  # as read, before linking to a graph; by label, in order
        self._linkable: frozenset[str] = frozenset()  # labels of claims read from text
        self._unread: tuple[Unread, ...] = ()
        self._spelling: dict[str, Mentions] = {}  # how each document spells its words
        self._graphs: tuple[Graph, ...] = ()
        self._graph: KnowledgeBase | None = None
        self._without: frozenset[str] = frozenset()  # labels of the graphs' claims that were retracted
        self._documents: dict[str, Path] = {}  # names of files told
        self._sentences: dict[str, int] = {}  # sentences seen of each document
        self._linked: dict[str, Claim] = {}  # the linkable claims as they stand in the theory
        self._spoken: dict[str, str] = {}  # what mentions are called, and the first sentence that has them
        self._shared = False  # is `_claims` also another session's?
        self._seen: Mentions | None = None
        self.contexts: dict[str, Context] = {}  # what each document has mentioned (parser.reference)
        self._theory: Theory | None = None

    def branch(self) -> Session:
        """A session that has been told the same; neither sees what the other is told from now on."""
        _ = self.theory  # made once for both
        new = copy.copy(self)
        self._shared = new._shared = True
        small = "_settings", "_spelling", "_documents", "_sentences", "_linked", "_spoken", "contexts"
        for name in small:  # as the text told
            setattr(new, name, dict(getattr(self, name)))
        return new

    # --- what is told ---

    @property
    def closed_world(self) -> bool:
        return self._world.closed_world

    @closed_world.setter
    def closed_world(self, closed: bool) -> None:
        if closed != self._world.closed_world:
            changed = (OWN,) if closed else tuple(self._settings)  # it is open where nobody closes it
            self._settle(
                self._settings | {d: replace(self._settings[d], closed_world=closed) for d in changed}
            )

    @property
    def claims(self) -> Mapping[str, Claim]:
        """By label, in the order of telling, as they were read."""
        return self._claims

    @property
    def unread(self) -> tuple[Unread, ...]:
        return self._unread

    @property
    def vocabulary(self) -> Vocabulary | None:
        return self._graph.vocabulary if self._graph else None

    @property
    def seen(self) -> Mentions | None:
        """How the text told spells its words."""
        return self._seen

    def add(self, claims: Sequence[Claim], linkable: bool = False) -> None:
        """Take in claims as they are.  Raises TheoryError, and then takes in none of them."""
        self._add(claims, {})
        if linkable:
            self._linkable |= {c.label for c in claims}

    def add_theory(self, theory: Theory, document: str) -> None:
        """Take in a theory with what it says of the world.  Raises TheoryError, and then takes in nothing."""
        self._add(theory.claims, {document: replace(theory, claims=())})

    def _add(self, claims: Sequence[Claim], said: Mapping[str, Theory]) -> None:
        """Claims, and what documents say with them of the whole theory."""
        rules = [c for c in claims if isinstance(c.formula, Rule) and c.formula.defeasible]
        weighed = {document_of(c): Theory((), semantics=Semantics.DEFEASIBLE) for c in rules}
        settings = self._settings
        for document, what in (*said.items(), *weighed.items()):
            if what != Theory(()):
                known = settings.get(document)
                settings = settings | {document: what if known is None else united(known, what)}
        world = self._united(settings)
        replace(world, prefer=(), claims=tuple(claims))  # raises where a claim is none of such a theory
        for c in claims:
            if c.label in self._claims:
                raise TheoryError(
                    f"label {c.label!r} is used twice", hint="give each document its own name, or retract it"
                )
        if claims:
            self._own().update((c.label, c) for c in claims)
            self._theory = None
        self._settle(settings)

    def _united(self, settings: Mapping[str, Theory]) -> Theory:
        """All settings together.  Raises TheoryError where they do not go together."""
        if settings is self._settings:
            return self._world
        world = reduce(united, settings.values())
        if self._semantics not in (None, world.semantics):
            raise TheoryError(
                f"this session has {self._semantics} semantics, and what is told asks for "
                f"{world.semantics} semantics",
                hint="leave the semantics of the session open, or do not tell this",
            )
        return world

    def _settle(self, settings: dict[str, Theory]) -> None:
        world = self._united(settings)
        self._settings = settings
        if world != self._world:
            self._world, self._theory = world, None

    def numbered(self, document: str) -> int:
        """The number of the next sentence of a document."""
        n = self._sentences[document] = self._sentences.get(document, 0) + 1
        return n

    def mention(self, text: str, start: int, label: str) -> Const:
        """What claims call a mention: by its place, and by its sentence where another text has one there."""
        name = f"“{text}” ({start})"
        first = self._spoken.setdefault(name, label)
        return Const(name if first == label else f"“{text}” ({label}, {start})")

    def reading_of(self, span: Span, best: Reading, label: str, earlier: Sequence[Claim]) -> list[Claim]:
        """The claims of a sentence: what it says, and what it takes for granted for the first time."""
        out = []
        taken: list[tuple[Formula, tuple[int, ...]]] = []
        for i, r in enumerate(best.resolutions, 1):
            place = Span(span.document, r.anaphor.start, r.anaphor.end, r.anaphor.text)
            mention = self.mention(r.anaphor.text, r.anaphor.start, label)
            taken.append((Atom(REFERS, (mention, Const(r.antecedent))), r.parts))
            out.append(Claim(f"{label}.r{i}", taken[-1][0], place, r.score))
        out.insert(0, Claim(label, given(taken, best.formula), span, best.score))
        if best.presuppositions:
            known = {c.formula for c in (*self._claims.values(), *earlier)}
            for i, p in enumerate(best.presuppositions, 1):
                if p not in known:  # "the cow" is taken for granted once
                    out.append(Claim(f"{label}.{i}", p, span, best.score))
                    known.add(p)
        return out

    def not_used(self, unread: Iterable[Unread]) -> None:
        self._unread = (*self._unread, *unread)

    def spell(self, text: str, document: str) -> None:
        """Take in how `text` spells its words; names are told by that (parser.discourse)."""
        from neurosym.parser.discourse import mentions

        seen, known = mentions(text), self._spelling.get(document)
        self._spelling[document] = seen if known is None else known | seen
        self._respell()

    def _respell(self) -> None:
        merged: Mentions | None = None
        for seen in self._spelling.values():
            merged = seen if merged is None else merged | seen
        if merged != self._seen:
            self._seen, self._theory = merged, None

    def named(self, file: Path) -> str:
        """What claims call a file: its name, with its folder where another file has that name."""
        whole = file.resolve()
        parts = 1
        while True:
            name = "/".join(whole.parts[-parts:])
            if self._documents.setdefault(name, whole) == whole or parts == len(whole.parts):
                return name
            parts += 1

    def load_graph(self, file: Path) -> Told:
        from neurosym.knowledge import read_graph

        name = self.named(file)
        before = {c.label for c in self._graph.claims} if self._graph else set()
        base = self._set_graphs((*self._graphs, read_graph(file, name)), name)
        ignored = tuple(Unread(name, i.triple, i.reason) for i in base.ignored if i.document == name)
        self.not_used(ignored)
        return Told(tuple(c for c in base.claims if c.label not in before), ignored)

    def _set_graphs(self, graphs: tuple[Graph, ...], new: str = "") -> KnowledgeBase:
        """The graphs' claims are read together: an axiom of one may bear on what another says.

        Raises TheoryError for a label that other claims have, and then changes nothing.
        """
        from neurosym.knowledge import claims_of

        base = claims_of(*graphs)
        old = {c.label: c for c in self._graph.claims} if self._graph else {}
        others = {label: c for label, c in self._claims.items() if label not in old}
        if clash := next((c.label for c in base.claims if c.label in others), ""):
            raise TheoryError(f"label {clash!r} is used twice", hint="give each document its own name")
        without = frozenset(label for label in self._without if not new or document_of(old.get(label)) != new)
        kept = (old[c.label] if old.get(c.label) == c else c for c in base.claims if c.label not in without)
        self._put(others | {c.label: c for c in kept})
        self._graphs, self._graph, self._without = graphs, base if graphs else None, without
        return base

    # --- taking back ---

    def retract(self, labels: Iterable[str]) -> Retracted:
        """Take back claims.  Raises TheoryError for a label that no claim has, and then takes back none."""
        wanted = frozenset(labels)
        for label in sorted(wanted - self._claims.keys()):
            near = get_close_matches(label, list(self._claims), 3, 0.5)
            hint = f"did you mean {', '.join(near)}?" if near else "Engine.theory.claims lists all labels"
            raise TheoryError(f"no claim is labelled {label!r}", hint=hint)
        gone = tuple(self._claims[label] for label in labels_in_order(self._claims, wanted))
        if gone:
            own = self._own()
            for c in gone:
                del own[c.label]
            self._theory = None
            graph = {c.label for c in self._graph.claims} if self._graph else set()
            self._without |= wanted & graph
            self._linkable -= wanted
        return Retracted(gone)

    def retract_document(self, name: str) -> Retracted:
        """Take back everything that a document told.  Raises TheoryError where nothing came from it."""
        gone = {label: c for label, c in self._claims.items() if document_of(c) == name}
        unread = tuple(u for u in self._unread if u.place == name or u.place.startswith(f"{name}:"))
        said = name != OWN and name in self._settings
        if not (gone or unread or said or name in self._spelling or name in self._sentences):
            known = sorted({document_of(c) for c in self._claims.values()} | self._spelling.keys() - {""})
            near = get_close_matches(name, known, 3, 0.5) or known[:8]
            hint = f"documents told: {', '.join(near)}" if near else "nothing was told"
            raise TheoryError(f"nothing was told by a document {name!r}", hint=hint)
        before = self._claims
        if any(g.document == name for g in self._graphs):
            self._set_graphs(tuple(g for g in self._graphs if g.document != name))
        left = {label: c for label, c in self._claims.items() if label not in gone}
        if len(left) < len(self._claims):
            self._put(left)
        self._linkable -= gone.keys()
        if said:
            self._settle({d: t for d, t in self._settings.items() if d != name})
        self._unread = tuple(u for u in self._unread if u not in unread)
        self._sentences.pop(name, None)
        self._documents.pop(name, None)
        self.contexts.pop(name, None)
        if self._spelling.pop(name, None) is not None:
            self._respell()
        return Retracted(tuple(c for label, c in before.items() if label not in self._claims), unread)

    def _own(self) -> dict[str, Claim]:
        if self._shared:
            self._claims, self._shared = dict(self._claims), False
        return self._claims

    def _put(self, claims: dict[str, Claim]) -> None:
        self._claims, self._shared, self._theory = claims, False, None

    # --- the theory ---

    @property
    def theory(self) -> Theory:
        """All claims, their words linked to the graph's names."""
        if self._theory is None:
            claims = tuple(
                self._as_linked(c) if label in self._linkable else c for label, c in self._claims.items()
            )
            kept = tuple(p for p in self._world.prefer if self._claims.keys() >= set(p))
            world = self._world if kept == self._world.prefer else replace(self._world, prefer=kept)
            self._theory = of_checked(world, claims)
        return self._theory

    def _as_linked(self, c: Claim) -> Claim:
        formula, known = self.link(c.formula), self._linked.get(c.label)
        if known is None or known.formula != formula or known.source is not c.source:
            known = self._linked[c.label] = c if formula == c.formula else replace(c, formula=formula)
        return known

    def link(self, f: S, seen: Mentions | None = None) -> S:
        """What was read from text, in the names of the whole text and of the graph."""
        if (spelt := seen or self._seen) is not None:
            from neurosym.parser.discourse import respell

            f = respell(f, spelt)
        if self._graph is None:
            return f
        from neurosym.knowledge import link

        return link(f, self._graph.vocabulary)


def given(under: Sequence[tuple[Formula, tuple[int, ...]]], f: Formula) -> Formula:
    """`f` under conditions, each on some parts of an And or on all; a rule keeps its shape.

    Parts that `f` does not have are all of them: nothing is said without its condition.
    """
    if isinstance(f, And) and any(parts for _, parts in under):
        under = [(c, parts if all(i < len(f.parts) for i in parts) else ()) for c, parts in under]
        each = ([(c, ()) for c, parts in under if not parts or i in parts] for i in range(len(f.parts)))
        return And(tuple(map(given, each, f.parts)))
    match f, tuple(c for c, _ in under):
        case _, ():
            return f
        case Forall(vs, Implies(left, right)), conditions:
            return Forall(vs, Implies(And((*conditions, left)), right))
        case Implies(left, right), conditions:
            return Implies(And((*conditions, left)), right)
        case _, conditions:
            return Implies(conditions[0] if len(conditions) == 1 else And(conditions), f)


def of_checked(world: Theory, claims: tuple[Claim, ...]) -> Theory:
    """`world` with these claims, each of which a theory like `world` has held, under distinct labels.

    Nothing is looked at again: to make a theory of ten thousand claims by its constructor takes
    longer than a question does.  That it is frozen keeps others from changing it; it is made here.
    """
    made = copy.copy(world)
    object.__setattr__(made, "claims", claims)
    return made


def labels_in_order(claims: Mapping[str, Claim], wanted: frozenset[str]) -> Iterable[str]:
    """The wanted labels in the order of telling; one needs no look at the others."""
    return wanted if len(wanted) == 1 else (label for label in claims if label in wanted)


def document_of(c: Claim | None) -> str:
    """The document that a claim comes from, or the empty text."""
    return c.source.document if c is not None and isinstance(c.source, Span | Triple | Axiom) else ""


def read_text(path: Path) -> str:
    """A file as UTF-8 text.  Raises InputError that says what is wrong with it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(
            f"not UTF-8 text (byte {e.start})",
            document=str(path),
            hint="if it is text, save it as UTF-8; or is this a binary file?",
        ) from e
    except OSError as e:
        hint = "check the path and its permissions"
        if e.errno == EISDIR:
            hint = "give the files in it, each by its name"
        raise InputError(e.strerror or str(e), document=str(path), hint=hint) from e


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.  Raises InputError where that cannot be."""
    try:
        if path.exists() and not path.is_file():  # a device is written to, not put away
            path.write_text(text, encoding="utf-8")
            return
        part = path.with_name(path.name + ".part")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as e:
        raise _unwritable(path, e) from e


def must_be_writable(path: Path, folders: bool = False) -> None:
    """Try whether a file can be written, before the work whose result it is to hold.

    Nothing is left behind, and a file that is there keeps its text.  `folders`: whoever writes makes the
    folders that are missing.  Raises InputError where it cannot.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(EISDIR, "this is a folder")
        folder = path.absolute().parent
        while folders and not folder.exists():
            folder = folder.parent
        with TemporaryFile(dir=folder):
            pass
    except OSError as e:
        raise _unwritable(path, e) from e


def _unwritable(path: Path, e: OSError) -> InputError:
    hint = "give a file, not a folder" if e.errno == EISDIR else "check the folder and its permissions"
    return InputError(f"cannot be written: {e.strerror}", document=str(path), hint=hint)
