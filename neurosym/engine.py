"""The verbs: tell, retract, branch, ask, why, why_not, analogy, plan.  The only module that sees all rooms.

Rooms with heavy libraries (parser, knowledge, planning) are imported at their first use, so
that `import neurosym` stays light.  What was told is a Session; an Engine holds nothing
derived from it that could go stale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, get_args

from neurosym.asking import (
    answer,
    answer_relative,
    answer_repaired,
    confidence_of,
    derived,
    goal_of,
    must_have_conflicts,
    one_by_one,
    ranked,
)
from neurosym.background import Background, without_blamed
from neurosym.errors import ConfigError, InputError
from neurosym.hearing import Settling, axiom, numbered, question_of, suppose
from neurosym.logic import Formula, Statement
from neurosym.parallel import answer_all
from neurosym.questions import Signature, must_be, not_used, predicate, semantics_named, short
from neurosym.repairs import Conflicts, Repair
from neurosym.results import (
    AnalogyResponse,
    Choices,
    Derived,
    PlanResponse,
    Question,
    RelativeResponse,
    Reread,
    Response,
    Unread,
)
from neurosym.session import Retracted, Session, read_text, write_text
from neurosym.solvers import make_solver
from neurosym.solvers.optimum import Optimum
from neurosym.solvers.remote import RemoteSolver
from neurosym.telling import Listener
from neurosym.theory import Claim, Theory
from neurosym.verdict import Limits, Solver, Unknown

if TYPE_CHECKING:
    from neurosym.analogy import StructureMapping
    from neurosym.confidence import Confidence, Ranking
    from neurosym.entailment import EntailmentResponse
    from neurosym.explain import OutlineNode
    from neurosym.parser.reading import Parsed, TextParser

__all__ = ["MIN_SCORE", "Engine", "Retracted", "axiom", "read_text", "write_text"]

MIN_SCORE = 0.5  # readings below it are not believed; see the model card for their calibration


class Engine(Listener):
    """A theory under construction, and the questions it answers.

    parser: "neural" (the shipped model), "grammar" (the hand-written baseline), a folder with
    a trained model, or any TextParser.  solver: "auto", "prolog" or "z3".  closed_world: what
    cannot be derived is false; closed: predicates as "p/1" of which only that is so.  semantics:
    "classical", "chaining" or "defeasible"; without it what is told may choose.  min_score: a
    sentence whose best reading scores less is not believed but reported as unread.  order: where
    all things of a kind are named, say by claims what words of order mean (`ordering`).  Raises
    ConfigError for an option that is none, TheoryError for options that do not go together.
    """

    def __init__(
        self,
        *,
        parser: str | TextParser = "neural",
        solver: str | Solver = "auto",
        closed_world: bool = False,
        closed: Iterable[str] = (),
        semantics: str | None = None,
        limits: Limits | None = None,
        min_score: float = MIN_SCORE,
        order: bool = True,
        synonyms: bool = True,
        joint: bool = False,
    ) -> None:
        if not 0.0 <= min_score <= 1.0:
            raise ConfigError(f"min_score {min_score} is not in [0, 1]")
        self._parser = parser
        self._solver = make_solver(solver) if isinstance(solver, str) else solver
        self._named = solver if isinstance(solver, str) else ""  # what `make_solver` calls it
        self.limits, self.min_score = limits or Limits(), min_score
        keys = tuple(dict.fromkeys(predicate(p) for p in closed))
        self._session = Session(closed_world, keys, None if semantics is None else semantics_named(semantics))
        self._parent: Engine | None = None
        self._optimum = Optimum()  # of repairs and conflicts; shared with branches
        self._mended: tuple[Theory, Repair] | None = None  # the theory that was mended last
        self._signature = Signature(Theory(()))  # of the theory that was asked last
        self._background = Background(order, synonyms)
        self.joint = joint
        self._pool: list[RemoteSolver] = []  # of ask_all; shared with branches

    def branch(self) -> Engine:
        """An engine that has been told the same, to try something out: `with engine.branch() as b: ...`.

        Neither sees what the other is told or takes back from now on.  Claims are shared, not
        copied, and so is the solver with what it has loaded; closing a branch leaves it running.
        """
        new = Engine.__new__(Engine)
        new._parser, new._solver, new._named = self._parser, self._solver, self._named
        new.limits, new.min_score = self.limits, self.min_score
        new._session, new._parent, new._pool = self._session.branch(), self, self._pool
        new._background, new.joint = replace(self._background), self.joint
        new._optimum, new._mended, new._signature = self._optimum, self._mended, self._signature
        return new

    def what_if(self, *statements: str | Statement | Claim) -> Engine:
        """A branch that has also been told `statements`: English, logic text, formulas or claims.

        Raises SyntaxProblem for a slip in logic, InputError for what is none of these; what cannot be
        read is in the branch's `unread`.
        """
        for s in statements:
            must_be(s, (str, *get_args(Statement), Claim), "statement")
        new = self.branch()
        suppose(new._session, statements, new.tell)
        return new

    # --- reading ---------------------------------------------------------------------

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
    def _settling(self) -> Settling | None:
        return self._settled if self.joint else None

    def _settled(self, parsed: Sequence[Parsed]) -> tuple[Sequence[Parsed], tuple[Reread, ...]]:
        from neurosym.joint import reread, settle

        link, known = self._session.link, self.theory
        pieces, found = settle(parsed, link, known, self._solver, self.limits, optimum=self._optimum)
        return pieces, reread(parsed, found)

    # --- asking ----------------------------------------------------------------------

    def ask(self, question: str | Formula, *, repaired: bool = False, exact: bool = False) -> Response:
        """Answer a question in English or logic.

        Free variables of a formula (and wh-words) ask for bindings.  repaired: from the most
        probable consistent part of the claims, which takes as much time again once per theory;
        what gives way is in `dropped`.  exact: the confidence by all proofs, not by the one found.
        Raises InputError for a question that is no single sentence, TheoryError as `repair`; one
        that cannot be read is answered Unknown.
        """
        q = self.read_question(question)
        if isinstance(q, Unread):
            return self._not_read(q)
        return self.answer(q, repaired=repaired, exact=exact)

    def answer(self, q: Question, *, repaired: bool = False, exact: bool = False) -> Response:
        """Answer a question that has been read, within one question's limits."""
        return self._answering(repaired, exact)(q, self._solver)

    def _answering(self, repaired: bool, exact: bool) -> Callable[[Question, Solver], Response]:
        """How questions are answered, what is the same for all of them being done."""
        theory, notes = self.theory, self._notes()
        if not repaired:
            return lambda q, solver: self._answered(q, theory, solver, notes, exact)
        found = self.repair()
        kept = self._said_by(theory if found.kept is None else found.kept)
        return lambda q, solver: answer_repaired(
            answer(q, kept, solver, self.limits, notes, exact), theory, found
        )

    def _answered(
        self, q: Question, theory: Theory, solver: Solver, notes: tuple[str, ...], exact: bool
    ) -> Response:
        """The answer with the background; a contradiction by a link of words takes the link out."""
        asked: Theory | None = self.asked(q.goal, theory)
        while asked is not None:
            found = answer(q, self._said_by(asked), solver, self.limits, notes, exact)
            asked = without_blamed(asked, found.verdict)
        return found

    def asked(self, goal: Formula, theory: Theory | None = None) -> Theory:
        """The theory that a goal is asked of: what was told, and what words in it and in the goal mean."""
        return self._background.completed(self.theory if theory is None else theory, (goal,), self.vocabulary)

    def _said_by(self, theory: Theory) -> Signature:
        """What the theory speaks of; kept while the theory stays the same."""
        if self._signature.theory is not theory:
            self._signature = Signature(theory)
        return self._signature

    def ask_relative(self, question: str | Formula, most: int = 16) -> RelativeResponse:
        """Answer from each maximal consistent subset of the claims, the `most` most probable of them.

        Raises InputError for a question that was not read, TheoryError for a theory whose
        semantics is not classical.
        """
        q = self._must_read(question)
        return answer_relative(q, self.theory, self._solver, self.limits, self._optimum, self._notes(), most)

    def which_of(self, options: Iterable[str | Formula], *, repaired: bool = False) -> Choices:
        """Answer each of several statements: every option proved, refuted or unknown, with certificate.

        Raises InputError for no option, one that is not a statement or cannot be read.
        """
        given = [options] if isinstance(options, str | Formula) else list(options)
        read = [self._must_read(o) for o in given]
        if not read:
            raise InputError("there is no option to choose from", document="options")
        for q in read:
            if q.variables:
                raise InputError(
                    f"an option is a statement, and {q.text!r} asks for something", document="options"
                )
        return Choices(tuple(self.answer(q, repaired=repaired) for q in read))

    def confidence(self, question: str | Formula, exact: bool = True) -> Confidence:
        """How sure the answer is: by all proofs and exactly, or (not `exact`) by the one found.

        Of an unknown goal: that it follows.  Raises InputError for a question that was not read.
        """
        return confidence_of(self.answer(self._must_read(question), exact=exact))

    def best_proofs(self, question: str | Formula | Response, k: int) -> Ranking:
        """The `k` most probable proofs of the answer, or of the negation of a goal that is disproved."""
        if k < 1:
            raise ConfigError(f"the number of proofs must be at least 1, not {k}")
        return ranked(self._response(question), k, self._solver, self.limits)

    # --- contradictions --------------------------------------------------------------

    def conflicts(self, most: int = 16) -> Conflicts:
        """The minimal sets of claims that contradict each other, up to `most`, each with a certificate.

        Raises TheoryError for a theory whose semantics is not classical: there both sides of a
        question may be derivable, and that is an answer.
        """
        from neurosym.solvers.conflicts import minimal_conflicts

        if most < 1:
            raise ConfigError(f"the number of conflicts must be at least 1, not {most}")
        must_have_conflicts(self.theory, "a search for conflicts")
        return minimal_conflicts(self._solver, self.theory, self.limits, most, optimum=self._optimum)

    def repair(self) -> Repair:
        """The most probable consistent part of the claims, and what gives way.  Raises as `conflicts`."""
        from neurosym.solvers.conflicts import repair

        theory = self.theory
        if self._mended is None or self._mended[0] is not theory:
            must_have_conflicts(theory, "a repair")
            self._mended = theory, repair(self._solver, theory, self.limits, optimum=self._optimum)
        return self._mended[1]

    # --- many questions ---------------------------------------------------------------

    def ask_all(
        self,
        questions: Iterable[str | Formula],
        workers: int = 2,
        progress: Callable[[int, int], object] | None = None,
        *,
        repaired: bool = False,
        exact: bool = False,
    ) -> tuple[Response, ...]:
        """The answers to many questions, in order, each within its own limits and as `ask` gives them.

        Questions are read here and answered by `workers` child processes with solvers of their
        own; where the engine was given a solver of its own making, by that one alone.
        progress: called with how many are answered and how many there are.  Raises InputError
        as `ask` does, before any is answered; ConfigError for workers < 1.
        """
        if workers < 1:
            raise ConfigError(f"workers must be at least 1, not {workers}")
        read = [numbered(n, q, self.read_question) for n, q in enumerate(questions, 1)]
        asked = [q for q in read if isinstance(q, Question)]
        answering = self._answering(repaired, exact)
        members = min(workers, len(asked))
        if members <= 1 or not self._named:
            found = one_by_one(answering, asked, self._solver, progress)
        else:
            self._pool += [RemoteSolver(self._named) for _ in range(members - len(self._pool))]
            found = answer_all(answering, asked, self._pool[:members], progress)
        answers = iter(found)
        return tuple(self._not_read(q) if isinstance(q, Unread) else next(answers) for q in read)

    def _not_read(self, q: Unread) -> Response:
        reason = f"the question was not read: {q.reason}"
        return Response(q.text, None, Unknown(reason), self.theory, notes=self._notes())

    def _must_read(self, question: str | Formula) -> Question:
        """Raises InputError for a question that cannot be read."""
        q = self.read_question(question)
        if isinstance(q, Unread):
            raise InputError(f"{short(q.text)!r} was not read: {q.reason}", document="question")
        return q

    def _response(self, question: str | Formula | Response) -> Response:
        """The answer to a question that can be read, where it is not already known."""
        return question if isinstance(question, Response) else self.ask(question)

    def read_question(self, question: str | Formula) -> Question | Unread:
        """A question in English or logic as a goal in the theory's names.

        Raises InputError for several, and for what is neither text nor a formula.
        """
        must_be(question, (str, *get_args(Formula)), "question")
        return question_of(self._session, lambda: self.parser, question, self.min_score)

    def _notes(self) -> tuple[str, ...]:
        """What a reader of any answer must know: what was told and is not used."""
        return not_used(self.unread)

    def explain(self, response: Response) -> OutlineNode:
        """The outline of a response's verdict; explain.to_text and others render it."""
        from neurosym.explain import outline

        return outline(response.theory, response.verdict, goal_of(response))

    def why(self, question: str | Formula) -> OutlineNode:
        """Ask, and give the proof (or the two models, the conflict) as an outline."""
        return self.explain(self._response(question))

    def why_not(self, question: str | Formula | Response) -> OutlineNode:
        """Ask, and say what is missing: facts that would do, blocked rules, fallacies that tempt."""
        from neurosym.explain import why_not_outline
        from neurosym.nearest import why_not

        response = self._response(question)
        found = why_not(self._solver, response.theory, goal_of(response), self.limits, response.verdict)
        return why_not_outline(response.theory, found)

    def derive(self, wanted: Iterable[tuple[str, int]] | None = None) -> tuple[Derived, ...]:
        """All ground facts that follow, over the predicates `wanted` (name, arity) or all, sorted.

        Raises InputError for an inconsistent theory, and where a solver reached a limit: a part
        of the facts is not given out as all of them.
        """
        return derived(self.theory, self._solver, self.limits, wanted)

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
        from neurosym.wiring import plan_toward

        file, link = Path(domain), self._session.link if self.vocabulary else None
        found = plan_toward(
            self.read_question(goal), (read_text(file), file.name, link), self.vocabulary,
            self.theory, self.derive, self.limits,
        )  # fmt: skip
        return PlanResponse(*found, notes=self._notes())

    # --- two sentences ---------------------------------------------------------------

    def entails(self, premise: str, hypothesis: str) -> EntailmentResponse:
        """Does one sentence follow from another, or contradict it, with WordNet as ontology?

        Apart from what was told.  Where logic gives no certificate, the answer is that of a
        classifier, and says so.
        """
        from neurosym.entailment import entails, shipped_classifier

        judge = shipped_classifier()
        return entails(
            self.parser, self._solver, premise, hypothesis, classifier=judge, min_score=self.min_score
        )

    # --- housekeeping ----------------------------------------------------------------

    def close(self) -> None:
        """End the solvers' worker processes, unless this is a branch.  The engine may be used again."""
        if self._parent is None:
            self._solver.close()
            self._optimum.close()
            for member in self._pool:
                member.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.close()
