"""Published figures to stand beside ours: by suite, system, model, with the paper that gives them.

Knows no run.  All are accuracies in percent on the published test part of a set; a report sets
them beside development data, and says so.  `from_memory` marks a figure that was not read in its
source: it is to be checked before anybody cites it.
"""

from __future__ import annotations

from dataclasses import dataclass

LOGIC_LM = "Pan et al. 2023, Logic-LM, Findings of EMNLP"
SYMBCOT = "Xu et al. 2024, SymbCoT, ACL"
LINC = "Olausson et al. 2023, LINC, EMNLP"
DRAFT = "Ni et al. 2026, Draft-and-Prune, arXiv:2603.17233"
PROVER = "Saha et al. 2020, PRover, EMNLP"
SATLM = "Ye et al. 2023, SatLM, NeurIPS"
RULETAKER = "Clark, Tafjord & Richardson 2020, IJCAI"
LOGICNLI = "Tian et al. 2021, LogicNLI, EMNLP"
FOLIO = "Han et al. 2022, FOLIO, arXiv:2209.00840"
OWN_SAMPLE = "a sample of the paper's own"


@dataclass(frozen=True, slots=True)
class Published:
    """One figure: `percent` of the `part` of the set that was asked."""

    system: str
    percent: float
    part: str
    citation: str
    note: str = ""
    from_memory: bool = False


PUBLISHED: dict[str, tuple[Published, ...]] = {
    "proofwriter": (
        Published("Logic-LM, GPT-4", 79.7, "600", LOGIC_LM),
        Published("SymbCoT, GPT-4", 82.5, "600", SYMBCOT),
        Published("LINC, GPT-4", 98.3, OWN_SAMPLE, LINC),
        Published("LINC, GPT-3.5", 96.4, OWN_SAMPLE, LINC),
        Published("LINC, StarCoder+ 15B", 82.5, OWN_SAMPLE, LINC),
    ),
    "prontoqa": (
        Published("chain of thought, GPT-4", 98.8, "500", LOGIC_LM),
        Published("SymbCoT, GPT-4", 99.6, "500", SYMBCOT),
        Published("Draft-and-Prune, GPT-4o", 100.0, "500", DRAFT),
        Published("Logic-LM, GPT-4", 83.2, "500", LOGIC_LM, from_memory=True),
    ),
    "folio": (
        Published("Logic-LM, GPT-4", 78.9, "204", LOGIC_LM),
        Published("SymbCoT, GPT-4", 83.3, "204", SYMBCOT),
        Published("LINC, GPT-4", 72.5, OWN_SAMPLE, LINC),
        Published("LINC, GPT-3.5", 62.6, OWN_SAMPLE, LINC),
        Published("RoBERTa-large", 62.0, "204", FOLIO, "about", from_memory=True),
    ),
    "logical_deduction": (
        Published("Logic-LM, GPT-4", 87.6, "300", LOGIC_LM),
        Published("SymbCoT", 93.0, "300", SYMBCOT),
        Published("Draft-and-Prune, GPT-4o", 100.0, "300", DRAFT),
    ),
    "clutrr": (Published("SatLM, code-davinci-002", 80.1, "test", SATLM, from_memory=True),),
    "ruletaker": (
        Published("PRover, answers", 98.0, "test", PROVER),
        Published("PRover, proofs", 87.0, "test", PROVER, "certified share is what compares"),
        Published("PRover, proofs of depth 5", 65.0, "test", PROVER),
        Published("RoBERTa-large", 99.0, "test", RULETAKER, "about", from_memory=True),
    ),
    "logicnli": (
        Published("RoBERTa-large", 68.0, "test", LOGICNLI, "about", from_memory=True),
        Published("people", 77.0, "test", LOGICNLI, "about", from_memory=True),
    ),
}
NONE_KNOWN = "No published figure for this suite is on record here."
