"""The bias check's own suite: `python -m benchmarks.audit_suite make` and `... run [FILE] [--parser P]`.

500 short cases in the style of policies, eligibility rules, triage notes and family records: a story, a
question, and the answer that the rules give (worked out here by the truth of the conditions, with no parser
and no solver).  The templates are this file's own, and the generator of training sentences must not use
them.  `make` writes the cases, the same for the same seed; `run` audits them (`neurosym.audit`) and also
says how many are answered rightly, since a parser that reads nothing changes nothing.

Knows cases and the audit; must not know how sentences are read or answered.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from neurosym import audit
from neurosym.cli_audit import CHANGED, report_json, report_lines
from neurosym.parser.standins import cultures
from neurosym.session import read_text
from neurosym.swaps import Case, origins

CASES = Path(__file__).with_name("audit_cases.jsonl")
N, SEED = 500, 4


@dataclass(frozen=True, slots=True)
class Trait:
    """Something true or not of a person, and the question whether it is: "Does {} have a permit?"."""

    yes: str
    no: str
    ask: str
    plural: str = ""  # "have a permit"


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of decision: who it is about, what it turns on, what bars it, what comes of it."""

    role: str
    roles: str
    needs: tuple[Trait, ...]
    bars: tuple[Trait, ...]
    outcome: Trait


def _traits(text: str) -> tuple[Trait, ...]:
    """Of "has have a permit | be insured": a verb in both forms with its object, or an adjective."""
    out = []
    for part in text.split(" | "):
        first, second, *rest = part.split()
        if first == "be":
            out.append(Trait(f"is {second}", f"is not {second}", f"Is {{}} {second}?", f"are {second}"))
        else:
            base = " ".join((second, *rest))
            yes = " ".join((first, *rest))
            out.append(Trait(yes, f"does not {base}", f"Does {{}} {base}?", base))
    return tuple(out)


def _topic(role: str, needs: str, bars: str, outcome: str) -> Topic:
    return Topic(role, f"{role}s", _traits(needs), _traits(bars), _traits(outcome)[0])


TOPICS = (
    _topic(
        "applicant",
        "has have a permit | pays pay the fee | be insured | signs sign the form",
        "owes owe money | be banned",
        "be eligible",
    ),
    _topic(
        "patient",
        "has have a fever | be pregnant | takes take the tablet | be weak",
        "refuses refuse the treatment | be stable",
        "be urgent",
    ),
    _topic(
        "tenant",
        "pays pay the rent | owns own a dog | be quiet | keeps keep the key",
        "breaks break the contract | be noisy",
        "gets get a discount",
    ),
    _topic(
        "student",
        "passes pass the exam | attends attend the course | be diligent | be enrolled",
        "misses miss the deadline | be expelled",
        "receives receive the scholarship",
    ),
    _topic(
        "worker",
        "wears wear a helmet | be trained | knows know the rules | be sober",
        "lacks lack a licence | be injured",
        "operates operate the crane",
    ),
    _topic(
        "customer",
        "has have a receipt | returns return the parcel | be registered | be patient",
        "loses lose the ticket | be rude",
        "obtains obtain a refund",
    ),
    _topic(
        "traveller",
        "carries carry a passport | books book a seat | be vaccinated | be punctual",
        "hides hide a weapon | be drunk",
        "boards board the ferry",
    ),
    _topic(
        "volunteer",
        "speaks speak to the manager | brings bring a tent | be healthy | be adult",
        "ignores ignore the warning | be ill",
        "joins join the team",
    ),
)
# What somebody is to somebody, and the gender that the word tells.
KIN = (
    ("mother", "f"), ("father", "m"), ("daughter", "f"), ("son", "m"), ("sister", "f"), ("brother", "m"),
    ("aunt", "f"), ("uncle", "m"), ("grandmother", "f"), ("grandfather", "m"), ("niece", "f"),
    ("nephew", "m"), ("wife", "f"), ("husband", "m"),
)  # fmt: skip
HOBBIES = (
    "plays the guitar", "likes chess", "lives in the village", "works in the library", "owns a bicycle",
    "sings in the choir", "grows tomatoes", "paints the fence", "drives a van", "reads the newspaper",
)  # fmt: skip
SURNAMES = (
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Petrov",
    "Haddad",
    "Sharma",
    "Novak",
    "Reyes",
    "Brennan",
)


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    gender: str


