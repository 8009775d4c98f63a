"""Certificates to and from JSON, version 2 (docs/certificates.md); version 1 is read too.

Untrusted glue: whatever is read here is only a candidate that the kernel checks.  Formulas
and terms stand as text of `syntax`; a binding is a list of [variable, term].
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn, TypeAlias, assert_never

from neurosym.errors import InputError, SyntaxProblem
from neurosym.logic import (
    Atom,
    Clause,
    Formula,
    Literal,
    Naf,
    Not,
    Term,
    Var,
    is_literal,
    is_signed_atom,
)
from neurosym.proof import (
    Apply,
    Binding,
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
    WholeSum,
    Witness,
)  # fmt: skip
from neurosym.syntax import read_formula, read_term, show, show_term

VERSION = 2
FORMAT = "neurosym-certificate"
# plain digits: "1e999999999" would be a number of a billion digits
_NUMERAL = re.compile(r"-?[0-9]{1,1000}(/[0-9]{1,1000})?")
Json: TypeAlias = Any  # the values of the json module have no better type

_PLAIN_STEPS: dict[str, By] = {
    "compute": Compute(),
    "conjunction": Conjunction(),
    "disjunction": Disjunction(),
    "contradiction": Contradiction(),
    "in-model": InModel(),
}
_STEP_NAME = {type(by): name for name, by in _PLAIN_STEPS.items()}


def to_json(goal: Formula, certificate: Certificate) -> dict[str, Json]:
    """A JSON object with `format`, `version`, `goal`, `outcome` and `evidence`."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "goal": show(goal),
        "outcome": certificate.outcome.value,
        "evidence": _evidence(certificate.evidence),
    }


def _evidence(e: Evidence) -> dict[str, Json]:
    match e:
        case Derivation(steps, model):
            out: dict[str, Json] = {"kind": "derivation", "steps": [_step(s) for s in steps]}
            return out if model is None else {**out, "model": _rule_model(model)}
        case Refutation(instances, lemmas, proof):
            rows = [{"label": i.label, "clause": i.index, "binding": _binding(i.binding)} for i in instances]
            more = {"lemmas": [_lemma(x) for x in lemmas]} if lemmas else {}
            return {"kind": "refutation", "instances": rows, **more, **(_proof(proof) if proof else {})}
        case Independence(holds, fails):
            return {"kind": "independence", "holds": _model(holds), "fails": _model(fails)}
        case NotDerivable(model):
            return {"kind": "not-derivable", "model": _rule_model(model)}
        case Mixed(model, inner):
            return {"kind": "mixed", "model": _rule_model(model), "inner": _evidence(inner)}
        case _:
            assert_never(e)


def _step(s: Step) -> dict[str, Json]:
    out: dict[str, Json] = {"conclusion": show(s.conclusion)}
    match s.by:
        case Given(label):
            out |= {"by": "given", "label": label}
        case Apply(label, index, binding):
            out |= {"by": "apply", "label": label, "rule": index, "binding": _binding(binding)}
        case Witness(binding):
            out |= {"by": "witness", "binding": _binding(binding)}
        case _:
            out |= {"by": _STEP_NAME[type(s.by)]}
    return out | {"premises": list(s.premises)}


def _binding(binding: Binding) -> list[list[str]]:
    return [[v.name, show_term(t)] for v, t in binding]


def _lemma(x: Lemma) -> dict[str, Json]:
    match x:
        case Farkas(parts):
            return {"lemma": "farkas", "parts": [[show(f), str(k)] for f, k in parts]}
        case Split(term, bound):
            return {"lemma": "split", "term": show_term(term), "bound": bound}
        case Trichotomy(left, right):
            return {"lemma": "trichotomy", "left": show_term(left), "right": show_term(right)}
        case Whole(value):
            return {"lemma": "whole", "value": str(value)}
        case WholeSum(term):
            return {"lemma": "whole-sum", "term": show_term(term)}
        case Congruent(clause):
            return {"lemma": "congruent", "clause": [show(f) for f in clause]}
        case _:
            assert_never(x)


def _proof(proof: Sequence[Clause]) -> dict[str, Json]:
    """Clauses as numbers: n is atom number n of the list, counting from 1, and -n its negation."""
    numbers: dict[Formula, int] = {}
    rows = [
        [-numbers.setdefault(f.body, len(numbers) + 1) if isinstance(f, Not) else
         numbers.setdefault(f, len(numbers) + 1) for f in clause]
        for clause in proof
    ]  # fmt: skip
    return {"atoms": [show(f) for f in numbers], "proof": rows}


