"""The verbs: tell, retract, branch, ask, why, why_not, analogy, plan.  The only module that sees all rooms.

Rooms with heavy libraries (parser, knowledge, planning) are imported at their first use, so
that `import neurosym` stays light.  What was told is a Session; an Engine holds nothing
derived from it that could go stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from neurosym.errors import ConfigError, InputError, PlanningError
from neurosym.logic import Atom, Exists, Formula, Statement, Var, atoms, free_vars
from neurosym.parallel import answer_all
from neurosym.questions import as_logic, counted, place, short, unknown_symbols, unnamed
from neurosym.questions import unread as as_unread
from neurosym.results import AnalogyResponse, Derived, PlanResponse, Question, Response, Told, Unread
from neurosym.session import Retracted, Session, as_theory, read_text, write_text
from neurosym.solvers import explain_choice, make_solver, open_answers
from neurosym.solvers.remote import RemoteSolver
from neurosym.syntax import read_theory, show
from neurosym.theory import Axiom, Claim, Theory
from neurosym.verdict import Answer, Clock, Inconsistent, Limits, Proved, Solver, Unknown

if TYPE_CHECKING:
    from neurosym.analogy import StructureMapping
    from neurosym.explain import OutlineNode
    from neurosym.knowledge import Vocabulary
    from neurosym.parser.reading import Parsed, Reading, TextParser

__all__ = ["MIN_SCORE", "Engine", "Retracted", "axiom", "read_text", "write_text"]

GRAPHS = frozenset({".ttl", ".owl", ".rdf", ".xml", ".nt", ".jsonld"})
TEXTS = frozenset({".txt", ".md"})
MOST_NOTES = 8  # pieces not used that every answer names
N_BEST = 4  # readings looked at where the best scores low
EXISTENCE = 0.4  # of the time of an open question, for whether there is an answer at all
LISTING = 0.7  # of what is left then, for the answers, where they are also to be counted
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
        self._named = solver if isinstance(solver, str) else ""  # what `make_solver` calls it
        self.limits, self.min_score = limits or Limits(), min_score
        self._session = Session(closed_world)
        self._parent: Engine | None = None
        self._pool: list[RemoteSolver] = []  # of ask_all; shared with branches

    @property
    def closed_world(self) -> bool:
        """Is what cannot be derived false?  It may be set later."""
        return self._session.closed_world

    @closed_world.setter
    def closed_world(self, closed: bool) -> None:
        self._session.closed_world = closed

    # --- telling ---------------------------------------------------------------------

    def tell(self, text: str, document: str = "told") -> Told:
        """Take in English.  Raises ParserError for unusable text; a sentence that cannot be
        read is in the result, never dropped silently."""
        claims: list[Claim] = []
        unread: list[Unread] = []
        questions: list[str] = []
        session = self._session
        session.spell(text, document)
        for parsed in self.parser.read(text, document):
            n = session.numbered(document)
            best = self._best(parsed)
            if best is None or best.score < self.min_score:
                unread.append(as_unread(parsed, best, self.min_score))
            elif best.act == "ask":
                questions.append(parsed.span.text)
                unread.append(place(parsed, "a question, so nothing that holds"))
            else:
                claims += session.reading_of(parsed.span, best, f"{document}:{n}", claims)
        session.add(claims, linkable=True)
        session.not_used(unread)
        return Told(tuple(claims), tuple(unread), tuple(questions))

    def tell_logic(self, text: str, document: str = "logic") -> Told:
        """Take in a theory in the text format of `neurosym.syntax`.  Raises SyntaxProblem, TheoryError."""
        theory = read_theory(text, document)
        self._session.add_theory(theory)
        return Told(theory.claims)

    def load(self, path: str | Path) -> Told:
        """Take in a file: English .txt .md, logic .nsl, or RDF .ttl .owl .rdf .xml .nt .jsonld."""
        file = Path(path)
        kind = file.suffix.lower()
        if kind in GRAPHS:
            return self._session.load_graph(file)
        if kind not in TEXTS | {".nsl"}:
            known = " ".join(sorted(GRAPHS | TEXTS | {".nsl"}))
            raise InputError(f"unknown kind of file {kind!r}", document=str(file), hint=f"known: {known}")
        text = read_text(file)
        name = self._session.named(file)
        return self.tell_logic(text, name) if kind == ".nsl" else self.tell(text, name)

    def add(self, claims: Iterable[Claim]) -> None:
        """Take in claims as they are.  Raises TheoryError, and then takes in none of them."""
        self._session.add(list(claims))

    def retract(self, labels: str | Iterable[str]) -> Retracted:
        """Take back the claims with these labels.

        Raises TheoryError, with the labels that come nearest, where there is no such claim, and
        then takes back none.
        """
        return self._session.retract([labels] if isinstance(labels, str) else labels)

    def retract_document(self, name: str) -> Retracted:
        """Take back everything that a document told.  Raises TheoryError where nothing came from it."""
        return self._session.retract_document(name)

    # --- what if ---------------------------------------------------------------------

    def branch(self) -> Engine:
        """An engine that has been told the same, to try something out: `with engine.branch() as b: ...`.

        Neither sees what the other is told or takes back from now on.  Claims are shared, not
        copied, and so is the solver with what it has loaded; closing a branch leaves it running.
        """
        new = Engine.__new__(Engine)
        new._parser, new._solver, new._named = self._parser, self._solver, self._named
        new.limits, new.min_score = self.limits, self.min_score
        new._session, new._parent, new._pool = self._session.branch(), self, self._pool
        return new

    def what_if(self, *statements: str | Statement | Claim) -> Engine:
        """A branch that has also been told `statements`: English, logic text, formulas or claims.

        Raises SyntaxProblem for a slip in logic; what cannot be read is in the branch's `unread`.
        """
        new = self.branch()
        taken = new._session.claims
        free = (label for n in count(1) if (label := f"what-if:{n}") not in taken)
        for s in statements:
            if isinstance(s, Claim):
                new.add([s])
            elif not isinstance(s, str):
                new.add([axiom(next(free), s, "what-if")])
            elif (theory := as_theory(s)) is not None:
                claims = tuple(replace(c, label=next(free)) for c in theory.claims)
                new._session.add_theory(replace(theory, claims=claims))
            else:
                new.tell(s, "what-if")
        return new

    # --- reading ---------------------------------------------------------------------

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
            if self._parent is not None:
                self._parser = self._parent.parser
            else:
                from neurosym.parser import load_parser

                self._parser = load_parser(self._parser)
        return self._parser

    @property
    def vocabulary(self) -> Vocabulary | None:
        """What the symbols of the loaded graphs stand for; None without a graph."""
        return self._session.vocabulary

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Everything told so far that became no claim."""
        return self._session.unread

    @property
    def theory(self) -> Theory:
        """All claims, their words linked to the graph's names."""
        return self._session.theory

    # --- asking ----------------------------------------------------------------------

    def ask(self, question: str | Formula) -> Response:
        """Answer a question in English or logic.

        Free variables of a formula (and wh-words) ask for bindings.  Raises InputError for a
        question that is no single sentence; one that cannot be read is answered Unknown.
        """
        q = self.read_question(question)
        if isinstance(q, Unread):
            return self._not_read(q)
        return self.answer(q)

    def answer(self, q: Question) -> Response:
        """Answer a question that has been read, within one question's limits."""
        return self._answer(q, self._solver)

    def _answer(self, q: Question, solver: Solver) -> Response:
        theory, clock = self.theory, Clock(self.limits)
        closed = Exists(q.variables, q.goal) if q.variables else q.goal
        verdict = solver.solve(theory, closed, clock.within(EXISTENCE if q.variables else 1.0))
        answers: tuple[Answer, ...] = ()
        notes = (*self._notes(), *unknown_symbols(q.goal, theory))
        missing = ""
        if q.variables and not isinstance(verdict, Inconsistent):
            limits = clock.within(LISTING if q.count else 1.0)
            answers, missing = open_answers(solver, theory, q.goal, q.variables, limits)
            answers = tuple(a for a in answers if not any(unnamed(t) for _, t in a.binding))
            if missing:
                notes = (*notes, f"answers may be missing: {missing}")
            if not answers and isinstance(verdict, Proved) and not q.count:
                notes = (*notes, "something is such, but nothing that has a name is proved to be")
        response = Response(
            q.text, closed, verdict, theory, tuple(v.name for v in q.variables), answers,
            None, explain_choice(solver, theory, closed), notes, q.score,
        )  # fmt: skip
        return counted(q, solver, response, bool(missing), clock.within(1.0))

    def ask_all(
        self,
        questions: Iterable[str | Formula],
        workers: int = 2,
        progress: Callable[[int, int], object] | None = None,
    ) -> tuple[Response, ...]:
        """The answers to many questions, in order, each within its own limits.

        Questions are read here and answered by `workers` child processes with solvers of their
        own; where the engine was given a solver of its own making, by that one alone.
        progress: called with how many are answered and how many there are.  Raises InputError
        as `ask` does, before any is answered; ConfigError for workers < 1.
        """
        if workers < 1:
            raise ConfigError(f"workers must be at least 1, not {workers}")
        read = [self.read_question(q) for q in questions]
        asked = [q for q in read if isinstance(q, Question)]
        members = min(workers, len(asked))
        if members <= 1 or not self._named:
            found = []
            for q in asked:
                found.append(self.answer(q))
                if progress is not None:
                    progress(len(found), len(asked))
        else:
            found = answer_all(self._answer, asked, self._members(members), progress)
        answers = iter(found)
        return tuple(self._not_read(q) if isinstance(q, Unread) else next(answers) for q in read)

    def _members(self, count: int) -> list[RemoteSolver]:
        """That many solvers in processes of their own; they stay warm until `close`."""
        pool = self._pool
        pool += [RemoteSolver(self._named) for _ in range(count - len(pool))]
        return pool[:count]

    def _not_read(self, q: Unread) -> Response:
        reason = f"the question was not read: {q.reason}"
        return Response(q.text, None, Unknown(reason), self.theory, notes=self._notes())

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
        told = self._session.seen
        seen = mentions(question) if told is None else told | mentions(question)
        goal = align(self._session.link(best.formula, seen), [c.formula for c in self.theory.claims])
        return Question(question, goal, best.variables, best.count, best.score)

    def _notes(self) -> tuple[str, ...]:
        """What a reader of any answer must know: what was told and is not used."""
        out = [f"not used: {short(u.text)!r} ({u.reason})" for u in self.unread[:MOST_NOTES]]
        if len(self.unread) > MOST_NOTES:
            out.append(
                f"and {len(self.unread) - MOST_NOTES} more pieces are not used (Engine.unread lists them)"
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
        """Ask, and say what is missing: facts that would do, blocked rules, fallacies that tempt."""
        from neurosym.explain import why_not_outline
        from neurosym.nearest import why_not

        response = self.ask(question)
        if response.goal is None:
            raise InputError("there is nothing to explain: the question was not read", document="question")
        found = why_not(self._solver, response.theory, response.goal, self.limits, response.verdict)
        return why_not_outline(response.theory, found)

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
        from neurosym.wiring import domain_of, planned

        file = Path(domain)
        actions = domain_of(read_text(file), file.name, self._session.link if self.vocabulary else None)
        read = self.read_question(goal)
        if isinstance(read, Unread):
            raise PlanningError(f"the goal was not read: {read.reason}", document="goal")
        wanted = self._compound(read.goal)
        formula = Exists(read.variables, wanted) if read.variables else wanted
        result, view = planned(self.theory, actions, formula, self.derive, self.limits)
        return PlanResponse(formula, result, self.theory, view, self._notes())

    def _compound(self, goal: Formula) -> Formula:
        """ "a closed ticket" in a goal is the class of that name, where the graph has one."""
        if (vocabulary := self.vocabulary) is None:
            return goal
        from neurosym.knowledge import link_compounds

        return link_compounds(goal, vocabulary)

    # --- housekeeping ----------------------------------------------------------------

    def close(self) -> None:
        """End the solvers' worker processes, unless this is a branch.  The engine may be used again."""
        if self._parent is None:
            self._solver.close()
            for member in self._pool:
                member.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()


def axiom(label: str, formula: Statement, document: str = "program") -> Claim:
    """A claim given by program."""
    return Claim(label, formula, Axiom(document, 0, show(formula)))
