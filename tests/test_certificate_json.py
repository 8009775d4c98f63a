"""Certificates to JSON and back; whatever else is in the JSON is refused with its place."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from typing import Any

import pytest
from certificates import EXAMPLES, Example
from hypothesis import given
from hypothesis import strategies as st
from strategies import formulas, names, numbers
from test_mutations import nodes, put

from neurosym.certificate import from_json, read_certificate, to_json
from neurosym.errors import NeurosymError, SyntaxProblem
from neurosym.kernel import check
from neurosym.logic import (
    Atom,
    Const,
    Equal,
    Fn,
    Forall,
    Formula,
    Less,
    Literal,
    Naf,
    Not,
    Num,
    Term,
    Var,
    free_vars,
)
from neurosym.proof import (
    Apply,
    By,
    Certificate,
    Compute,
    Congruent,
    Conjunction,
    Contradiction,
    Derivation,
    Disjunction,
    Evidence,
    Farkas,
    FiniteModel,
    Given,
    Independence,
    InModel,
    Instance,
    Lemma,
    Mixed,
    Model,
    NotDerivable,
    Outcome,
    PerfectModel,
    Refutation,
    Split,
    Stage,
    Step,
    Support,
    Trichotomy,
    WellFoundedModel,
    Whole,
    Witness,
)
from neurosym.syntax import read_formula

# --- any certificate, valid or not -----------------------------------------------------

_leaf: st.SearchStrategy[Term] = st.one_of(st.builds(Const, names), st.builds(Num, numbers))
_term = st.one_of(_leaf, st.builds(Fn, names, st.lists(_leaf, min_size=1, max_size=2).map(tuple)))
_binding = st.lists(st.tuples(st.builds(Var, names), _term), max_size=2).map(tuple)
_atom = st.builds(Atom, names, st.lists(_term, max_size=2).map(tuple))
_index = st.integers(-2, 99)


def _closed(f: Formula) -> Formula:
    return Forall(free_vars(f), f) if free_vars(f) else f


_goal = formulas.map(_closed)
_by: st.SearchStrategy[By] = st.one_of(
    st.builds(Given, names),
    st.builds(Apply, names, _index, _binding),
    st.builds(Witness, _binding),
    st.sampled_from([Compute(), Conjunction(), Disjunction(), Contradiction(), InModel()]),
)
_step = st.builds(Step, st.one_of(_goal, st.builds(Naf, _atom)), _by, st.lists(_index, max_size=2).map(tuple))
_support = st.builds(Support, st.one_of(_atom, st.builds(Not, _atom)), names, _index, _binding)
_perfect = st.builds(
    PerfectModel,
    st.lists(_support, max_size=2).map(tuple),
    st.lists(st.tuples(names, _index), max_size=2).map(tuple),
)
_row = st.lists(st.integers(0, 3), max_size=2).map(tuple)


def _some(row: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(row, max_size=2).map(tuple)


_model = st.builds(
    FiniteModel,
    _index,
    _some(st.tuples(names, _index)),
    _some(st.tuples(names, _row, _index)),
    _some(st.tuples(names, _index, _some(_row))),
    _some(st.tuples(numbers, _index)),
)
_stage = st.builds(Stage, _some(st.one_of(_atom, st.builds(Not, _atom))), _some(_support))
_rule_model: st.SearchStrategy[Model] = st.one_of(
    _perfect, st.builds(WellFoundedModel, _some(_stage), _some(_support))
)
_positive: st.SearchStrategy[Literal] = st.one_of(
    _atom, st.builds(Equal, _term, _term), st.builds(Less, _term, _term, st.booleans())
)
_literal: st.SearchStrategy[Literal] = st.one_of(_positive, st.builds(Not, _positive))
_sum = st.builds(lambda op, a, b: Fn(op, (a, b)), st.sampled_from("+-*"), _term, _term)
_lemma: st.SearchStrategy[Lemma] = st.one_of(
    st.builds(Farkas, _some(st.tuples(_literal, numbers))),
    st.builds(Split, st.one_of(_term, _sum), _index),
    st.builds(Trichotomy, _term, st.one_of(_term, _sum)),
    st.builds(Whole, numbers),
    st.builds(Congruent, _some(_literal)),
)
_derivation = st.builds(Derivation, _some(_step), st.one_of(st.none(), _rule_model))
_refutation = st.builds(
    Refutation, _some(st.builds(Instance, names, _index, _binding)), _some(_lemma), _some(_some(_literal))
)
_independence = st.builds(Independence, _model, _model)
_evidence: st.SearchStrategy[Evidence] = st.one_of(
    _derivation,
    _refutation,
    _independence,
    st.builds(NotDerivable, _rule_model),
    st.builds(Mixed, _rule_model, st.one_of(_derivation, _refutation, _independence)),
)


@given(_goal, st.builds(Certificate, st.sampled_from(list(Outcome)), _evidence))
def test_certificates_come_back(goal: Formula, certificate: Certificate) -> None:
    assert read_certificate(json.dumps(to_json(goal, certificate))) == (goal, certificate)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.name)
def test_examples_come_back_and_hold(example: Example) -> None:
    goal = read_formula(example.goal)
    text = json.dumps(to_json(goal, example.certificate))
    assert read_certificate(text) == (goal, example.certificate)
    assert check(example.theory, *read_certificate(text)).hypotheses == example.hypotheses


# --- what is refused -------------------------------------------------------------------

_JUNK: list[Any] = [
    None, True, -1, 1.5, 10**30, "", "p(", "p(?x)", "naf p or q", "1e9", "1/0", "9" * 5000, [], [[]], [1],
    {}, {"a": 1},
]  # fmt: skip


def test_junk_is_refused_by_errors_of_ours() -> None:
    """Junk in any place: a SyntaxProblem where it is read, or a CheckError where it is checked."""
    rng = random.Random(7)
    refused = 0
    for e in EXAMPLES:
        original = to_json(read_formula(e.goal), e.certificate)
        places = [p for p, _ in nodes(original) if p]
        for path in rng.sample(places, min(60, len(places))):
            data = copy.deepcopy(original)
            put(data, path, rng.choice(_JUNK))
            with suppress(NeurosymError):
                check(e.theory, *from_json(data))
                continue
            refused += 1
    assert refused > 1500


def _without(key: str) -> dict[str, Any]:
    data = to_json(read_formula("p"), EXAMPLES[1].certificate)
    del data[key]
    return data


def _with(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    data = to_json(read_formula("p"), EXAMPLES[1].certificate)
    put(data, path, value)
    return data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_without("goal"), "at the top: expected an object with 'goal'"),
        (_without("evidence"), "at the top: expected an object with 'evidence'"),
        ([], "at the top: expected an object with 'format'"),
        (_with(("format",), "other"), "at format: expected 'neurosym-certificate'"),
        (_with(("version",), 3), "at version: this program reads versions 1 to 2"),
        (_with(("version",), True), "at version: expected an integer"),
        (_with(("outcome",), "true"), "at outcome: expected one of disproved, inconsistent, proved, unknown"),
        (_with(("outcome",), ["proved"]), "at outcome: expected one of"),
        (_with(("goal",), "p and"), "at goal: expected a formula, found the end of the text in 'p and'"),
        (_with(("goal",), "p(?x)"), "at goal: variable 'x' is free"),
        (_with(("evidence", "kind"), "oracle"), "at evidence.kind: unknown kind of evidence 'oracle'"),
        (_with(("evidence", "steps"), {}), "at evidence.steps: expected a list"),
        (_with(("evidence", "steps", 2, "by"), "magic"), r"at evidence.steps\[2\].by: expected one of"),
        (_with(("evidence", "steps", 2, "premises", 0), "1"), r"premises\[0\]: expected an integer"),
        (_with(("evidence", "steps", 2, "binding", 0), ["x"]), r"binding\[0\]: expected a list of 2"),
        (_with(("evidence", "steps", 2, "binding", 0, 1), "p("), r"binding\[0\]\[1\]: expected a term"),
        (_with(("evidence", "steps", 0, "conclusion"), "naf (p or q)"), "'naf' stands before an atom"),
    ],
)  # fmt: skip
def test_an_error_names_its_place(data: Any, said: str) -> None:
    with pytest.raises(SyntaxProblem, match=said):
        from_json(data)


def test_broken_json_has_line_and_column() -> None:
    with pytest.raises(SyntaxProblem, match="not JSON") as caught:
        read_certificate('{"format":\n  oops}', "c.json")
    assert (caught.value.document, caught.value.line, caught.value.column) == ("c.json", 2, 3)
    with pytest.raises(SyntaxProblem):
        read_certificate("[" * 100_000)


def test_numerals_of_a_model_are_plain() -> None:
    """An exponent would make a number of a billion digits from ten characters."""
    example = next(e for e in EXAMPLES if e.name == "independence-functions")
    for numeral in ("1e5", "1e999999", "nan", "inf", "1_0", " 1", "9" * 2000):
        data = to_json(read_formula("p"), example.certificate)
        put(data, ("evidence", "holds", "numbers", 0, 0), numeral)
        with pytest.raises(SyntaxProblem, match="a numeral such as"):
            from_json(data)
