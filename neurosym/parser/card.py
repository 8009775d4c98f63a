"""The model cards that training runs write beside their models (Mitchell et al. 2019).

Knows the figures of a run; must not know how they came about.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

CARD, SCORER_CARD = "MODEL_CARD.md", "SCORER_CARD.md"
PUBLIC = {
    "rt.jsonl": """holds the 1,385 sentences of 247 RuleTaker theories (Apache-2.0 generator), read by
`neurosym data read ruletaker`: what is measured on these theories is measured on training data.""",
    "rt_train.jsonl": """holds sentences of RuleTaker theories (Apache-2.0 generator) that stand in none of
those kept out for measuring, read by `neurosym data read ruletaker --split train`.""",
    "folio_all.jsonl": """holds sentences of the training part of FOLIO v0.0 (Han et al. 2022; CC BY-SA 4.0),
aligned with their forms, and sentences made of their stretches
(`python -m benchmarks.folio_folds --samples FILE`): what is measured on that part is measured on training
data, but with models tuned fold by fold from a run that has not seen it.""",
}


def card(figures: Mapping[str, Any]) -> str:
    """The model card (Mitchell et al. 2019)."""
    config = figures["config"]
    rows = "\n".join(
        f"| {name} | {t['n']} | {t['right']:.3f} | {t['exact_tokens']:.3f} | {t['readable']:.3f} |"
        for name, t in figures["tests"].items()
    )
    quality_lines = "\n".join(f"- {k}: {_told(v)}" for k, v in figures.get("calibration", {}).items())
    return f"""# Model card: the English parser of neurosym

Reads one English sentence into a formula of first-order logic, as a sequence of symbols and
pointers to its words (`neurosym/parser/scheme.py`).

## Model
The first {config["network"]["encoder_layers"]} layers of the base encoder and a pointer decoder of
{config["network"]["decoder_layers"]} layers, width {config["network"]["width"]}; {figures["parameters"]:,}
parameters, {figures["trained_parameters"]:,} of them trained (the base's word vectors stay frozen).
Shipped as ONNX graphs with 8-bit weights, {figures["model_bytes"] / 1e6:.1f} MB in all.
Base: `{config["base"]["model"]}` (all-MiniLM-L6-v2, Apache-2.0), sha256 of `model.safetensors`:
`{figures["base_sha256"] or "not checked"}`.

## Data
Sentences made by `neurosym.parser.generate`, a synchronous grammar over WordNet's words (`neurosym data make`
reproduces them with the generator of the day: words were added and taken out since); no benchmark sentence
is among these. A file named with the recipe is a public set that may be trained on.{_public(figures)}
Test and calibration splits hold out words, and for held-out skeletons whole
constructions. The sources are named with the recipe.

## Recipe
{_recipe(figures)}

## Scores
"right": the same formula; "readable": the best reading decodes to a formula. Greedy decoding, 8-bit weights.

| test | n | right | exact tokens | readable |
|---|---|---|---|---|
{rows}

Calibration of the score on held-out words and templates and scrambled sentences:
{quality_lines}

## Limits
- One sentence at a time: mentions whose antecedent stands in another sentence are resolved afterwards.
- English of rules, facts, norms, orders, captions and family stories (docs/english.md). Tense and events are
  mostly flattened; irony and metaphor are out of scope.
- A sentence far from the templates gets a reading too; its score is meant to be low, not its reading right.
- The encoder is uncased; names are told from nouns by their written form and position.
- Word senses are not told apart: a predicate is named by its lemma.
"""


def scorer_card(figures: Mapping[str, Any]) -> str:
    """The scorer's card; `figures` as `scorer_train.train` gathers them."""
    s, tests = figures["settings"], figures["tests"]
    sources = "\n".join(f"- {name}: {_sources(told)}" for name, told in figures["data"].items())
    rows = "\n".join(
        f"| {name} | {t['n']} | {t['asked']:.2f} | {_told(w['auroc'], '.3f')} | {w['calibration_error']:.3f} "
        f"| {w['confident']:.3f} | {w['confident_wrong']:.3f} |"
        for test, t in tests.items()
        for name, w in ((f"{test}, without", t["without"]), (f"{test}, with", t["with"]))
    )
    return f"""# Model card: the scorer of neurosym's parser

Gives the probability that a reading says what its sentence says (`neurosym/parser/scorer.py`): a
cross-encoder of {s["layers"]} layers over the reading's symbols and the parser's word vectors of the
sentence, and a table of how training treated its words. It belongs to the parser beside it and to no other.

## Data
The parser's own readings of sentences made by `neurosym.parser.generate`, labelled by the gold forms; a
share of {s["unsayable"]:g} has words that cannot be said. No benchmark sentence is among them.
{sources}

## Recipe
`{figures["command"]}`, seed {s["seed"]}: {figures["readings"]:,} readings, {figures["minutes"]:.0f} minutes
on one thread of a CPU (cut at {s["max_minutes"]:g}), after the parser's readings. Asked where the quick score
lies between {s["low"]:g} and {s["high"]:g}.

## Scores
| test | n | asked | AUROC | calibration error | scored 0.9 or more | of these wrong |
|---|---|---|---|---|---|---|
{rows}

## Limits
- Calibrated on generated sentences of other words and constructions than training's, not on your text.
- Few constructions that the parser has never met are among the tests: their row is the noisier one.
- It judges one sentence at a time; what mentions refer to is scored elsewhere (`parser/reference.py`).
"""


def _told(figure: float, how: str = "") -> str:
    """A rank needs readings of both kinds, right and wrong: without, it is no number."""
    return "not measured" if math.isnan(figure) else format(figure, how)


def _sources(told: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(
        Path(d["path"]).name
        if d["path"]
        else f"{d['n']:,} of split {d['split']} with seed {d['seed']}"
        + (f", {d['only']} only" if d["only"] else "")
        + (f", {d['repeat']} times" if d.get("repeat", 1) > 1 else "")
        for d in told
    )


def _public(figures: Mapping[str, Any]) -> str:
    """What the files that any of the runs was trained on hold, where they are known."""
    names: set[str] = set()
    run: Mapping[str, Any] | None = figures
    while run:
        names |= {Path(d["path"]).name for d in run["config"]["train"] if d["path"]}
        run = run.get("before")
    return "".join(f"\n`{name}` {text}" for name, text in PUBLIC.items() if name in names)


def _recipe(figures: Mapping[str, Any]) -> str:
    """The runs that led to the model, the first one first."""
    before = figures.get("before")
    c = figures["config"]
    s = c["settings"]
    sources = _sources(c["train"])
    limit = f" (cut at {s['max_minutes']:g} minutes)" if s["max_minutes"] else ""
    return (_recipe(before) + "\n" if before else "") + (
        f"- `{figures['command']}`: {figures['training_samples']:,} different sentences\n"
        f"  ({sources}), seed {s['seed']},\n"
        f"  {figures['steps']:,} steps of batch {s['batch']}{limit}, AdamW with peaks {s['lr_encoder']:g}\n"
        f"  (encoder) and {s['lr_decoder']:g} (decoder), {figures['minutes']:.0f} minutes on "
        f"{figures['device']} ({s['threads']} thread), torch {figures['torch']}.\n"
        f"  Best dev exact match {figures['dev_exact_match']:.4f}."
    )
