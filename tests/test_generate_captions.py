"""Captions, variants and the lexicon: what the generator says of scenes means what its words say."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from neurosym.logic import And, Exists, Forall, Formula, Not
from neurosym.parser.constrain import legal
from neurosym.parser.decode import Decoded, decode
from neurosym.parser.generate import actions, captions, scenery, subjects, variants
from neurosym.parser.generate.context import G
from neurosym.parser.generate.meaning import TooDeep, Tree, V, W, emit
from neurosym.parser.generate.nouns import Words
from neurosym.parser.lexicon import SPLITS, WORDNET, Lexicon, lexicon, split_of
from neurosym.parser.morphology import number
from neurosym.parser.reading import Act
from neurosym.parser.scheme import MAX_TOKENS
from neurosym.syntax import show

pytestmark = pytest.mark.skipif(not (WORDNET / "data.noun").is_file(), reason="WordNet files not installed")
STATEMENTS = [f for m in (captions, variants) for _, f in m.STATEMENTS]
SENTENCES = [f for m in (captions, variants) for _, f in m.SENTENCES]


def hand(seed: int, split: str = "dev") -> G:
    g = G(Random(seed), lexicon(split))
    return g


def texts(words: Words) -> list[str]:
    return [w.text if isinstance(w, W) else w for w in words]


def read(words: Words, tree: Tree) -> Decoded:
    tokens = emit(tree, words)
    assert len(tokens) > MAX_TOKENS or legal(tokens), (texts(words), tokens)
    return decode(tokens, texts(words))


def made(make: Callable[[G], tuple[Words, Tree]], seed: int) -> tuple[G, Words, Decoded] | None:
    g = hand(seed)
    try:
        words, tree = make(g)
        return g, words, read(words, ("FACT", tree))
    except TooDeep:
        return None


@pytest.mark.parametrize("make", STATEMENTS, ids=lambda f: f"{f.__module__.rpartition('.')[2]}.{f.__name__}")
def test_every_maker_of_statements_is_decodable(make: Callable[[G], tuple[Words, Tree]]) -> None:
    found = [m for seed in range(120) if (m := made(make, seed)) is not None]
    assert len(found) > 110
    for g, words, decoded in found:
        assert decoded.act is Act.TELL, texts(words)
        assert g.tags, texts(words)
        assert all(texts(words)), "a word without text"
    assert len({" ".join(g.tags) for g, _, _ in found}) > 20, "too few skeletons"


@pytest.mark.parametrize("make", SENTENCES, ids=lambda f: f"{f.__module__.rpartition('.')[2]}.{f.__name__}")
def test_every_maker_of_sentences_is_decodable(make: Callable[[G], tuple[Words, Tree, str]]) -> None:
    for seed in range(120):
        g = hand(seed)
        try:
            words, tree, end = make(g)
            decoded = read(words, tree)
        except TooDeep:
            continue
        assert end in (".", "?")
        assert g.tags
        assert (decoded.act is Act.ASK) == (tree[0] in ("ASK", "WH", "HOWMANY"))


@pytest.mark.parametrize("make", STATEMENTS)
def test_one_seed_makes_one_sentence(make: Callable[[G], tuple[Words, Tree]]) -> None:
    for seed in range(8):
        first, again = made(make, seed), made(make, seed)
        assert (first is None) == (again is None)
        if first is not None and again is not None:
            assert texts(first[1]) == texts(again[1])
            assert first[2].formula == again[2].formula


# --- properties -----------------------------------------------------------------------


def existential(f: Formula) -> bool:
    match f:
        case Exists():
            return True
        case And(parts):
            return any(map(existential, parts))
        case _:
            return False


def test_scenes_are_events_and_never_rules() -> None:
    """No indefinite of a scene is general: only "no" and "nobody" are, and they deny."""
    for seed in range(400):
        if (m := made(captions.progressive, seed)) is None:
            continue
        g, words, decoded = m
        denies = {"who-no", "who-nobody"} & set(g.tags)
        match decoded.formula:
            case Forall(body=body):
                assert denies, texts(words)
                assert "not" in show(body)
            case _:
                assert not denies, texts(words)
        if "who-bare" in g.tags or "who-a" in g.tags:
            assert existential(decoded.formula), texts(words)


def test_a_counted_subject_contains_its_number() -> None:
    seen = 0
    for seed in range(600):
        m = made(captions.progressive, seed)
        if m is not None and "who-number" in m[0].tags:
            seen += 1
            first = texts(m[1])[0]
            assert number(first) is not None
            match m[2].formula:
                case Exists(variables):
                    assert len(variables) >= int(number(first) or 0)
                case _:
                    pytest.fail(f"not existential: {texts(m[1])}")
    assert seen > 10


def test_there_is_no_denies() -> None:
    for seed in range(200):
        m = made(captions.there, seed)
        if m is not None and "there-no" in m[0].tags:
            assert isinstance(m[2].formula, Not), texts(m[1])


def test_his_is_of_who_acts() -> None:
    """ "Tom is washing his car": car(?y, Tom)."""
    seen = 0
    for seed in range(1500):
        g = hand(seed)
        np = subjects.subject(g, ((1.0, "name"),))
        act = actions.action(g, np.pronoun, short=True)
        words = [*np.np.words, "is", *actions.said_as(act, "gerund")]
        if any(w in ("his", "her") for w in texts(words)):
            seen += 1
            name = show(read(np.np.words, ("FACT", ("P1", ("A", np.np.words[0]), np.np.term))).formula)
            owner = name[name.index("(") + 1 : -1]
            assert f", {owner})" in show(read(words, ("FACT", act.sem(np.np.term))).formula)
    assert seen > 20


# --- golden meanings ------------------------------------------------------------------


def scene(verb: str, *, rest: Words = (), place: Words = ()) -> actions.Action:  # type: ignore[assignment]
    from neurosym.parser.lexicon import Verb
    from neurosym.parser.morphology import verb_forms

    w = W()
    return actions.Action(
        Verb(verb, *verb_forms(verb)), w, lambda t: ("P1", ("V", w), t), rest=list(rest), place=list(place)
    )


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("gerund", "singing"),
        ("past", "sang"),
        ("s", "sings"),
        ("base", "sing"),
    ],
)
def test_an_action_is_said_in_a_form(form: str, said: str) -> None:
    act = scene("sing")
    words = actions.said_as(act, form)
    v = V()
    assert texts(words) == [said]
    assert show(read(words, ("FACT", ("EX", v, act.sem(v)))).formula) == "exists ?x. sing(?x)"


def golden(words: str, tokens: str) -> str:
    return show(decode(tokens.split(), words.split()).formula)


@pytest.mark.parametrize(
    ("words", "tokens", "formula"),
    [
        (
            "A man in a hat is playing a drum near the river .",
            "FACT EX x AND P1 N:1 x AND EX y AND P1 N:4 y P2 P:2 x y "
            "EX y AND P1 N:8 y P3 JOIN V:6 P:9 x y D:11",
            "exists ?x. man(?x) and (exists ?y. hat(?y) and in(?x, ?y)) and "
            "(exists ?y. drum(?y) and play_near(?x, ?y, river))",
        ),
        (
            "There is no boy picking up a ball .",
            "FACT NOT EX x AND P1 N:3 x EX y AND P1 N:7 y P2 JOIN V:4 P:5 x y",
            "not (exists ?x. boy(?x) and (exists ?y. ball(?y) and pick_up(?x, ?y)))",
        ),
        (
            "A carrot is being sliced .",
            "FACT EX x AND P1 N:1 x P1 A:4 x",
            "exists ?x. carrot(?x) and sliced(?x)",
        ),
        (
            "A cup of tea is being carried by Tom .",
            "FACT EX x AND EX y AND P1 N:3 y P2 N:1 x y P2 T:6 E:8 x",
            "exists ?x. (exists ?y. tea(?y) and cup(?x, ?y)) and carry(Tom, ?x)",
        ),
    ],
)
def test_the_conventions_of_captions(words: str, tokens: str, formula: str) -> None:
    assert golden(words, tokens) == formula


def test_what_the_makers_mean() -> None:
    """Meanings of made sentences, as the words say them (fixed seeds, words of the dev split)."""
    for seed in range(60):
        m = made(variants.it_cleft, seed)
        if m is None or "cleft-subject" not in m[0].tags or "cleft-or" in m[0].tags:
            continue
        g, words, decoded = m
        said = texts(words)
        denied = said[2] in ("not", "n't")
        assert isinstance(decoded.formula, Not) or not denied
        assert said[0] == "it"
    g = hand(5)
    thing = scenery.thing(g, "")
    v, u = V(), W("near")
    tree = ("EX", v, ("AND", ("P1", ("P", u), v), thing.apply(v, lambda t: ("P2", ("P", u), v, t))))
    assert "near(?x" in show(read([*thing.words, u], ("FACT", tree)).formula)


# --- the lexicon ----------------------------------------------------------------------


def pools(lex: Lexicon) -> dict[str, set[str]]:
    return {
        "verbs": {v.base for v in (*lex.clausal, *lex.infinitive, *lex.ditransitive, *lex.seen_transitive)},
        "phrasal": {v.base for v, _ in (*lex.phrasal, *lex.phrasal_intransitive)},
        "adjectives": {a.base for a in lex.adjectives},
        "compounds": {n.one for _, n in lex.long_compounds},
        "names": {*lex.given, *lex.surnames, *lex.places, *lex.organizations, *lex.products},
        "landmarks": {words[-1] for words in lex.landmarks},
    }


def test_the_splits_share_no_word() -> None:
    own = {s: pools(lexicon(s)) for s in SPLITS}
    for pool in own["train"]:
        assert all(own[s][pool] for s in SPLITS), f"no {pool}"
        assert all(split_of(w) == s for s in SPLITS for w in own[s][pool]), pool
        assert not own["train"][pool] & (own["dev"][pool] | own["test"][pool])


def test_verbs_stand_in_their_frames() -> None:
    lex = lexicon("train")
    assert {v.base for v in lexicon(split_of("give")).ditransitive} >= {"give"}
    assert {v.base for v in lexicon(split_of("believe")).clausal} >= {"believe"}
    assert ("pick", ("up",)) in {(v.base, p) for v, p in lexicon(split_of("pick")).phrasal}
    assert all(len(before) == 2 for before, _ in lex.long_compounds)
    assert not {"nearly", "hardly", "usually", "probably"} & set(lex.adverbs)
