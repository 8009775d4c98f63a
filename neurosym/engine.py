"""The wiring: tell, ask, why, why_not, analogy, plan.  The only module that sees all rooms.

Rooms with heavy libraries (parser, knowledge, planning) are imported at their first use, so
that `import neurosym` stays light.  An Engine holds claims and nothing derived from them that
could go stale: the theory is rebuilt where the claims change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from neurosym.errors import ConfigError, InputError, PlanningError, TheoryError
from neurosym.logic import Atom, Exists, Formula, Statement, Var, atoms, free_vars
from neurosym.questions import as_logic, counted, place, short, unknown_symbols, unnamed
from neurosym.questions import unread as as_unread
from neurosym.results import AnalogyResponse, Derived, PlanResponse, Question, Response, Told, Unread
from neurosym.solvers import explain_choice, make_solver, open_answers
from neurosym.syntax import read_theory, show
from neurosym.theory import Axiom, Claim, Span, Theory, validate
from neurosym.verdict import Answer, Inconsistent, Limits, Proved, Solver, Unknown

if TYPE_CHECKING:
    from neurosym.analogy import StructureMapping
    from neurosym.explain import OutlineNode
    from neurosym.knowledge import Graph, KnowledgeBase, Vocabulary
    from neurosym.parser.discourse import Mentions
    from neurosym.parser.reading import Parsed, Reading, TextParser

S = TypeVar("S", bound=Statement)
GRAPHS = frozenset({".ttl", ".owl", ".rdf", ".xml", ".nt", ".jsonld"})
TEXTS = frozenset({".txt", ".md"})
MOST_NOTES = 8  # pieces not used that every answer names
N_BEST = 4  # readings looked at where the best scores low
MIN_SCORE = 0.5  # readings below it are not believed; see the model card for their calibration


class Engine:
    """A theory under construction, and the questions it answers.

    parser: "neural" (the shipped model), "grammar" (the hand-written baseline), a folder with
    a trained model, or any TextParser.  solver: "auto", "prolog" or "z3".  closed_world: what
    cannot be derived is false.  min_score: a sentence whose best reading scores less is not
    believed but reported as unread.
    """

    def __init__(
        self,
        *,
        parser: str | TextParser = "neural",
        solver: str | Solver = "auto",
        closed_world: bool = False,
        limits: Limits | None = None,
        min_score: float = MIN_SCORE,
    ) -> None:
        if not 0.0 <= min_score <= 1.0:
            raise ConfigError(f"min_score {min_score} is not in [0, 1]")
        self._parser = parser
        self._solver = make_solver(solver) if isinstance(solver, str) else solver
        self.closed_world, self.limits, self.min_score = closed_world, limits or Limits(), min_score
        self._claims: list[Claim] = []  # as read, before linking to a graph
        self._linkable: set[str] = set()  # labels of claims read from text
        self._unread: list[Unread] = []
        self._seen: Mentions | None = None  # how the told text spells its words
        self._graph: KnowledgeBase | None = None
        self._graphs: list[Graph] = []
        self._documents: dict[str, Path] = {}  # names of files told
        self._sentences: dict[str, int] = {}  # sentences seen of each document
        self._theory: Theory | None = None

    # --- telling ---------------------------------------------------------------------

    def tell(self, text: str, document: str = "told") -> Told:
        """Take in English.  Raises ParserError for unusable text; a sentence that cannot be
        read is in the result, never dropped silently."""
        claims: list[Claim] = []
        unread: list[Unread] = []
        questions: list[str] = []
        self._spell(text)
        for parsed in self.parser.read(text, document):
            n = self._sentences[document] = self._sentences.get(document, 0) + 1
            best = self._best(parsed)
            if best is None or best.score < self.min_score:
                unread.append(as_unread(parsed, best, self.min_score))
            elif best.act == "ask":
                questions.append(parsed.span.text)
                unread.append(place(parsed, "a question, so nothing that holds"))
            else:
                claims += self._told(parsed.span, best, f"{document}:{n}", claims)
        self._add(claims)
        self._linkable |= {c.label for c in claims}
        self._unread += unread
        return Told(tuple(claims), tuple(unread), tuple(questions))

    def _told(self, span: Span, best: Reading, label: str, earlier: Sequence[Claim]) -> list[Claim]:
        out = [Claim(label, best.formula, span, best.score)]
        known = {c.formula for c in (*self._claims, *earlier)}
        for i, p in enumerate(best.presuppositions, 1):
            if p not in known:  # "the cow" is taken for granted once
                out.append(Claim(f"{label}.{i}", p, span, best.score))
                known.add(p)
        return out

    def tell_logic(self, text: str, document: str = "logic") -> Told:
        """Take in a theory in the text format of `neurosym.syntax`.  Raises SyntaxProblem, TheoryError."""
        theory = read_theory(text, document)
        self._add(theory.claims)
        self.closed_world = self.closed_world or theory.closed_world
        return Told(theory.claims)

    def load(self, path: str | Path) -> Told:
        """Take in a file: English .txt .md, logic .nsl, or RDF .ttl .owl .rdf .xml .nt .jsonld."""
        file = Path(path)
        kind = file.suffix.lower()
        if kind in GRAPHS:
            return self._load_graph(file)
        if kind not in TEXTS | {".nsl"}:
            known = " ".join(sorted(GRAPHS | TEXTS | {".nsl"}))
            raise InputError(f"unknown kind of file {kind!r}", document=str(file), hint=f"known: {known}")
        text = read_text(file)
        name = self._document(file)
        return self.tell_logic(text, name) if kind == ".nsl" else self.tell(text, name)

    def _document(self, file: Path) -> str:
        """What claims call a file: its name, with its folder where another file has that name."""
        whole = file.resolve()
        parts = 1
        while True:
            name = "/".join(whole.parts[-parts:])
            if self._documents.setdefault(name, whole) == whole or parts == len(whole.parts):
                break
            parts += 1
        return name

    def _load_graph(self, file: Path) -> Told:
        from neurosym.knowledge import claims_of, read_graph

        name = self._document(file)
        graphs = [*self._graphs, read_graph(file, name)]
        base = claims_of(*graphs)
        before = {c.label for c in self._graph.claims} if self._graph else set()
        told = [c for c in self._claims if c.label not in before]
        _check_labels([*told, *base.claims])
        ignored = tuple(Unread(name, i.triple, i.reason) for i in base.ignored if i.document == name)
        self._claims, self._graphs, self._graph, self._theory = [*told, *base.claims], graphs, base, None
        self._unread += ignored
        return Told(tuple(c for c in base.claims if c.label not in before), ignored)

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in claims as they are.  Raises TheoryError, and then takes in none of them."""
        self._add(list(claims))

    def _add(self, claims: Sequence[Claim]) -> None:
        for c in claims:
            validate(c)
        _check_labels([*self._claims, *claims])
        self._claims += claims
        self._theory = None

    def _spell(self, text: str) -> None:
        """Take in how `text` spells its words; names are told by that (parser.discourse)."""
        from neurosym.parser.discourse import mentions

        seen = mentions(text)
        merged = seen if self._seen is None else self._seen | seen
        if merged != self._seen:
            self._seen, self._theory = merged, None

    def _best(self, parsed: Parsed) -> Reading | None:
        """The best reading.  One that scores low is read again with its rivals: those that differ
        from it in the spelling of a name only speak for it."""
        if not parsed.readings or parsed.readings[0].score >= self.min_score:
            return parsed.readings[0] if parsed.readings else None
        again = self.parser.read(parsed.span.text, parsed.span.document, N_BEST)
        rivals = again[0].readings if len(again) == 1 else ()
        return max((*parsed.readings, *rivals), key=lambda r: r.score)

    @property
    def parser(self) -> TextParser:
        if isinstance(self._parser, str):
            from neurosym.parser import load_parser

            self._parser = load_parser(self._parser)
        return self._parser

    @property
    def vocabulary(self) -> Vocabulary | None:
        """What the symbols of the loaded graphs stand for; None without a graph."""
        return self._graph.vocabulary if self._graph else None

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Everything told so far that became no claim."""
        return tuple(self._unread)

    @property
    def theory(self) -> Theory:
        """All claims, their words linked to the graph's names."""
        if self._theory is None or self._theory.closed_world != self.closed_world:
            claims = (
                replace(c, formula=self._link(c.formula)) if c.label in self._linkable else c
                for c in self._claims
            )
            self._theory = Theory(tuple(claims), self.closed_world)
        return self._theory

    def _link(self, f: S, seen: Mentions | None = None) -> S:
        """What was read from text, in the names of the whole text and of the graph."""
        if (spelt := seen or self._seen) is not None:
            from neurosym.parser.discourse import respell

            f = respell(f, spelt)
        if self._graph is None:
            return f
        from neurosym.knowledge import link

        return link(f, self._graph.vocabulary)

    # --- asking ----------------------------------------------------------------------

    def ask(self, question: str | Formula) -> Response:
        """Answer a question in English or logic.

        Free variables of a formula (and wh-words) ask for bindings.  Raises InputError for a
        question that is no single sentence; one that cannot be read is answered Unknown.
        """
        q = self.read_question(question)
        if isinstance(q, Unread):
            reason = f"the question was not read: {q.reason}"
            return Response(q.text, None, Unknown(reason), self.theory, notes=self._notes())
        return self.answer(q)

    def answer(self, q: Question) -> Response:
        """Answer a question that has been read."""
        theory = self.theory
        closed = Exists(q.variables, q.goal) if q.variables else q.goal
        verdict = self._solver.solve(theory, closed, self.limits)
        answers: tuple[Answer, ...] = ()
        notes = (*self._notes(), *unknown_symbols(q.goal, theory))
        missing = ""
        if q.variables and not isinstance(verdict, Inconsistent):
            answers, missing = open_answers(self._solver, theory, q.goal, q.variables, self.limits)
            answers = tuple(a for a in answers if not any(unnamed(t) for _, t in a.binding))
            if missing:
                notes = (*notes, f"answers may be missing: {missing}")
            if not answers and isinstance(verdict, Proved) and not q.count:
                notes = (*notes, "something is such, but nothing that has a name is proved to be")
        response = Response(
            q.text, closed, verdict, theory, tuple(v.name for v in q.variables), answers,
            None, explain_choice(self._solver, theory, closed), notes, q.score,
        )  # fmt: skip
        return counted(q, self._solver, response, bool(missing), self.limits)

    def read_question(self, question: str | Formula) -> Question | Unread:
        """A question in English or logic as a goal in the theory's names.  Raises InputError for several."""
        if not isinstance(question, str):
            return Question(show(question), question, free_vars(question))
        if (logic := as_logic(question)) is not None:
            return Question(question, logic, free_vars(logic))
        parsed = self.parser.read(question, "question")
        if len(parsed) != 1:
            raise InputError(f"expected one question, found {len(parsed)} sentences", document="question")
        best = self._best(parsed[0])
        if best is None or best.score < self.min_score:
            return as_unread(parsed[0], best, self.min_score)
        from neurosym.parser.discourse import align, mentions

        # asking changes nothing that was told: the question is spelt as the text is, not the other way round
        seen = mentions(question) if self._seen is None else self._seen | mentions(question)
        goal = align(self._link(best.formula, seen), [c.formula for c in self.theory.claims])
        return Question(question, goal, best.variables, best.count, best.score)

    def _notes(self) -> tuple[str, ...]:
        """What a reader of any answer must know: what was told and is not used."""
        out = [f"not used: {short(u.text)!r} ({u.reason})" for u in self._unread[:MOST_NOTES]]
        if len(self._unread) > MOST_NOTES:
            out.append(
                f"and {len(self._unread) - MOST_NOTES} more pieces are not used (Engine.unread lists them)"
            )
        return tuple(out)

    def explain(self, response: Response) -> OutlineNode:
        """The outline of a response's verdict; explain.to_text and others render it."""
        from neurosym.explain import outline

        if response.goal is None:
            raise InputError("there is nothing to explain: the question was not read", document="question")
        return outline(response.theory, response.verdict, response.goal)

    def why(self, question: str | Formula) -> OutlineNode:
        """Ask, and give the proof (or the two models, the conflict) as an outline."""
        return self.explain(self.ask(question))

    def why_not(self, question: str | Formula) -> OutlineNode:
        """Ask, and say what is missing: rules that could conclude the goal, and their unmet conditions."""
        from neurosym.explain import why_not
        from neurosym.nearest import blocked_rules

        response = self.ask(question)
        if response.goal is None:
            raise InputError("there is nothing to explain: the question was not read", document="question")
        blocked = blocked_rules(self._solver, response.theory, response.goal, self.limits)
        return why_not(response.theory, response.verdict, response.goal, blocked)

    def derive(self, wanted: Iterable[tuple[str, int]] | None = None) -> tuple[Derived, ...]:
        """All ground facts that follow, over the predicates `wanted` (name, arity) or all, sorted.

        Raises InputError for an inconsistent theory, and where a solver reached a limit: a part
        of the facts is not given out as all of them.
        """
        theory = self.theory
        named = {(a.pred, len(a.args)) for c in theory.claims for a in atoms(c.formula)}
        asserted = {c.formula for c in theory.claims}
        out = []
        for pred, arity in sorted(named if wanted is None else named & set(wanted)):
            variables = tuple(Var(f"x{i}") for i in range(1, arity + 1))
            found, missing = open_answers(self._solver, theory, Atom(pred, variables), variables, self.limits)
            if missing:
                raise InputError(f"the facts of {pred!r} cannot all be derived: {missing}")
            for answer in found:
                fact = Atom(pred, tuple(t for _, t in answer.binding))
                if isinstance(answer.verdict, Proved):
                    out.append(Derived(fact, answer.verdict, fact in asserted))
        return tuple(out)

    # --- analogy ---------------------------------------------------------------------

    def analogy(self, a: str, b: str, c: str) -> AnalogyResponse:
        """What is to `c` as `b` is to `a`, by the relations in the facts told."""
        from neurosym.analogy import proportion

        found = proportion(a, b, c, self._edges())
        return AnalogyResponse(a, b, c, found.answers, found.reason)

    def map_structures(self, base: Engine) -> StructureMapping:
        """Structure mapping from `base`'s facts to this engine's; inferences are hypotheses."""
        from neurosym.analogy import map_structures

        return map_structures(base._edges(), self._edges())

    def _edges(self) -> tuple[tuple[str, str, str, str], ...]:
        """Told and derived facts of arity one and two as (subject, predicate, object, label)."""
        from neurosym.wiring import edge_of

        return tuple(e for d in self.derive() if (e := edge_of(d)) is not None)

    # --- planning --------------------------------------------------------------------

    def plan(self, goal: str | Formula, domain: str | Path) -> PlanResponse:
        """Plan with the actions of a PDDL domain from what is proved now to `goal`."""
        from neurosym.explain import plan_outline
        from neurosym.planning import Fact, Planned, read_domain, solve
        from neurosym.planning.domain import canonical
        from neurosym.wiring import check_goal, link_domain, plan_view

        file = Path(domain)
        actions = read_domain(read_text(file), file.name)
        if self._graph is not None:
            actions = link_domain(actions, self._link)
        read = self.read_question(goal)
        if isinstance(read, Unread):
            raise PlanningError(f"the goal was not read: {read.reason}", document="goal")
        goal_read = self._compound(read.goal)
        formula = Exists(read.variables, goal_read) if read.variables else goal_read
        names = {canonical(p.name): len(p.parameters) for p in actions.predicates}
        names |= {canonical(t): 1 for pair in actions.types for t in pair}
        theory = self.theory
        facts_of = {(x.pred, len(x.args)) for c in theory.claims for x in atoms(c.formula)}
        check_goal(formula, theory, actions, set(names) | {canonical(p) for p, _ in facts_of})
        wanted = {key for key in facts_of if names.get(canonical(key[0])) == key[1]}
        facts = []
        for d in self.derive(wanted):
            labels = tuple(sorted(d.verdict.theorem.hypotheses))
            facts.append(Fact(d.fact, ", ".join(labels), labels))
        result = solve(actions, tuple(facts), formula, self.limits)
        view = plan_outline(plan_view(result), theory) if isinstance(result, Planned) else None
        return PlanResponse(formula, result, theory, view, self._notes())

    def _compound(self, goal: Formula) -> Formula:
        """ "a closed ticket" in a goal is the class of that name, where the graph has one."""
        if self._graph is None:
            return goal
        from neurosym.knowledge import link_compounds

        return link_compounds(goal, self._graph.vocabulary)

    # --- housekeeping ----------------------------------------------------------------

    def close(self) -> None:
        """End the solvers' worker processes.  The engine may be used again afterwards."""
        self._solver.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def _check_labels(claims: Sequence[Claim]) -> None:
    seen: set[str] = set()
    for c in claims:
        if c.label in seen:
            raise TheoryError(f"label {c.label!r} is used twice", hint="give each document its own name")
        seen.add(c.label)


def read_text(path: Path) -> str:
    """A file as UTF-8 text.  Raises InputError that says what is wrong with it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as e:
        raise InputError(
            f"not UTF-8 text (byte {e.start})", document=str(path), hint="is this a binary file?"
        ) from e
    except OSError as e:
        raise InputError(
            e.strerror or str(e), document=str(path), hint="check the path and its permissions"
        ) from e


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all.  Raises InputError where that cannot be."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as e:
        raise InputError(
            f"cannot be written: {e.strerror}", document=str(path), hint="check the folder"
        ) from e


def axiom(label: str, formula: Statement, document: str = "program") -> Claim:
    """A claim given by program."""
    return Claim(label, formula, Axiom(document, 0, show(formula)))
