"""Planning: actions, plans, search, an independent validator, justification, first steps of execution.

Facts with their sources and a goal go in; a justified plan or a checked reason why there is none
comes out.  Knows logic, theory and syntax; must not know the other rooms.
"""

from neurosym.planning.domain import (
    Action,
    Domain,
    Fact,
    Parameter,
    Plan,
    PlanStep,
    Predicate,
    Problem,
    fact_of,
)
from neurosym.planning.engine import Engine, Found, NotFound
from neurosym.planning.execute import Expectation, Surprise, execute, expectations
from neurosym.planning.kairos import Kairos
from neurosym.planning.pddl import read_domain, read_problem
from neurosym.planning.plan_json import check_plan, plan_to_json, read_plan
from neurosym.planning.result import (
    ClosedWorld,
    Declared,
    Effect,
    Exhausted,
    Failed,
    Given,
    Identity,
    Justification,
    JustifiedStep,
    Link,
    Planned,
    PlanningResult,
    UniqueNames,
    Unreachable,
    Unsolvable,
    Unsupported,
    assumptions,
    hypotheses,
    links,
)
from neurosym.planning.solve import solve, solve_problem
from neurosym.planning.unsolvable import check_unsolvable
from neurosym.planning.validate import justify

__all__ = [
    "Action",
    "ClosedWorld",
    "Declared",
    "Domain",
    "Effect",
    "Engine",
    "Exhausted",
    "Expectation",
    "Fact",
    "Failed",
    "Found",
    "Given",
    "Identity",
    "Justification",
    "JustifiedStep",
    "Kairos",
    "Link",
    "NotFound",
    "Parameter",
    "Plan",
    "PlanStep",
    "Planned",
    "PlanningResult",
    "Predicate",
    "Problem",
    "Surprise",
    "UniqueNames",
    "Unreachable",
    "Unsolvable",
    "Unsupported",
    "assumptions",
    "check_plan",
    "check_unsolvable",
    "execute",
    "expectations",
    "fact_of",
    "hypotheses",
    "justify",
    "links",
    "plan_to_json",
    "read_domain",
    "read_plan",
    "read_problem",
    "solve",
    "solve_problem",
]
