"""Writing what follows: the derived facts of an engine to a file.  Used by the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from neurosym.engine import Engine, write_text
from neurosym.results import Derived, hypotheses
from neurosym.syntax import quote, show


def write_derived(engine: Engine, derived: Sequence[Derived], path: Path) -> int:
    """Write the facts that were derived and not told; returns how many.

    .nsl: logic, each fact with the claims it rests on as a comment.  Otherwise RDF by the
    extension.  The file is written whole or not at all.  Raises InputError for a path that
    cannot be written or an unknown extension.
    """
    new = [d for d in derived if not d.asserted]
    if path.suffix.lower() == ".nsl":
        lines = [
            f"{quote(f'derived:{i}')}: {show(d.fact)}.  % from {_one_line(hypotheses(d.verdict))}\n"
            for i, d in enumerate(new, 1)
        ]
        write_text(path, "".join(lines))
        return len(new)
    from neurosym.knowledge import Derived as DerivedTriple
    from neurosym.knowledge import Vocabulary, write_derived

    facts = [DerivedTriple(d.fact, hypotheses(d.verdict)) for d in new]
    vocabulary = engine.vocabulary or Vocabulary()
    return len(write_derived(facts, engine.theory.claims, vocabulary, path).triples)


def _one_line(labels: Sequence[str]) -> str:
    return " ".join(", ".join(labels).split())