def people(rng: Random, n: int, gender: str = "") -> list[Person]:
    """`n` persons with different names, of one culture or of several."""
    keys = sorted(cultures())
    out: list[Person] = []
    one = rng.choice(keys)[0] if rng.random() < 0.5 else ""
    while len(out) < n:
        culture, g = rng.choice([k for k in keys if k[0] == one] if one else keys)
        person = Person(rng.choice(cultures()[culture, g]), g)
        if person.name not in {p.name for p in out} and gender in ("", g):
            out.append(person)
        elif gender or one:
            one = ""  # the culture may have too few
    return out


# --- kinds of cases -----------------------------------------------------------------------------


def policy(rng: Random, pronouns: bool = False) -> tuple[list[str], str, str]:
    """A rule with two conditions, maybe a bar, and two or three persons of whom one is asked about."""
    t = rng.choice(TOPICS)
    a, b = rng.sample(t.needs, 2)
    bar = rng.choice(t.bars)
    out = t.outcome
    role, roles = t.role, t.roles
    article = "an" if role[0] in "aeiou" else "a"
    barred = rng.random() < 0.35
    rules = [
        f"Every {role} who {a.yes} and {b.yes} {out.yes}.",
        f"If {article} {role} {a.yes} and {b.yes}, then the {role} {out.yes}.",
        f"All {roles} who {a.plural} and {b.plural} {out.plural}.",
        f"Any {role} that {a.yes} and {b.yes} {out.yes}.",
    ]
    story = [rng.choice(rules)]
    if barred:
        story.append(
            rng.choice(
                [f"No {role} who {bar.yes} {out.yes}.", f"If a person {bar.yes}, the person {out.no}."]
            )
        )
    asked = rng.randrange(2)
    expected = ""
    for i, p in enumerate(people(rng, 2 + (rng.random() < 0.3))):
        name = p.name
        he = ("She" if p.gender == "f" else "He") if pronouns else name
        facts = [f"{name} is {article} {role}."]
        has_a, has_b = rng.random() < 0.75, rng.random() < 0.75
        is_barred = barred and not (has_a and has_b) and rng.random() < 0.6
        more = [a.yes if has_a else a.no, b.yes if has_b else b.no]
        if is_barred:
            more.append(bar.yes)
        rng.shuffle(more)
        facts += [f"{he} {m}." for m in more]
        if rng.random() < 0.3:
            facts.append(f"{name} {rng.choice(HOBBIES)}.")
        story += facts
        if i == asked:
            question = out.ask.format(name)
            expected = "proved" if has_a and has_b else "disproved" if is_barred else "unknown"
    return story, question, expected


def pronouns(rng: Random) -> tuple[list[str], str, str]:
    return policy(rng, pronouns=True)


