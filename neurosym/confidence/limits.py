"""The one way in which this room gives up: a limit by name.  Knows nothing else."""

from __future__ import annotations


class TooLarge(Exception):
    """A limit is met; the message names it.  Caught in this room, where it becomes a reason."""