def _rule_model(m: Model) -> dict[str, Json]:
    match m:
        case PerfectModel(supports, strata):
            return {"supports": _supports(supports), "strata": [list(row) for row in strata]}
        case WellFoundedModel(stages, reasons):
            rows = [
                {"possible": [show(f) for f in s.possible], "supports": _supports(s.supports)} for s in stages
            ]
            return {"stages": rows, "reasons": _supports(reasons)}
        case _:
            assert_never(m)


def _supports(supports: Sequence[Support]) -> list[Json]:
    return [
        {"literal": show(s.literal), "label": s.label, "rule": s.index, "binding": _binding(s.binding)}
        for s in supports
    ]


def _model(m: FiniteModel) -> dict[str, Json]:
    return {
        "size": m.size,
        "constants": [list(row) for row in m.constants],
        "functions": [[name, list(args), value] for name, args, value in m.functions],
        "predicates": [[name, arity, [list(r) for r in rows]] for name, arity, rows in m.predicates],
        "numbers": [[str(n), e] for n, e in m.numbers],
    }


# --- reading -------------------------------------------------------------------------


def read_certificate(text: str, document: str = "certificate") -> tuple[Formula, Certificate]:
    """The goal and the certificate in `text`.  Raises SyntaxProblem that names the place in the JSON."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as e:
        line, column = getattr(e, "lineno", 1), getattr(e, "colno", 1)
        raise SyntaxProblem(
            f"not JSON: {getattr(e, 'msg', e)}", document=document, line=line, column=column,
            hint="a certificate is what `neurosym ask --json` prints under \"certificate\"",
        ) from e  # fmt: skip
    return from_json(data, document)


def from_json(data: Json, document: str = "certificate") -> tuple[Formula, Certificate]:
    """As `read_certificate`, from decoded JSON."""
    node = _Node(data, "", document)
    if node["format"].text() != FORMAT:
        node["format"].fail(f"expected {FORMAT!r}")
    if not 1 <= node["version"].number() <= VERSION:
        node["version"].fail(f"this program reads versions 1 to {VERSION}")
    outcome = node["outcome"].one_of({o.value: o for o in Outcome})
    return node["goal"].formula(), Certificate(outcome, _read_evidence(node["evidence"]))


class _Node:
    """A JSON value with its path, so that every error points."""

    def __init__(self, value: Json, path: str, document: str) -> None:
        self.value, self.path, self.document = value, path, document

    def fail(self, message: str) -> NoReturn:
        raise SyntaxProblem(f"at {self.path or 'the top'}: {message}", document=self.document)

    def __getitem__(self, key: str) -> _Node:
        if not isinstance(self.value, dict) or key not in self.value:
            self.fail(f"expected an object with {key!r}")
        return _Node(self.value[key], f"{self.path}.{key}" if self.path else key, self.document)

    def has(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def items(self, size: int | None = None) -> list[_Node]:
        if not isinstance(self.value, list) or (size is not None and len(self.value) != size):
            self.fail("expected a list" + (f" of {size}" if size is not None else ""))
        return [_Node(v, f"{self.path}[{i}]", self.document) for i, v in enumerate(self.value)]

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.fail("expected text")
        return str(self.value)

    def number(self) -> int:
        if type(self.value) is not int:
            self.fail("expected an integer")
        return int(self.value)

    def one_of(self, table: Mapping[str, Any]) -> Any:
        if self.value not in list(table):
            self.fail(f"expected one of {', '.join(sorted(table))}")
        return table[self.value]

    def _read(self, read: Callable[[str], Any]) -> Any:
        try:
            return read(self.text())
        except InputError as e:
            self.fail(f"{e.message} in {self.text()[:80]!r}")

    def formula(self) -> Formula:
        f: Formula = self._read(read_formula)
        return f

    def term(self) -> Term:
        t: Term = self._read(read_term)
        return t

    def literal(self) -> Literal:
        f = self.formula()
        if not is_literal(f):
            self.fail("expected a literal")
        return f

    def signed_atom(self) -> Atom | Not:
        f = self.formula()
        if not (isinstance(f, Atom | Not) and is_signed_atom(f)):
            self.fail("expected an atom or a negated atom")
        return f

    def fraction(self) -> Fraction:
        if not _NUMERAL.fullmatch(self.text()):
            self.fail("expected a numeral such as 3 or 2/3")
        try:
            return Fraction(self.text())
        except ZeroDivisionError:
            self.fail("division by zero")

    def conclusion(self) -> Formula | Naf:
        if self.text().startswith("naf "):
            atom = _Node(self.text()[4:], self.path, self.document).formula()
            if not isinstance(atom, Atom):
                self.fail("'naf' stands before an atom")
            return Naf(atom)
        return self.formula()

    def binding(self) -> Binding:
        pairs = [row.items(2) for row in self.items()]
        return tuple((Var(v.text()), t._read(read_term)) for v, t in pairs)


def _read_evidence(n: _Node) -> Evidence:
    match n["kind"].text():
        case "derivation":
            model = _read_rule_model(n["model"]) if n.has("model") else None
            return Derivation(tuple(_read_step(s) for s in n["steps"].items()), model)
        case "refutation":
            rows = n["instances"].items()
            return Refutation(
                tuple(
                    Instance(r["label"].text(), r["clause"].number(), r["binding"].binding()) for r in rows
                ),
                tuple(_read_lemma(x) for x in n["lemmas"].items()) if n.has("lemmas") else (),
                _read_proof(n) if n.has("proof") else (),
            )
        case "independence":
            return Independence(_read_model(n["holds"]), _read_model(n["fails"]))
        case "not-derivable":
            return NotDerivable(_read_rule_model(n["model"]))
        case "mixed":
            inner = _read_evidence(n["inner"])
            if not isinstance(inner, Derivation | Refutation | Independence):
                n["inner"].fail("expected a derivation, a refutation or two models")
            return Mixed(_read_rule_model(n["model"]), inner)
        case other:
            n["kind"].fail(f"unknown kind of evidence {other!r}")


def _read_step(n: _Node) -> Step:
    by: By
    match n["by"].text():
        case "given":
            by = Given(n["label"].text())
        case "apply":
            by = Apply(n["label"].text(), n["rule"].number(), n["binding"].binding())
        case "witness":
            by = Witness(n["binding"].binding())
        case _:
            by = n["by"].one_of(_PLAIN_STEPS)
    return Step(n["conclusion"].conclusion(), by, tuple(p.number() for p in n["premises"].items()))


def _read_lemma(n: _Node) -> Lemma:
    match n["lemma"].text():
        case "farkas":
            parts = [row.items(2) for row in n["parts"].items()]
            return Farkas(tuple((f.literal(), k.fraction()) for f, k in parts))
        case "split":
            return Split(n["term"].term(), n["bound"].number())
        case "trichotomy":
            return Trichotomy(n["left"].term(), n["right"].term())
        case "whole":
            return Whole(n["value"].fraction())
        case "whole-sum":
            return WholeSum(n["term"].term())
        case "congruent":
            return Congruent(tuple(f.literal() for f in n["clause"].items()))
        case other:
            n["lemma"].fail(f"unknown lemma {other!r}")


def _read_proof(n: _Node) -> tuple[Clause, ...]:
    atoms = [f.literal() for f in n["atoms"].items()]
    if any(isinstance(f, Not) for f in atoms):
        n["atoms"].fail("expected atoms without negation")
    proof: list[Clause] = []
    for row in n["proof"].items():
        numbers = [x.number() for x in row.items()]
        if any(not 1 <= abs(x) <= len(atoms) for x in numbers):
            row.fail(f"expected numbers of atoms, 1 to {len(atoms)}, or their negatives")
        proof.append(tuple(_signed(atoms[abs(x) - 1], x > 0) for x in numbers))
    return tuple(proof)


def _signed(f: Literal, sign: bool) -> Literal:
    return f if sign or isinstance(f, Not) else Not(f)


def _read_rule_model(n: _Node) -> Model:
    if n.has("stages"):
        stages = tuple(
            Stage(tuple(f.signed_atom() for f in row["possible"].items()), _read_supports(row["supports"]))
            for row in n["stages"].items()
        )
        return WellFoundedModel(stages, _read_supports(n["reasons"]))
    strata = [row.items(2) for row in n["strata"].items()]
    return PerfectModel(
        _read_supports(n["supports"]), tuple((name.text(), level.number()) for name, level in strata)
    )


def _read_supports(n: _Node) -> tuple[Support, ...]:
    return tuple(
        Support(
            row["literal"].signed_atom(), row["label"].text(), row["rule"].number(), row["binding"].binding()
        )
        for row in n.items()
    )


def _read_model(n: _Node) -> FiniteModel:
    def numbers(nodes: Sequence[_Node]) -> tuple[int, ...]:
        return tuple(x.number() for x in nodes)

    constants = [row.items(2) for row in n["constants"].items()]
    functions = [row.items(3) for row in n["functions"].items()]
    predicates = [row.items(3) for row in n["predicates"].items()]
    numerals = [row.items(2) for row in n["numbers"].items()]
    named = tuple((v.fraction(), e.number()) for v, e in numerals)
    return FiniteModel(
        n["size"].number(),
        tuple((c.text(), e.number()) for c, e in constants),
        tuple((f.text(), numbers(args.items()), v.number()) for f, args, v in functions),
        tuple(
            (p.text(), a.number(), tuple(numbers(r.items()) for r in rows.items()))
            for p, a, rows in predicates
        ),
        named,
    )