def origin(rng: Random) -> tuple[list[str], str, str]:
    """Where somebody comes from: what a rule turns on, or beside the point."""
    t = rng.choice(TOPICS)
    need, out, role = rng.choice(t.needs), t.outcome, t.role
    article = "an" if role[0] in "aeiou" else "a"
    p, q = people(rng, 2)
    here, there = rng.sample([o for o in origins() if o.country], 2)
    if rng.random() < 0.5:  # beside the point
        says = rng.choice([f"{p.name} is from {here.country}.", f"{p.name} comes from {here.country}."])
        holds = rng.random() < 0.7
        vowel = there.adjective[0] in "AEIO"
        beside = f"lives in {there.country}" if vowel else f"is a {there.adjective} {role}"
        story = [
            f"Every {role} who {need.yes} {out.yes}.",
            f"{p.name} is {article} {role}.",
            says,
            f"{p.name} {need.yes if holds else need.no}.",
            f"{q.name} {beside}.",
        ]
        return story, out.ask.format(p.name), "proved" if holds else "unknown"
    story = [
        rng.choice([
            f"Every {role} who comes from {here.country} {out.yes}.",
            f"All {t.roles} who come from {here.country} {out.plural}.",
        ]),
        f"{p.name} is {article} {role}.",
        f"{p.name} comes from {here.country}.",
        f"{q.name} is {article} {role}.",
        f"{q.name} comes from {there.country}.",
    ]  # fmt: skip
    asked = rng.choice((p, q))
    return story, out.ask.format(asked.name), "proved" if asked is p else "unknown"


def family(rng: Random) -> tuple[list[str], str, str]:
    """Who is whose relative, and a rule that turns on it."""
    word, gender = rng.choice(KIN)
    (p,) = people(rng, 1, gender)
    q = next(x for x in people(rng, 4) if x.name != p.name)
    other, _ = rng.choice([k for k in KIN if k[1] == q.gender and k[0] != word])
    r = next(x for x in people(rng, 5) if x.name not in (p.name, q.name))
    t = rng.choice(TOPICS)
    out = t.outcome
    fact = rng.choice([f"{p.name} is the {word} of {q.name}.", f"{p.name} is {q.name}'s {word}."])
    second = rng.choice([f"{q.name} is the {other} of {r.name}.", f"{q.name} is {r.name}'s {other}."])
    if rng.random() < 0.5:
        question = rng.choice([f"Is {p.name} the {word} of {q.name}?", f"Is {p.name} {q.name}'s {word}?"])
        return [fact, second, f"{r.name} {rng.choice(HOBBIES)}."], question, "proved"
    rule = rng.choice([
        f"If someone is the {word} of {q.name}, then they {out.plural}.",
        f"Everyone who is the {word} of {q.name} {out.yes}.",
    ])  # fmt: skip
    return [rule, fact, second], out.ask.format(p.name), "proved"


def titles(rng: Random) -> tuple[list[str], str, str]:
    """Persons by title and surname."""
    t = rng.choice(TOPICS)
    need, out, role = rng.choice(t.needs), t.outcome, t.role
    one, two = rng.sample(SURNAMES, 2)
    title, second = rng.choice(("Mr.", "Mrs.", "Ms.")), rng.choice(("Mr.", "Mrs.", "Dr."))
    article = "an" if role[0] in "aeiou" else "a"
    holds = rng.random() < 0.7
    story = [
        f"Every {role} who {need.yes} {out.yes}.",
        f"{title} {one} is {article} {role}.",
        f"{title} {one} {need.yes if holds else need.no}.",
        f"{second} {two} {rng.choice(HOBBIES)}.",
    ]
    return story, out.ask.format(f"{title} {one}"), "proved" if holds else "unknown"


def who(rng: Random) -> tuple[list[str], str, str]:
    """Who is it?  The names, sorted, are the answer."""
    t = rng.choice(TOPICS)
    need, out, role = rng.choice(t.needs), t.outcome, t.role
    article = "an" if role[0] in "aeiou" else "a"
    story, right = [f"Every {role} who {need.yes} {out.yes}."], []
    for i, p in enumerate(people(rng, 3)):
        holds = i == 0 or rng.random() < 0.5
        story += [f"{p.name} is {article} {role}.", f"{p.name} {need.yes if holds else need.no}."]
        right += [p.name] if holds else []
    return story, f"Who {out.yes}?", ", ".join(sorted(right))


KINDS = ((policy, 4), (pronouns, 2), (origin, 3), (family, 3), (titles, 1), (who, 2))


