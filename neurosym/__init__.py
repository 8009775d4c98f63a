"""neurosym: answers from text, ontologies and logic, each with a proof that a small kernel checks."""

from neurosym.engine import Engine
from neurosym.errors import NeurosymError
from neurosym.kernel import Theorem, check
from neurosym.results import Choices, RelativeResponse, Response, Told
from neurosym.theory import Claim, Theory
from neurosym.verdict import Both, Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

__version__ = "0.1.0"
__all__ = [
    "Both",
    "Choices",
    "Claim",
    "Disproved",
    "Engine",
    "Inconsistent",
    "Limits",
    "NeurosymError",
    "Proved",
    "RelativeResponse",
    "Response",
    "Theorem",
    "Theory",
    "Told",
    "Unknown",
    "Verdict",
    "check",
]
