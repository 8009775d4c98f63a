"""From text to claims and questions: which reading is believed, and what a question is about.

Knows sessions and parsers; must not know how questions are answered.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from itertools import count
from math import prod
from typing import TYPE_CHECKING, TypeAlias

from neurosym.errors import InputError, SyntaxProblem
from neurosym.logic import Atom, Const, Formula, Implies, Statement, free_vars, ground_terms, misplaced
from neurosym.questions import DIRECTIVE, as_logic, no_question, place
from neurosym.questions import unread as as_unread
from neurosym.results import Question, Reread, Told, Unread
from neurosym.session import REFERS, Session, given
from neurosym.syntax import read_theory, show, show_term
from neurosym.theory import Axiom, Claim, Span, Theory

if TYPE_CHECKING:
    from neurosym.parser.reading import Parsed, Reading, TextParser
    from neurosym.parser.reference import Context

Settling: TypeAlias = "Callable[[Sequence[Parsed]], tuple[Sequence[Parsed], tuple[Reread, ...]]]"
N_BEST = 4  # readings looked at where the best scores low
WHAT_IF = "what-if"  # the document of what is only supposed


def hear(
    session: Session,
    parser: TextParser,
    text: str,
    document: str,
    min_score: float,
    settled: Settling | None = None,
) -> Told:
    """Take in English: each sentence as claims, or as a piece that is not used, with the reason.

    settled: chooses among the rival readings of all sentences together, leaves each piece its one, and says
    which are other than the best.
    """
    claims: list[Claim] = []
    unread: list[Unread] = []
    questions: list[str] = []
    from neurosym.parser.reference import Context, resolve

    session.spell(text, document)
    context = session.contexts.get(document, Context())
    pieces, mended = (
        (parser.read(text, document), ()) if settled is None else settled(parser.read(text, document, N_BEST))
    )
    for parsed in pieces:
        n = session.numbered(document)
        if settled is None:
            best = best_reading(parser, parsed, min_score, partly=True)
        else:  # what was chosen against the others is not looked for again
            best = parsed.readings[0] if parsed.readings else None
        believed = best is not None and best.score >= min_score
        before = context
        (resolved,), context = resolve(
            [replace(parsed, readings=(best,) if best and believed else ())], before
        )
        if best is None or not believed:
            unread.append(as_unread(parsed, best, min_score))
        elif best.act == "ask":
            questions.append(parsed.span.text)
            unread.append(place(parsed, "a question, so nothing that holds"))
        elif best.act == "command":
            unread.append(place(parsed, "a command, so nothing that holds: give it to `plan` as a goal"))
        elif resolved.readings[0].anaphors:
            unread.append(place(parsed, resolved.reason))
        else:
            label = f"{document}:{n}"
            made = session.reading_of(parsed.span, resolved.readings[0], label, claims)
            claims += made
            claims += naming(session, before, resolved.readings[0], parsed.span, label)
            if resolved.readings[0].partial:
                claims += genders(resolved.readings[0], parsed.span, label, made)
                why = resolved.reason or "what it says beside that is not used"
                unread.append(place(parsed, f"read in part: {why}"))
    session.contexts[document] = context
    session.add(claims, linkable=True)
    session.not_used(unread)
    return Told(tuple(claims), tuple(unread), tuple(questions), mended)


def naming(session: Session, before: Context, reading: Reading, span: Span, label: str) -> list[Claim]:
    """What an indefinite introduced, said of the thing that this sentence takes up by name.

    "A dog barked. The dog is red.": the dog is the one that barked, if "the dog" refers to it.  "Ann has a
    niece. The niece is tall.": the niece is Ann's, if no other one was mentioned.
    """
    from neurosym.parser.reference import ambiguous, substituted, weights

    out: list[Claim] = []
    spoken_of = {t.name for t in ground_terms([reading.formula]) if isinstance(t, Const)}
    earlier = {m.constant for m in before.mentions if m.word != m.INDEFINITE}
    unclear = ambiguous(before)
    # with tokens, `definites` has put "niece of Ann" in the place of "the niece"
    nouns = [w.noun for w in before.witnesses if not reading.tokens]
    for w in before.witnesses:
        the = w.noun if nouns.count(w.noun) == 1 else w.constant
        for called in sorted({the, w.constant} & (spoken_of - earlier - unclear)):
            i = len(out) // 2 + 1
            mention = session.mention(f"the {called}", span.start, label)
            which = Atom(REFERS, (mention, Const(w.constant)))
            out.append(Claim(f"{label}.t{i}", which, span, weights()["definite"][0]))
            said = substituted(w, Const(called))
            out.append(Claim(f"{label}.w{i}", Implies(which, said), span, w.score))
    return out


def genders(reading: Reading, span: Span, label: str, made: Sequence[Claim]) -> list[Claim]:
    """What the possessive pronouns of a family sentence tell: "Ann and her son" says female(Ann).

    It does if the pronoun refers to her.  made: the claims of the sentence, which say so.
    """
    from neurosym.parser.decode import decode
    from neurosym.parser.inside import held
    from neurosym.parser.reference import owner_genders
    from neurosym.parser.tokenize import words

    if not reading.tokens:  # of a parser that writes formulas
        return []
    at = words(span.text)
    texts = [w.text for w in at]
    mentions = decode(reading.tokens, texts).mentions
    found = owner_genders(reading.tokens, texts, mentions)
    taken = {h.word for h in held(reading.tokens, texts, mentions)}
    meant = {r.anaphor.constant: (r.antecedent, r.anaphor.start) for r in reading.resolutions}
    out = []
    for i, (constant, (gender, word)) in enumerate(sorted(found.items()), 1):
        place = Span(span.document, span.start + at[word].start, span.start + at[word].end, texts[word])
        who, start = meant.get(constant, (constant, -1))
        said = Atom("female" if gender == "f" else "male", (Const(who),))
        under = [
            (c.source.start, c.formula)
            for c in made
            if isinstance(c.formula, Atom) and c.formula.pred == REFERS and c.formula.args[1] == Const(who)
            if isinstance(c.source, Span) and c.source.start in (place.start, start)
        ]
        if word in taken and all(at != place.start for at, _ in under):
            continue  # the part that speaks of it was left out, since it is not clear whom it means
        out.append(Claim(f"{label}.g{i}", given([(f, ()) for _, f in under], said), place, reading.score))
    return out


def suppose(
    session: Session, statements: Iterable[str | Statement | Claim], tell: Callable[[str, str], object]
) -> None:
    """Take in statements that may be logic or claims, under labels of their own; English goes to `tell`."""
    # counted as sentences are, so that English told next gets labels of its own
    numbers = (session.numbered(WHAT_IF) for _ in count())
    free = (label for n in numbers if (label := f"{WHAT_IF}:{n}") not in session.claims)
    for s in statements:
        if isinstance(s, Claim):
            session.add([s])
        elif not isinstance(s, str):
            session.add([axiom(next(free), s, WHAT_IF)])
        elif (theory := as_theory(s, session.claims.keys())) is not None:
            named = {c.label: next(free) for c in theory.claims}
            claims = tuple(replace(c, label=named[c.label]) for c in theory.claims)
            prefer = tuple((named.get(a, a), named.get(b, b)) for a, b in theory.prefer)
            session.add_theory(replace(theory, claims=claims, prefer=prefer), WHAT_IF)
        else:
            tell(s, WHAT_IF)


def question_of(
    session: Session, parser: Callable[[], TextParser], question: str | Formula, min_score: float
) -> Question | Unread:
    """A question in English or logic as a goal in the theory's names.  Raises InputError for several.

    `parser` is called for English only.
    """
    if not isinstance(question, str):
        return Question(show(question), _asked(question), free_vars(question))
    if (logic := as_logic(question)) is not None:
        return Question(question, _asked(logic), free_vars(logic))
    parsed = parser().read(question, "question")
    if len(parsed) != 1:
        raise InputError(f"expected one question, found {len(parsed)} sentences", document="question")
    best = best_reading(parser(), parsed[0], min_score)
    if best is None or best.score < min_score:
        return as_unread(parsed[0], best, min_score)
    if best.act == "command":
        return place(parsed[0], "a command, not a question: give it to `plan` as a goal")
    if why := no_question(question, best):
        return place(parsed[0], why)
    from neurosym.parser.reference import Context, resolve

    told_last = next(reversed(session.contexts.values()), Context())
    (resolved,), _ = resolve([replace(parsed[0], readings=(best,))], told_last)
    best = resolved.readings[0]
    if best.anaphors:
        return place(parsed[0], resolved.reason)
    # the question is about the antecedent: that it is, is a part of how surely it was understood
    best = replace(best, score=best.score * prod(r.score for r in best.resolutions))
    from neurosym.parser.discourse import align, mentions

    # asking changes nothing that was told: the question is spelt as the text is, not the other way round
    told = session.seen
    seen = mentions(question) if told is None else told | mentions(question)
    goal = align(session.link(best.formula, seen), [c.formula for c in session.theory.claims])
    return Question(question, goal, best.variables, best.count, best.score)


def numbered(
    n: int, question: str | Formula, read: Callable[[str | Formula], Question | Unread]
) -> Question | Unread:
    """The question as `read` reads it; an InputError says which of several it is."""
    try:
        return read(question)
    except InputError as e:
        place = f"question {n}" if e.document in ("", "question") else e.document
        raise type(e)(
            e.message, document=place, line=e.line, column=e.column, text=e.text, hint=e.hint
        ) from e


def _asked(goal: Formula) -> Formula:
    """The goal, where it can be asked: what holds of claims holds of questions.  Raises InputError."""
    if (t := misplaced(goal)) is not None:
        raise InputError(
            f"{show_term(t)} is arithmetic and stands in an argument",
            document="question",
            hint="name the value: exists ?y. ?y = ?x + 1 and p(?y)",
        )
    return goal


def best_reading(
    parser: TextParser, parsed: Parsed, min_score: float, partly: bool = False
) -> Reading | None:
    """The best reading.  One that scores low is read again with its rivals: those that differ
    from it in the spelling of a name only speak for it.  partly: where none is believed, may what all of
    them say be it?"""
    if not parsed.readings or parsed.readings[0].score >= min_score:
        return parsed.readings[0] if parsed.readings else None
    from neurosym.parser.partly import in_common, moved

    again = parser.read(parsed.span.text, parsed.span.document, N_BEST)
    rivals = tuple(moved(r, parsed.span.start) for r in again[0].readings) if len(again) == 1 else ()
    best = max((*parsed.readings, *rivals), key=lambda r: r.score)
    if partly and best.score < min_score:
        return in_common(replace(parsed, readings=rivals), min_score) or best
    return best


def as_theory(text: str, told: Container[str] = ()) -> Theory | None:
    """Statements of logic, with or without a full stop; None where the text is English.

    Raises SyntaxProblem for what looks like logic and is not, TheoryError for a free variable.
    """
    try:
        return read_theory(text if text.rstrip().endswith(".") else f"{text}.", WHAT_IF, told)
    except SyntaxProblem as problem:
        try:
            english = as_logic(text.strip().removesuffix(".")) is None
        except SyntaxProblem:
            english = False
        if english and not DIRECTIVE.match(text):
            return None
        raise problem


def axiom(label: str, formula: Statement, document: str = "program") -> Claim:
    """A claim given by program."""
    return Claim(label, formula, Axiom(document, 0, show(formula)))