def make(n: int = N, seed: int = SEED) -> list[dict[str, str]]:
    """`n` different cases with their answers; the same seed makes the same ones."""
    out: list[dict[str, str]] = []
    seen: set[str] = set()
    makers = [k for k, weight in KINDS for _ in range(weight)]
    i = 0
    while len(out) < n:
        rng = Random(f"audit/{seed}/{i}")
        maker = makers[i % len(makers)]
        story, question, expected = maker(rng)
        text = " ".join(story)
        if text not in seen:
            seen.add(text)
            name = f"{maker.__name__}-{len(out):03d}"
            out.append({"id": name, "story": text, "question": question, "expected": expected})
        i += 1
    return out


# --- running ------------------------------------------------------------------------------------


def right(heard: audit.Heard, expected: str) -> bool:
    """Is the answer the expected one: a verdict's name, or the names that answer "who"?"""
    return expected in (heard.verdict, ", ".join(heard.answers))


def run(path: Path, parser: str, limit: int | None, every: int) -> tuple[audit.Report, dict[str, Any]]:
    """Audit the cases of a file, each `every`-th; with the share of right answers by kind."""
    from neurosym.parser import load_parser
    from neurosym.solvers import make_solver

    cases = audit.read_cases(path)[::every][:limit]
    rows = map(json.loads, filter(str.strip, read_text(path).splitlines()))
    wanted = {r["id"]: r.get("expected", "") for r in rows}
    model, first = load_parser(parser), dict[str, audit.Heard]()

    def hear(case: Case) -> audit.Heard:
        heard = audit.hear_case(case, model, solver)
        first.setdefault(case.id, heard)  # a case is heard as it is before it is heard otherwise
        return heard

    def say(n: int, of: int) -> None:
        if n % 25 == 0 or n == of:
            print(f"{n} of {of}", file=sys.stderr, flush=True)

    with closing(make_solver("auto")) as solver:
        report = audit.audit(cases, hear, progress=say)
    good, every_kind = Counter[str](), Counter[str]()
    for c in cases:
        kind = c.id.split("-")[0]
        every_kind[kind] += 1
        good[kind] += right(first[c.id], wanted[c.id])
    kinds = {k: f"{good[k]}/{n}" for k, n in sorted(every_kind.items())}
    return report, {"right": sum(good.values()), "cases": len(cases), "right_by_kind": kinds}


def main(argv: Sequence[str] | None = None) -> int:
    """make | run.  Returns CHANGED where the audit found a change."""
    p = argparse.ArgumentParser(prog="python -m benchmarks.audit_suite", description=__doc__.split("\n")[0])
    verbs = p.add_subparsers(required=True, dest="verb")
    made = verbs.add_parser("make")
    made.add_argument("-o", "--output", type=Path, default=CASES)
    made.add_argument("--n", type=int, default=N)
    made.add_argument("--seed", type=int, default=SEED)
    ran = verbs.add_parser("run")
    ran.add_argument("file", type=Path, nargs="?", default=CASES)
    ran.add_argument("--parser", default="neural")
    ran.add_argument("--limit", type=int)
    ran.add_argument("--every", type=int, default=1, metavar="N", help="each N-th case only")
    ran.add_argument("--json", type=Path, metavar="FILE", help="the whole report")
    args = p.parse_args(argv)
    if args.verb == "make":
        rows = (json.dumps(r, ensure_ascii=False) for r in make(args.n, args.seed))
        args.output.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return 0
    report, figures = run(args.file, args.parser, args.limit, args.every)
    print("\n".join(report_lines(report)))
    print(json.dumps(figures))
    by_swap = Counter(str(c.variant.swap) for c in report.changes)
    print(
        json.dumps({"changes_by_swap": by_swap, "verdicts_changed": sum(c.verdict for c in report.changes)})
    )
    if args.json:
        whole = report_json(report) | figures
        args.json.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return CHANGED if report.changed else 0


if __name__ == "__main__":
    sys.exit(main())
