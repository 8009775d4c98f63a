"""Explanations: one proof or plan as an outline, and its renderings.

english        a statement as an English clause
outline        a verdict as a tree of lines
why_not, why_not_outline   the same, and what came nearest: rules; or all of a `WhyNot`
plan_outline   a justified plan as the same kind of tree
to_text, print_outline, to_json, to_prose   the renderings of a tree
"""

from neurosym.explain.outline import outline
from neurosym.explain.plans import plan_outline
from neurosym.explain.render import from_json, print_outline, to_json, to_prose, to_text
from neurosym.explain.verbalize import english
from neurosym.explain.views import (
    Kind,
    OutlineNode,
    PlanView,
    PreconditionView,
    SourceView,
    StepView,
)
from neurosym.explain.why_not_lines import why_not, why_not_outline
from neurosym.whynot import BlockedRule

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
    "why_not_outline",
]
