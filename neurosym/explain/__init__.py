"""Explanations: one proof or plan as an outline, and its renderings.

english        a statement as an English clause
outline        a verdict as a tree of lines; why_not adds what came nearest
plan_outline   a justified plan as the same kind of tree
to_text, print_outline, to_json, to_prose   the renderings of a tree
"""

from neurosym.explain.outline import outline, why_not
from neurosym.explain.plans import plan_outline
from neurosym.explain.render import from_json, print_outline, to_json, to_prose, to_text
from neurosym.explain.verbalize import english
from neurosym.explain.views import (
    BlockedRule,
    Kind,
    OutlineNode,
    PlanView,
    PreconditionView,
    SourceView,
    StepView,
)

__all__ = [
    "BlockedRule",
    "Kind",
    "OutlineNode",
    "PlanView",
    "PreconditionView",
    "SourceView",
    "StepView",
    "english",
    "from_json",
    "outline",
    "plan_outline",
    "print_outline",
    "to_json",
    "to_prose",
    "to_text",
    "why_not",
]
