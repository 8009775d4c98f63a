"""The tree of errors.  Every error points: file, line, what was expected, what to do.

    NeurosymError
    ├── InputError                  what the user gave cannot be read
    │   ├── SyntaxProblem           logic text, certificate, PDDL (line, column, caret)
    │   ├── TheoryError             duplicate label, free variable, reserved name
    │   ├── KnowledgeError          RDF / OWL that cannot be read
    │   ├── PlanningError           a domain or goal that cannot be used
    │   └── ParserError             English or a model file that cannot be used
    ├── CheckError                  a certificate that does not hold
    ├── SolverError                 a backend is missing or broke (never raised for a hard question:
    │                               that is the value `Unknown(reason)`)
    └── ConfigError                 a training configuration, an option, a missing extra

Exit codes of the command line: 0 answered, 1 input or configuration error, 2 usage,
3 certificate rejected, 4 solver missing or broken, 5 `audit` found a change, 130 interrupted.
"""

from __future__ import annotations


class NeurosymError(Exception):
    """Root of all errors raised on purpose.  `exit_code` is what the command line ends with."""

    exit_code = 1


class InputError(NeurosymError):
    """Input that cannot be used, with its place.

    `message` says what is wrong and what was expected; `hint` what to do; `line` and
    `column` count from 1; `text` is the offending line, shown with a caret.
    """

    def __init__(
        self,
        message: str,
        *,
        document: str = "",
        line: int = 0,
        column: int = 0,
        text: str = "",
        hint: str = "",
    ) -> None:
        self.message, self.document, self.line, self.column = message, document, line, column
        self.text, self.hint = text, hint
        super().__init__(self._render())

    def _render(self) -> str:
        place = ":".join(str(p) for p in (self.document, self.line or "", self.column or "") if p)
        out = f"{place}: {self.message}" if place else self.message
        if self.text:
            # A window around the column keeps one-megabyte lines readable.
            start = max(0, self.column - 60)
            shown = self.text[start : start + 120].replace("\t", " ")
            out += f"\n    {shown}"
            if self.column:
                out += f"\n    {' ' * (self.column - 1 - start)}^"
        if self.hint:
            out += f"\n  {self.hint}"
        return out


class SyntaxProblem(InputError):
    """Text that is not in its language."""


class TheoryError(InputError):
    """Claims that do not make a theory."""


class KnowledgeError(InputError):
    """A graph that cannot be read."""


class PlanningError(InputError):
    """A planning domain, problem or goal that cannot be used."""


class ParserError(InputError):
    """English text or a parser model that cannot be used."""


class CheckError(NeurosymError):
    """The kernel rejects a certificate.  `step` is the index of the bad step, or -1."""

    exit_code = 3

    def __init__(self, message: str, step: int = -1) -> None:
        self.message, self.step = message, step
        super().__init__(f"step {step}: {message}" if step >= 0 else message)


class SolverError(NeurosymError):
    """A backend is missing or broken."""

    exit_code = 4


class ConfigError(NeurosymError):
    """A configuration or an option that cannot be used, or an extra that is not installed."""
