"""One outline, many renderings: plain text, rich terminal tree, JSON, English prose.

All read the same `OutlineNode`; none adds or recomputes anything.  `rich` is imported where it
is used.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from math import floor
from typing import TYPE_CHECKING, Any

from neurosym.errors import InputError
from neurosym.explain.sources import UNSUPPORTED
from neurosym.explain.verbalize import sentence
from neurosym.explain.views import Kind, OutlineNode, SourceView

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

# --- the lines of a node: every rendering shows these --------------------------------------


def head(n: OutlineNode) -> str:
    """The line itself, without its number."""
    match n.kind:
        case Kind.REFERENCE:
            return f"{n.text} (see {n.see})"
        case Kind.SECTION | Kind.WORLD:
            return f"{sentence(n.text).rstrip('.')}:"
        case _:
            return n.text


def reason(n: OutlineNode) -> str:
    """Why the line holds, in words, or the empty text."""
    if n.rule:
        return f"by: {n.rule}"
    return n.how


# Axioms that nobody wrote say why they are taken; of synonyms the place says it.
_WHY = ("by ", "taken for granted: ", "a guess: ")


def cite(s: SourceView, quoted: str = "") -> str:
    """sentence story:0-13 “Tom is a cat.”, score 0.97.

    The text is left out where it says no more than `quoted`; so is the label of a source that
    has a place.
    """
    parts = [s.kind, s.place or s.label]
    told = s.kind != "axiom" or (s.text.startswith(_WHY) and not s.place.startswith("synonymy"))
    if (s.text and told and _plain(s.text) != _plain(quoted)) or s.kind == "sentence":
        parts.append(f"“{s.text}”")
    out = " ".join(p for p in parts if p)
    return f"{out}, score {score(s.score)}" if s.score < 1 else out


def score(p: float) -> str:
    """Three digits, rounded down: a bound must not grow by being printed."""
    return f"{floor(p * 1000 + 1e-9) / 1000:g}"  # 0.57 * 1000 is 569.99... in binary


def _plain(text: str) -> str:
    return text.strip().rstrip(".").lower()


def confidence(n: OutlineNode) -> str:
    """How sure the answer is and under which condition; the empty text below the root."""
    if n.bound is None:
        return ""
    closed = assumes(n)
    if n.bound >= 1:
        return f"certain, if the claims hold{' and ' if closed else ''}{closed}"
    if score(n.bound) == "0":
        return (
            "no useful bound on the confidence (the doubts about the claims it rests on add up to 1 or more)"
        )
    return f"confidence at least {score(n.bound)}{', if ' if closed else ''}{closed}"


def assumes(n: OutlineNode) -> str:
    """What the section of hypotheses under this root assumes of what is absent, or the empty text.

    Read from the tree, which JSON keeps whole, so that no rendering can say otherwise.
    """
    sections = (s for s in n.children if s.kind is Kind.SECTION)
    texts = [c.text for s in sections for c in s.children if c.kind is Kind.ASSUMPTION]
    if not texts:
        return ""
    return UNSUPPORTED if UNSUPPORTED in texts[0] else "what cannot be derived is false"


# --- plain text ----------------------------------------------------------------------------

INDENT = "   "


def to_text(node: OutlineNode, width: int = 80) -> str:
    """Indented lines of at most `width` characters (single long words apart), no colour."""
    return "\n".join(_text(node, 0, width)) + "\n"


def _text(n: OutlineNode, depth: int, width: int) -> Iterator[str]:
    pad = INDENT * depth
    mark = f"{n.number}. " if n.number else "- " if depth and n.kind is not Kind.SECTION else ""
    yield from _wrap(mark + head(n), pad, pad + " " * len(mark), width)
    under = pad + " " * len(mark)
    for line in (reason(n), f"[{cite(n.source, n.text)}]" if n.source else "", confidence(n)):
        if line:
            yield from _wrap(line, under, under + "  ", width)
    for c in n.children:
        yield from _text(c, depth + 1, width)


def _wrap(text: str, first: str, rest: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


# --- terminal ------------------------------------------------------------------------------

STYLES = {
    Kind.ANSWER: "bold",
    Kind.STEP: "",
    Kind.GIVEN: "green",
    Kind.ABSENT: "yellow",
    Kind.COMPUTED: "cyan",
    Kind.REFERENCE: "dim",
    Kind.SUPPOSITION: "magenta",
    Kind.INSTANCE: "",
    Kind.WORLD: "bold",
    Kind.FACT: "",
    Kind.SECTION: "bold",
    Kind.ASSUMPTION: "yellow",
    Kind.ACTION: "bold cyan",
    Kind.NOTE: "dim",
}


def print_outline(node: OutlineNode, console: Console) -> None:
    """The outline as a tree in the terminal; the text is never read as markup."""
    console.print(_tree(node))


def _tree(n: OutlineNode) -> Tree:
    from rich.tree import Tree

    tree = Tree(_label(n), guide_style="dim")
    for c in n.children:
        _grow(tree, c)
    return tree


def _grow(tree: Tree, n: OutlineNode) -> None:
    branch = tree.add(_label(n))
    for c in n.children:
        _grow(branch, c)


def _label(n: OutlineNode) -> Text:
    from rich.text import Text

    out = Text()
    if n.number:
        out.append(f"{n.number}. ", style="bold blue")
    out.append(head(n), style=STYLES[n.kind])
    if why := reason(n):
        out.append(f"\n{why}", style="italic")
    if n.source:
        out.append(f"\n{cite(n.source, n.text)}", style=_tint(n.source.score))
    if sure := confidence(n):
        out.append(f"\n{sure}", style=_tint(n.bound if n.bound is not None else 1.0))
    return out


def _tint(p: float) -> str:
    """Confidence as colour; the number stands beside it, so colour alone says nothing."""
    return "dim" if p >= 1 else "green" if p >= 0.9 else "yellow" if p >= 0.7 else "red"


# --- JSON ----------------------------------------------------------------------------------


def to_json(node: OutlineNode, indent: int | None = None) -> str:
    """JSON of the whole node; `from_json(to_json(n)) == n`.  Keys with empty values are left out."""
    return json.dumps(_plain_data(node), ensure_ascii=False, indent=indent)


def _plain_data(n: OutlineNode) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": n.kind.value, "text": n.text}
    data |= {k: v for k in ("logic", "how", "rule", "number", "see") if (v := getattr(n, k))}
    if n.source:
        s = n.source
        data["source"] = {
            "label": s.label, "kind": s.kind, "place": s.place, "text": s.text, "score": s.score
        }  # fmt: skip
    if n.bound is not None:
        data["bound"] = n.bound
    if n.children:
        data["children"] = [_plain_data(c) for c in n.children]
    return data


def from_json(text: str) -> OutlineNode:
    """Raises InputError for text that `to_json` does not write."""
    try:
        return _node(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as e:
        raise InputError(
            f"not an outline: {type(e).__name__}: {e}", hint="give the text that to_json wrote"
        ) from e


def _node(d: dict[str, Any]) -> OutlineNode:
    return OutlineNode(
        Kind(d["kind"]),
        str(d["text"]),
        str(d.get("logic", "")),
        str(d.get("how", "")),
        str(d.get("rule", "")),
        SourceView(**d["source"]) if "source" in d else None,
        int(d.get("number", 0)),
        int(d.get("see", 0)),
        float(d["bound"]) if "bound" in d else None,
        tuple(_node(c) for c in d.get("children", ())),
    )


# --- prose ---------------------------------------------------------------------------------


def to_prose(node: OutlineNode) -> str:
    """A few English sentences: the answer, then each inferred line with its reasons.

    "Yes: Tom is an animal.  Tom is an animal, because every cat is an animal (axiom zoo:3) and
    Tom is a cat (sentence story:0-13)."
    """
    out = [sentence(node.text)]
    for c in node.children:
        out += _prose(c)
    if sure := confidence(node):
        out.append(sentence(sure))
    return " ".join(out)


def _prose(n: OutlineNode) -> Iterator[str]:
    match n.kind:
        case Kind.SECTION | Kind.WORLD | Kind.ACTION | Kind.SUPPOSITION if n.children:
            if n.kind is Kind.SECTION and all(c.children for c in n.children):
                yield f"{sentence(n.text)[:-1]}:"
                for c in n.children:
                    yield from _prose(c)
            else:
                inner = "; ".join(_short(c) for c in n.children)
                yield sentence(f"{n.text}{_how(n)}: {inner}")
                for c in n.children:
                    if c.children and n.kind is not Kind.ACTION:
                        yield from _prose(c)
        case Kind.STEP if n.children:
            reasons = [f"{n.rule} ({_brief(n.source)})"] if n.rule and n.source else [n.how] if n.how else []
            yield sentence(f"{n.text}, because {' and '.join((*reasons, *(_short(c) for c in n.children)))}")
            for c in n.children:
                if c.children:
                    yield from _prose(c)
        case Kind.GIVEN if n.children and all(c.kind is Kind.ABSENT for c in n.children):
            missing = " and ".join(f"that {c.text}" for c in n.children)
            yield sentence(f"{_short(n)}, but it is not shown {missing}")
        case Kind.GIVEN if n.children:
            yield sentence(f"{_short(n)} says in particular: {'; '.join(_short(c) for c in n.children)}")
        case Kind.GIVEN | Kind.REFERENCE | Kind.ASSUMPTION:
            return  # stands within another sentence, or among the hypotheses
        case _:
            yield sentence(f"{n.text}{_how(n)}")


def _short(n: OutlineNode) -> str:
    """A line within a sentence, with where it comes from."""
    if n.children and n.kind is Kind.STEP:
        return f"{n.text} (shown below)"
    if n.source:
        return f"{n.text} ({_brief(n.source)})"
    return f"{n.text}{_how(n)}"


def _how(n: OutlineNode) -> str:
    return f" ({n.how})" if n.how else ""


def _brief(s: SourceView) -> str:
    out = f"{s.kind} {s.place or s.label}"
    return f"{out}, score {score(s.score)}" if s.score < 1 else out
