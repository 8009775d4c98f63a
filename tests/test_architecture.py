"""The import table of the architecture, read from the syntax trees of all modules.

Imports point towards `logic`. Rooms never import each other; only the wiring sees all of them. Each heavy
library has one room. Imports inside functions and under TYPE_CHECKING count: they are dependencies too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "neurosym"
FILES = sorted(p for p in PACKAGE.rglob("*.py"))

# what each lower part may import of neurosym, besides itself
LOWER: dict[str, frozenset[str]] = {
    "errors": frozenset(),
    "logic": frozenset(),
    "theory": frozenset({"errors", "logic"}),
    "proof": frozenset({"errors", "logic", "theory"}),
    "kernel": frozenset({"errors", "logic", "theory", "proof"}),
    "verdict": frozenset({"errors", "logic", "theory", "proof", "kernel"}),
    "whynot": frozenset({"logic", "theory", "proof", "verdict"}),
    "repairs": frozenset({"errors", "logic", "theory", "proof", "kernel", "verdict"}),
    "syntax": frozenset({"errors", "logic", "theory"}),
    "certificate": frozenset({"errors", "logic", "theory", "proof", "syntax"}),
    "scales": frozenset({"errors"}),
    "ordering": frozenset({"errors", "logic", "theory", "scales"}),
}
ROOMS = ("parser", "knowledge", "solvers", "analogy", "planning", "explain", "confidence")
# the only modules that see all rooms; whoever adds one says so here
WIRING = frozenset(
    [
        "__init__",
        "__main__",
        "engine",
        "asking",
        "background",
        "hearing",
        "joint",
        "session",
        "parallel",
        "cli",
        "cli_asking",
        "cli_checking",
        "cli_data",
        "swaps",
        "cli_audit",
        "audit",
        "training",
        "answers",
        "telling",
        "entailment",
        "captions",
        "results",
        "results_json",
        "wiring",
        "questions",
        "nearest",
        "materialize",
        "demo",
        "doctor",
    ]
)
# the rooms of the heavy libraries; `doctor` looks at what is installed, and is no part of an answer
HOME: dict[str, frozenset[str]] = {
    "torch": frozenset({"parser", "doctor"}),
    "transformers": frozenset({"parser", "doctor"}),
    "onnx": frozenset({"parser"}),
    "onnxruntime": frozenset({"parser", "doctor"}),
    "tokenizers": frozenset({"parser", "doctor"}),
    "rdflib": frozenset({"knowledge", "doctor"}),
    "networkx": frozenset({"knowledge", "doctor"}),
    "z3": frozenset({"solvers", "doctor"}),
    "pyswip": frozenset({"solvers", "doctor"}),
    "dd": frozenset({"confidence"}),
    "kairos": frozenset({"planning", "doctor"}),
}
HEAVY = (
    "torch",
    "transformers",
    "onnxruntime",
    "rdflib",
    "z3",
    "pyswip",
    "networkx",
    "tokenizers",
    "kairos",
    "dd",
)
STANDARD = frozenset(sys.stdlib_module_names)


def part(path: Path) -> str:
    """The room or module of neurosym that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Dotted names of what a file imports, with lines; `from neurosym import x` is neurosym.x."""
    return imports_of(path.read_text(encoding="utf-8"), path)


def imports_of(text: str, path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(text, str(path))):
        match node:
            case ast.Import(names):
                for a in names:
                    yield a.name, node.lineno
            case ast.ImportFrom(module, names, level):
                base = module or ""
                if level:  # relative: resolve against the package of the file
                    package = [PACKAGE.name, *path.relative_to(PACKAGE).parts[:-1]]
                    base = ".".join([*package[: len(package) - level + 1], *([module] if module else [])])
                for a in names:
                    yield (f"{base}.{a.name}" if base == PACKAGE.name else base), node.lineno
            case _:
                pass


def targets(path: Path) -> Iterator[tuple[str, int]]:
    """The parts of neurosym that a file imports; a public name of the package itself counts as __init__."""
    known = {part(p) for p in FILES}
    for name, line in imports(path):
        top, _, rest = name.partition(".")
        if top == PACKAGE.name:
            first = rest.split(".")[0]
            yield (first if first in known else "__init__"), line


def test_every_part_has_its_place() -> None:
    places = [set(LOWER), set(ROOMS), set(WIRING)]
    assert sum(map(len, places)) == len(set().union(*places))
    assert {part(p) for p in FILES} <= set().union(*places)
    assert set(LOWER) | set(ROOMS) <= {part(p) for p in FILES}


@pytest.mark.parametrize("name", sorted(LOWER))
def test_imports_point_towards_logic(name: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for path in FILES
        if part(path) == name
        for target, line in targets(path)
        if target != name and target not in LOWER[name]
    ]
    assert not wrong


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_are_strangers(room: str) -> None:
    allowed = {room, *LOWER}
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {target}"
        for path in FILES
        if part(path) == room
        for target, line in targets(path)
        if target not in allowed
    ]
    assert not wrong


def test_heavy_libraries_stay_at_home() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in FILES
        for name, line in imports(path)
        if part(path) not in HOME.get(name.split(".")[0], frozenset({part(path)}))
    ]
    assert not wrong


@pytest.mark.parametrize("name", sorted(LOWER))
def test_the_lower_parts_need_the_standard_library_only(name: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {found}"
        for path in FILES
        if part(path) == name
        for found, line in imports(path)
        if found.split(".")[0] not in STANDARD | {PACKAGE.name}
    ]
    assert not wrong


def test_the_kernel_is_small_and_needs_no_assert() -> None:
    text = (PACKAGE / "kernel.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    for path in (PACKAGE / "kernel.py", PACKAGE / "theory.py", *(PACKAGE / "logic").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert)], path.name


def test_no_file_is_long() -> None:
    lengths = {p.relative_to(ROOT): len(p.read_text(encoding="utf-8").splitlines()) for p in FILES}
    assert not {str(p): n for p, n in lengths.items() if n > (500 if p.name == "kernel.py" else 450)}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(p.relative_to(ROOT))
        for p in FILES
        if (text := p.read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert not silent


def test_import_is_light() -> None:
    """A fresh process imports neurosym and loads nothing heavy.  (Its time: benchmarks/.)"""
    program = f"""
import sys
import neurosym
print(*[m for m in {HEAVY!r} if m in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    )
    assert not done.stdout.split()


def test_the_table_can_fail() -> None:
    """The reader of imports sees every form of import there is."""
    path = PACKAGE / "solvers" / "imagined.py"
    text = (
        "import z3.z3util as z\nfrom neurosym import parser\nfrom neurosym.knowledge.rdf import OWL\n"
        "def f():\n    from ..explain import outline\n    from . import smt\n    import neurosym.planning\n"
        "    from neurosym import Engine\n"
    )
    assert [name for name, _ in sorted(imports_of(text, path), key=lambda row: row[1])] == [
        "z3.z3util",
        "neurosym.parser",
        "neurosym.knowledge.rdf",
        "neurosym.explain",
        "neurosym.solvers",
        "neurosym.planning",
        "neurosym.Engine",
    ]
