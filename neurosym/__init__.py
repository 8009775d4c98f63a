"""neurosym: answers from text, ontologies and logic, each with a proof that a small kernel checks."""

from neurosym.engine import Engine
from neurosym.errors import NeurosymError
from neurosym.kernel import Theorem, check
from neurosym.results import Response, Told
from neurosym.theory import Claim, Theory
from neurosym.verdict import Disproved, Inconsistent, Limits, Proved, Unknown, Verdict

__version__ = "0.1.0"
__all__ = [
    "Claim",
    "Disproved",
    "Engine",
    "Inconsistent",
    "Limits",
    "NeurosymError",
    "Proved",
    "Response",
    "Theorem",
    "Theory",
    "Told",
    "Unknown",
    "Verdict",
    "check",
]
