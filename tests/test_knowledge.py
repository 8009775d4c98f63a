"""Graphs to claims and back: every construct, every format, every way to go wrong."""

from __future__ import annotations

import gzip
import random
import socket
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neurosym.errors import KnowledgeError
from neurosym.knowledge import (
    Blank,
    Derived,
    Graph,
    Iri,
    Kind,
    KnowledgeBase,
    Literal,
    as_networkx,
    claims_of,
    edges,
    export,
    link,
    link_compounds,
    link_report,
    parse_graph,
    read_graph,
    read_node,
    show_node,
    show_triple,
    triples_of,
    write_derived,
    write_graph,
)
from neurosym.knowledge.blanks import name_blanks
from neurosym.knowledge.rdf import TYPE, XSD, read_ntriples
from neurosym.logic import (
    Atom,
    Const,
    Equal,
    Less,
    Not,
    Num,
    Rule,
    Term,
    Var,
    free_vars,
    literal_terms,
    rules_of,
    substitute_atom,
    substitute_term,
)  # fmt: skip
from neurosym.logic.semantics import match_terms, truth
from neurosym.syntax import read_formula, show
from neurosym.theory import Axiom, Claim, Theory, Triple

ROOT = Path(__file__).resolve().parent.parent
HEAD = """@prefix : <http://example.org/a#> .
@prefix b: <http://example.org/b#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def kb(turtle: str) -> KnowledgeBase:
    return claims_of(parse_graph((HEAD + turtle).encode(), "t.ttl", ".ttl"))


def shown(base: KnowledgeBase) -> set[str]:
    return {show(c.formula) for c in base.claims}


def formula(text: str) -> str:
    return show(read_formula(text))


# --- facts and names -------------------------------------------------------------------


def test_facts_names_and_sources() -> None:
    base = kb(":Tom a :BaldEagle ; :hasOwner :AdaLovelace ; :worksFor :printer-7 .")
    assert shown(base) == {
        "bald_eagle(Tom)",
        "has_owner(Tom, Ada_Lovelace)",
        "works_for(Tom, printer_7)",
    }
    claim = next(c for c in base.claims if c.label == "kg:Tom_type_bald_eagle")
    a = "<http://example.org/a#"
    assert claim.source == Triple("t.ttl", f"{a}Tom>", show_node(TYPE), f"{a}BaldEagle>")
    assert claim.score == 1.0
    Theory(base.claims)  # labels are distinct and no symbol is reserved


@pytest.mark.parametrize(
    ("iri", "kind", "name"),
    [
        ("grey-heron", "c", "grey_heron"),
        ("HTTPServer", "c", "http_server"),
        ("Ada_Lovelace", "i", "Ada_Lovelace"),
        ("printer7", "i", "printer_7"),
        ("H2O", "i", "H2O"),
        ("NASA", "i", "NASA"),
        ("%C3%89mile", "i", "Émile"),
    ],
)
def test_names(iri: str, kind: str, name: str) -> None:
    full = f"<http://example.org/a#{iri}>"
    base = kb(f":x a {full} ." if kind == "c" else f"{full} a :Thing .")
    assert base.vocabulary.entry(Kind.CLASS if kind == "c" else Kind.INDIVIDUAL, name)


def test_labels_name_codes_and_split_words() -> None:
    base = kb(
        ':Q42 a :C0012 ; rdfs:label "Douglas Adams"@en , "Douglas Adams (auteur)"@fr .'
        ':C0012 rdfs:label "writer" .'
        ':McDonald a :C0012 ; rdfs:label "McDonald" .'
    )
    assert shown(base) == {"writer(Douglas_Adams)", "writer(McDonald)"}


def test_two_things_with_one_name_are_kept_apart() -> None:
    base = kb(":Tom a :Cat . b:Tom a b:Cat . <http://other.org/Tom> a :Cat .")
    assert shown(base) == {"cat(Tom)", "cat_b(Tom_b)", "cat(Tom_other)"}
    assert base.vocabulary.symbol(Kind.INDIVIDUAL, Iri("http://example.org/b#Tom")) == "Tom_b"
    entry = base.vocabulary.entry(Kind.CLASS, "cat_b")
    assert entry is not None
    assert entry.node == Iri("http://example.org/b#Cat")
    assert len(triples_of(base.claims, base.vocabulary)) == 3


def test_literals() -> None:
    base = kb(
        ':Tom :age 7 ; :weight 4.50 ; :ratio "1e-1"^^xsd:double ; :fat true ; :name "Tom" , "Tom"@de ;'
        ' :born "2020-01-31"^^xsd:date ; :year "2020"^^xsd:gYear , "2020" ; :odd "x7"^^xsd:integer .'
    )
    values = {c.formula.args[1] for c in base.claims if isinstance(c.formula, Atom)}
    assert values == {
        Num(Fraction(7)), Num(Fraction(9, 2)), Num(Fraction(1, 10)), Const('"true"'), Const('"Tom"'),
        Const('"Tom"@de'), Const('"2020-01-31"'), Const('"2020"'), Const('"2020"^^gYear'),
    }  # fmt: skip
    assert base.vocabulary.literal_of(Const('"2020-01-31"')) == Literal("2020-01-31", XSD + "date")
    (ignored,) = base.ignored
    assert '"x7" is not a finite xsd:integer' in ignored.reason


def test_same_and_different() -> None:
    base = kb(
        ":Tom owl:sameAs :Tommy ; owl:differentFrom :Rex ."
        "[] a owl:AllDifferent ; owl:distinctMembers ( :Ann :Bob :Cid ) ."
    )
    different = {("Tom", "Rex"), ("Ann", "Bob"), ("Ann", "Cid"), ("Bob", "Cid")}
    assert {c.formula for c in base.claims} == {
        Equal(Const("Tom"), Const("Tommy")),
        *(Not(Equal(Const(a), Const(b))) for a, b in different),
    }
    assert not base.ignored


# --- axioms ----------------------------------------------------------------------------

AXIOMS = [
    (":Cat rdfs:subClassOf :Animal", ["forall ?x. cat(?x) -> animal(?x)"]),
    (
        ":Cat rdfs:subClassOf [ owl:intersectionOf ( :Animal [ owl:complementOf :Dog ] ) ]",
        ["forall ?x. cat(?x) -> animal(?x)", "forall ?x. cat(?x) -> not dog(?x)"],
    ),
    (
        "[ owl:unionOf ( :Cat :Dog ) ] rdfs:subClassOf :Pet",
        ["forall ?x. cat(?x) -> pet(?x)", "forall ?x. dog(?x) -> pet(?x)"],
    ),
    (
        "[ a owl:Restriction ; owl:onProperty :has ; owl:someValuesFrom :Pet ] rdfs:subClassOf :Keeper",
        ["forall ?x ?y. has(?x, ?y) and pet(?y) -> keeper(?x)"],
    ),
    (
        ":Keeper rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :has ; owl:someValuesFrom :Pet ]",
        ["forall ?x. keeper(?x) -> exists ?y. has(?x, ?y) and pet(?y)"],
    ),
    (
        ":Keeper rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :has ; owl:allValuesFrom :Pet ]",
        ["forall ?x ?y. keeper(?x) and has(?x, ?y) -> pet(?y)"],
    ),
    (
        "[ a owl:Restriction ; owl:onProperty :has ; owl:hasValue :Tom ] owl:equivalentClass :TomKeeper",
        ["forall ?x. has(?x, Tom) -> tom_keeper(?x)", "forall ?x. tom_keeper(?x) -> has(?x, Tom)"],
    ),
    ("[ owl:oneOf ( :Tom :Rex ) ] rdfs:subClassOf :Pet", ["pet(Tom)", "pet(Rex)"]),
    (
        ":Narcissist rdfs:subClassOf [ owl:onProperty :loves ; owl:hasSelf true ]",
        ["forall ?x. narcissist(?x) -> loves(?x, ?x)"],
    ),
    (
        ":Single rdfs:subClassOf [ owl:onProperty :has ; owl:maxCardinality 1 ]",
        ["forall ?x ?y ?z. single(?x) and has(?x, ?y) and has(?x, ?z) -> ?y = ?z"],
    ),
    (
        ":Childless rdfs:subClassOf [ owl:onProperty :has ; owl:maxQualifiedCardinality 0 ;"
        " owl:onClass :Child ]",
        ["forall ?x ?y. childless(?x) and has(?x, ?y) -> not child(?y)"],
    ),
    (
        ":Rich rdfs:subClassOf [ owl:onProperty :has ; owl:minQualifiedCardinality 2 ; owl:onClass :House ]",
        [
            "forall ?x. rich(?x) -> exists ?y ?z."
            " has(?x, ?y) and has(?x, ?z) and house(?y) and house(?z) and ?y != ?z"
        ],
    ),
    (":Cat owl:equivalentClass :Feline", ["forall ?x. cat(?x) <-> feline(?x)"]),
    (":Cat owl:disjointWith :Dog", ["forall ?x. cat(?x) -> not dog(?x)"]),
    (":Unicorn rdfs:subClassOf owl:Nothing", ["forall ?x. not unicorn(?x)"]),
    (
        "[] a owl:AllDisjointClasses ; owl:members ( :A :B :C )",
        [f"forall ?x. {a}(?x) -> not {b}(?x)" for a, b in ("ab", "ac", "bc")],
    ),
    (
        ":Parent owl:disjointUnionOf ( :Mother :Father )",
        [
            "forall ?x. mother(?x) -> parent(?x)", "forall ?x. father(?x) -> parent(?x)",
            "forall ?x. parent(?x) -> mother(?x) or father(?x)", "forall ?x. mother(?x) -> not father(?x)",
        ],
    ),
    (":owns rdfs:subPropertyOf :has", ["forall ?x ?y. owns(?x, ?y) -> has(?x, ?y)"]),
    (":owns owl:equivalentProperty :has", ["forall ?x ?y. owns(?x, ?y) <-> has(?x, ?y)"]),
    (":owns rdfs:domain :Person ; rdfs:range :Pet", [
        "forall ?x ?y. owns(?x, ?y) -> person(?x)", "forall ?x ?y. owns(?x, ?y) -> pet(?y)",
    ]),
    (":owns owl:inverseOf :ownedBy", ["forall ?x ?y. owns(?x, ?y) <-> owned_by(?y, ?x)"]),
    (":near a owl:SymmetricProperty", ["forall ?x ?y. near(?x, ?y) -> near(?y, ?x)"]),
    (":near a owl:TransitiveProperty", ["forall ?x ?y ?z. near(?x, ?y) and near(?y, ?z) -> near(?x, ?z)"]),
    (":p a owl:FunctionalProperty", ["forall ?x ?y ?z. p(?x, ?y) and p(?x, ?z) -> ?y = ?z"]),
    (":p a owl:InverseFunctionalProperty", ["forall ?x ?z ?y. p(?x, ?z) and p(?y, ?z) -> ?x = ?y"]),
    (":p a owl:IrreflexiveProperty", ["forall ?x. not p(?x, ?x)"]),
    (":p a owl:ReflexiveProperty", ["forall ?x. p(?x, ?x)"]),
    (":p a owl:AsymmetricProperty", ["forall ?x ?y. p(?x, ?y) -> not p(?y, ?x)"]),
    (":p owl:propertyDisjointWith :q", ["forall ?x ?y. p(?x, ?y) -> not q(?x, ?y)"]),
    (
        ":uncle owl:propertyChainAxiom ( :brother [ owl:inverseOf :child ] )",
        ["forall ?x ?y ?z. brother(?x, ?y) and child(?z, ?y) -> uncle(?x, ?z)"],
    ),
    (
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :A ; owl:assertionProperty :p ;"
        " owl:targetIndividual :B",
        ["not p(A, B)"],
    ),
    (
        ":Woman owl:intersectionOf ( :Human :Female )",
        [
            "forall ?x. woman(?x) -> human(?x)", "forall ?x. woman(?x) -> female(?x)",
            "forall ?x. human(?x) and female(?x) -> woman(?x)",
        ],
    ),
    (":Tom a [ owl:onProperty :has ; owl:hasValue :Rex ]", ["has(Tom, Rex)"]),
]  # fmt: skip
NOT_RULES = ("?y = ?z", "?x = ?y", "exists", " or ")


@pytest.mark.parametrize(("turtle", "expected"), AXIOMS, ids=[t for t, _ in AXIOMS])
def test_axiom(turtle: str, expected: list[str]) -> None:
    base = kb(turtle + " .")
    assert shown(base) == {formula(e) for e in expected}
    assert not base.ignored
    for c in base.claims:  # what can be a rule is one
        head = show(c.formula).split("->")[-1]
        assert (rules_of(c.formula) is None) == any(w in head for w in NOT_RULES), show(c.formula)


@pytest.mark.parametrize(
    ("turtle", "reason"),
    [
        (":P owl:hasKey ( :id )", "key"),
        (":P rdfs:subClassOf [ owl:onProperty :has ; owl:minCardinality 9 ]", "cardinality 9"),
        (":age rdfs:range xsd:integer", "datatype integer"),
        (":P rdfs:subClassOf owl:Thing", "says nothing"),
        (":A owl:strangeThing :B", "owl:strangeThing is not understood"),
        (":P rdfs:subClassOf _:c . _:c owl:complementOf _:c", "contains itself"),
        (":P owl:unionOf :A", "expected one rdf:first"),
    ],
)
def test_ignored_with_its_reason(turtle: str, reason: str) -> None:
    base = kb(turtle + " .")
    assert not base.claims
    assert any(reason in i.reason for i in base.ignored)


def test_a_part_that_is_not_understood_does_not_lose_the_rest() -> None:
    base = kb(
        ":P rdfs:subClassOf [ owl:intersectionOf ( :A [ owl:onProperty :has ; owl:minCardinality 9 ] ) ] ."
    )
    assert shown(base) == {formula("forall ?x. p(?x) -> a(?x)")}
    assert any("cardinality 9" in i.reason for i in base.ignored)


@pytest.mark.parametrize("name", ["household", "helpdesk", "kinship"])
def test_our_ontologies_are_wholly_understood(name: str) -> None:
    base = claims_of(read_graph(ROOT / "ontologies" / f"{name}.ttl"))
    assert not base.ignored
    assert not base.notes
    assert len(base.claims) > 100
    Theory(base.claims)
    for c in base.claims:
        assert read_formula(show(c.formula)) == c.formula


@pytest.mark.parametrize("name", ["household", "helpdesk", "kinship"])
def test_our_ontologies_are_consistent(name: str) -> None:
    """The least model of the rules satisfies every other claim too, so there is a model."""
    base = claims_of(read_graph(ROOT / "ontologies" / f"{name}.ttl"))
    rules = [r for c in base.claims for r in rules_of(c.formula) or ()]
    facts: dict[tuple[str, int], set[tuple[Term, ...]]] = {}

    def instances(rule: Rule) -> list[dict[Var, Term]]:
        found: list[dict[Var, Term]] = [{}]
        for b in rule.body:
            assert isinstance(b, Atom)
            rows = facts.get((b.pred, len(b.args)), set())
            found = [e for old in found for row in rows if match_terms(b.args, row, e := dict(old))]
        return found

    size = -1
    while size != (size := sum(map(len, facts.values()))):
        for r in rules:
            if isinstance(r.head, Atom):
                for e in instances(r):
                    h = substitute_atom(r.head, e)
                    facts.setdefault((h.pred, len(h.args)), set()).add(h.args)
    domain = {t for rows in facts.values() for row in rows for t in row}

    def leaf(f: Atom | Equal | Less, e: dict[Var, Term]) -> bool:
        terms = tuple(substitute_term(t, e) for t in literal_terms(f))
        return (
            terms in facts.get((f.pred, len(terms)), set()) if isinstance(f, Atom) else terms[0] == terms[1]
        )

    for r in rules:
        if isinstance(r.head, Not):
            variables = free_vars(r.head)
            for e in instances(r) if r.body else [dict.fromkeys(variables, t) for t in domain]:
                assert not leaf(r.head.body, e), (r, e)  # type: ignore[arg-type]
    for c in base.claims:
        if rules_of(c.formula) is None:
            assert truth(c.formula, {}, domain, leaf, lambda: None), c.label  # type: ignore[arg-type]


def test_every_triple_is_accounted_for() -> None:
    graph = read_graph(ROOT / "ontologies" / "household.ttl")
    base = claims_of(graph)
    said = {f"{c.source.subject} {c.source.predicate} {c.source.object} ." for c in base.claims
            if isinstance(c.source, Triple)}  # fmt: skip
    rest = {show_triple(t) for t in graph.triples} - said - {show_triple(t) for t in base.annotations}
    # what remains is the inside of expressions and lists
    inside = ("first>", "rest>", "onProperty>", "ValuesFrom>", "Of>", "members>", "distinctMembers>", "type>")
    assert all(t.startswith("_:") and t.split()[1].endswith(inside) for t in rest)


# --- there and back --------------------------------------------------------------------

FACTS = """
:Tom a :Cat ; :likes :Rex , b:Tom ; :age 07 ; :weight "4.50"^^xsd:decimal ; :name "To\\"m\\n"@en-GB , "x" ;
  :born "2020-01-31"^^xsd:date ; owl:sameAs :Tommy ; owl:differentFrom :Rex ; :knows _:u .
_:u a :Dog ; :knows _:v . _:v :knows _:u .
b:Tom a b:Cat ; :loves "a & b < c" .
"""


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf", ".jsonld"])
def test_triples_to_claims_to_triples_in_every_format(suffix: str, tmp_path: Path) -> None:
    base = kb(FACTS)
    before = parse_graph((HEAD + FACTS).encode(), "t.ttl", ".ttl").triples
    assert triples_of(base.claims, base.vocabulary) == before
    path = tmp_path / f"out{suffix}"
    write_graph(base.claims, base.vocabulary, path, header=["made -- by a test"])
    again = read_graph(path)
    assert again.triples == before
    rebuilt = claims_of(again)
    assert [(c.label, c.formula) for c in rebuilt.claims] == [(c.label, c.formula) for c in base.claims]
    first = path.read_bytes()
    write_graph(base.claims, base.vocabulary, path, header=["made -- by a test"])
    assert path.read_bytes() == first


def test_the_order_of_triples_does_not_matter() -> None:
    graph = parse_graph(
        (HEAD + FACTS + ":C rdfs:subClassOf [ owl:unionOf ( :A :B ) ] .").encode(), "t.ttl", ".ttl"
    )
    expected = claims_of(graph)
    for seed in range(5):
        names = {b: Blank(f"r{random.Random(seed).random()}{i}") for i, b in enumerate(
            sorted({n.name for t in graph.triples for n in t if isinstance(n, Blank)}))}  # fmt: skip
        renamed = [tuple(names[n.name] if isinstance(n, Blank) else n for n in t) for t in graph.triples]
        random.Random(seed).shuffle(renamed)
        triples = name_blanks(renamed)  # type: ignore[arg-type]
        assert claims_of(Graph(triples, graph.prefixes, "t.ttl")) == expected


def test_symmetric_blank_nodes_get_the_same_names_in_any_order() -> None:
    ring = [(f"_:{i}", f"_:{(i + 1) % 4}") for i in range(4)] + [("_:x", "_:y"), ("_:y", "_:x")]
    lines = [f"{a} <http://e.org/p> {b} ." for a, b in ring]
    results = set()
    for seed in range(6):
        random.Random(seed).shuffle(lines)
        results.add(name_blanks(read_ntriples("\n".join(lines))))
    assert len(results) == 1


def test_new_symbols_and_what_has_no_triple() -> None:
    base = kb(":Tom a :Cat .")

    def claim(label: str, text: str) -> Claim:
        return Claim(label, read_formula(text), Axiom("f", 1, text))

    new = [claim("a", "green(Kim)"), claim("b", "age(Tom, 1/4)"), claim("c", "p(A, B, C)"),
           claim("d", "forall ?x. cat(?x) -> green(?x)"), claim("e", "age(Tom, 1/3)")]  # fmt: skip
    out = export(new, base.vocabulary)
    assert [show_triple(t) for t in out.triples] == [
        f'<http://example.org/a#Tom> <urn:neurosym:age> "0.25"^^<{XSD}decimal> .',
        f"<urn:neurosym:Kim> <{TYPE.value}> <urn:neurosym:green> .",
    ]
    assert [label for label, _ in out.left_out] == ["c", "d", "e"]


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf"])
def test_derived_triples_are_kept_apart(suffix: str, tmp_path: Path) -> None:
    base = kb(":Tom a :Cat . :Cat rdfs:subClassOf :Animal .")
    derived = [
        Derived(read_formula("animal(Tom)"), ("kg:Tom_type_cat", "kg:cat_subclass_of_animal")),
        Derived(read_formula("cat(Tom)"), ("kg:Tom_type_cat",)),
    ]
    path = tmp_path / f"derived{suffix}"
    write_derived(derived, base.claims, base.vocabulary, path)
    text = path.read_text(encoding="utf-8")
    assert "kg:Tom_type_cat, kg:cat_subclass_of_animal" in text
    assert "1 triples derived by neurosym" in text
    assert [t[2] for t in read_graph(path).triples] == [Iri("http://example.org/a#Animal")]


def test_documents_read_together() -> None:
    one = parse_graph((HEAD + ":Tom a :Cat . b:Rex a b:Cat .").encode(), "one.ttl", ".ttl")
    two = parse_graph((HEAD + ":Tom a :Cat ; :likes b:Rex .").encode(), "two.ttl", ".ttl")
    base = claims_of(one, two)
    assert [show(c.formula) for c in base.claims] == ["cat(Tom)", "cat_b(Rex)", "likes(Tom, Rex)", "cat(Tom)"]
    assert base.claims[:2] == claims_of(one).claims  # an earlier document keeps its names and labels
    Theory(base.claims)


characters = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.builds(Literal, characters))
def test_literal_notation_there_and_back(literal: Literal) -> None:
    assert read_node(show_node(literal)) == literal
    assert "\n" not in show_node(literal)


# --- linking ---------------------------------------------------------------------------

PETS = """
:Tom a :Cat ; :livesIn :kitchen-1 ; :worksFor :AdaLovelace . :AdaLovelace a :Person .
:Cat a owl:Class ; skos:altLabel "feline"@en . :Policies a owl:Class .
:hasOwner a owl:ObjectProperty . :ownerOf a owl:ObjectProperty ; skos:altLabel "owns" .
:isPartOf a owl:ObjectProperty . :Animal a owl:Class .
"""


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("cat(Tom)", "cat(Tom)"),
        ("feline(tom)", "cat(Tom)"),
        ("live_in(Tom, kitchen_1)", "lives_in(Tom, kitchen_1)"),
        ("work_for(Tom, Ada_Lovelace)", "works_for(Tom, Ada_Lovelace)"),
        ("work_for(Tom, adaLovelace)", "works_for(Tom, Ada_Lovelace)"),
        ("policy(P)", "policies(P)"),
        ("own(Bob, Rex)", "owner_of(Bob, Rex)"),
        ("owner(Bob, Rex)", "owner_of(Bob, Rex)"),
        ("part_of(A, B)", "is_part_of(A, B)"),
        ("cat(Tom, Rex)", "cat(Tom, Rex)"),
        ("own(Bob)", "own(Bob)"),
        ("not exists ?x. feline(?x) and work_for(?x, ?x)", "not exists ?x. cat(?x) and works_for(?x, ?x)"),
    ],
)
def test_link(text: str, linked: str) -> None:
    assert link(read_formula(text), kb(PETS).vocabulary) == read_formula(linked)


def test_a_relation_is_never_turned_round() -> None:
    vocabulary = kb(":Rex :hasOwner :Bob .").vocabulary
    assert link(read_formula("owner(Bob, Rex)"), vocabulary) == read_formula("owner(Bob, Rex)")
    bare = kb(":Rex :owner :Bob .").vocabulary  # most graphs mean "Rex has owner Bob"
    report = link_report(read_formula("owner(Bob, Rex)"), bare)
    assert report.statement == read_formula("owner_of(Bob, Rex)")
    assert report.unclear
    told = kb(':Bob :owner :Rex . :owner rdfs:label "owner of"@en .').vocabulary
    assert link(read_formula("owner(Bob, Rex)"), told) == read_formula("owner(Bob, Rex)")


def test_an_ambiguous_word_is_not_linked_but_reported() -> None:
    vocabulary = kb(
        ':A a :Bank1 . :B a :Bank2 . :Bank1 rdfs:label "bank" . :Bank2 rdfs:label "bank" .'
    ).vocabulary
    report = link_report(Atom("bank", (Var("x"),)), vocabulary)
    assert report.statement == Atom("bank", (Var("x"),))
    assert report.unclear == (("bank", "it may mean bank_1 or bank_2"),)


# --- network ---------------------------------------------------------------------------


def test_edges_and_network() -> None:
    base = kb(":Tom a :Cat ; :likes :Rex ; :age 3 . :Cat rdfs:subClassOf :Animal .")
    assert edges(base) == (
        ("Tom", "age", "3", "kg:Tom_age_3"),
        ("Tom", "likes", "Rex", "kg:Tom_likes_Rex"),
        ("Tom", "type", "cat", "kg:Tom_type_cat"),
        ("cat", "subclass_of", "animal", "kg:cat_subclass_of_animal"),
    )
    graph = as_networkx(base)
    assert graph.edges["Tom", "Rex", "likes"]["label"] == "kg:Tom_likes_Rex"
    assert set(graph.nodes) == {"Tom", "Rex", "3", "cat", "animal"}


# --- what cannot be read ---------------------------------------------------------------

PLACES = {
    "kg_no_dot.ttl": (3, "expected '.'"),
    "kg_unknown_prefix.ttl": (2, "pets"),
    "kg_bad_iri.ttl": (3, "not an IRI"),
    "kg_unclosed.nt": (2, "expected an object"),
    "kg_tag.rdf": (4, "mismatched tag"),
    "kg_bomb.rdf": (4, "nested"),
    "kg_external_entity.rdf": (2, "external"),
    "kg_remote_context.jsonld": (2, "schema.org"),
    "kg_not_json.jsonld": (4, "not JSON"),
    "kg_html_page.ttl": (1, "HTML"),
}


@pytest.mark.parametrize("name", sorted(PLACES))
def test_must_fail_and_say_where(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    line, part = PLACES[name]
    with pytest.raises(KnowledgeError) as e:
        read_graph(Path(__file__).parent / "must_fail" / name)
    assert e.value.line == line
    assert part in str(e.value)
    assert name in e.value.document
    assert e.value.hint or e.value.text


def test_every_must_fail_graph_has_its_line_here() -> None:
    folder = Path(__file__).parent / "must_fail"
    assert {p.name for p in folder.glob("kg_*")} == set(PLACES)


@pytest.mark.parametrize(
    "context",
    ['["https://schema.org/"]', '{"a": {"@id": "http://e.org/a", "@context": "ctx.jsonld"}}',
     '{"@version": 1.1, "@import": "http://e.org/c"}'],
)  # fmt: skip
def test_no_context_is_fetched_wherever_it_stands(context: str) -> None:
    with pytest.raises(KnowledgeError, match="nothing is"):
        parse_graph(f'{{"@context": {context}, "@id": "http://e.org/x"}}'.encode(), "x.jsonld", ".jsonld")


def test_files_that_are_no_graphs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b.ttl").write_bytes(b"\x00\x01\x02")
    (tmp_path / "z.ttl").write_bytes(gzip.compress(b"x"))
    (tmp_path / "l.ttl").write_bytes("# caf\xe9".encode("latin-1"))
    (tmp_path / "what.xyz").write_text("hello world")
    for name, part in (("none.ttl", "no such file"), ("b.ttl", "binary"), ("z.ttl", "compressed"),
                       ("l.ttl", "UTF-8"), ("what.xyz", "expected RDF"), (".", "folder")):  # fmt: skip
        with pytest.raises(KnowledgeError, match=part):
            read_graph(tmp_path / name)
    monkeypatch.setattr("neurosym.knowledge.reading.MAX_BYTES", 2)
    with pytest.raises(KnowledgeError, match="at most"):
        read_graph(tmp_path / "l.ttl")


def test_empty_wrong_name_and_imports(tmp_path: Path) -> None:
    (tmp_path / "e.ttl").write_text("")
    assert claims_of(read_graph(tmp_path / "e.ttl")).claims == ()
    (tmp_path / "x.ttl").write_text(
        '<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY e "http://e.org/">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
        '<e:Cat rdf:about="&e;Tom"/></rdf:RDF>'
    )
    graph = read_graph(tmp_path / "x.ttl")
    assert "RDF/XML" in graph.notes[0]
    assert shown(claims_of(graph)) == {"cat(Tom)"}
    base = kb("<http://e.org/o> a owl:Ontology ; owl:imports <http://e.org/p> .")
    assert any("http://e.org/p" in n and "not fetched" in n for n in base.notes)
    assert str(tmp_path) not in repr(parse_graph(b"<a> <b> <c> .", str(tmp_path / "r.ttl"), ".ttl").triples)


def test_deep_nesting_and_entity_floods_end_in_an_error() -> None:
    with pytest.raises(KnowledgeError):
        parse_graph(("[" * 5000).encode(), "d.ttl", ".ttl")
    flood = f'<!DOCTYPE r [<!ENTITY a "{"x" * 900}">]><r>{"&a;" * 20000}</r>'
    with pytest.raises(KnowledgeError, match="expand"):
        parse_graph(flood.encode(), "f.rdf", ".rdf")


def test_adjective_and_noun_link_to_the_class_of_that_name() -> None:
    text = b"""@prefix : <http://e.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    :ClosedTicket a owl:Class . :Ticket a owl:Class . :Old a owl:Class . :OldTicket a owl:Class ."""
    vocabulary = claims_of(parse_graph(text, "t.ttl", ".ttl")).vocabulary
    both = read_formula("closed(a) and ticket(a)")
    assert show(link_compounds(both, vocabulary)) == "closed_ticket(a)"
    assert show(link(both, vocabulary)) == "closed(a) and ticket(a)"  # claims keep their parts
    # where the adjective is a class of its own, the parts stay apart
    assert show(link_compounds(read_formula("old(a) and ticket(a)"), vocabulary)) == "old(a) and ticket(a)"
    assert (
        show(link_compounds(read_formula("closed(a) and ticket(b)"), vocabulary)) == "closed(a) and ticket(b)"
    )
