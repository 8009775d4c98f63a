"""What was computed of an object, kept with it.  Part of what the kernel trusts: it knows nothing."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """What was made of objects, by their identity; the `most` last used stay.

    The objects are kept too, so that an identity stays its object's own.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._made: dict[tuple[int, Hashable], tuple[object, T]] = {}

    def of(self, given: object, besides: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this object and for what else it depends on."""
        key = id(given), besides
        found = self._made.pop(key, None) or (given, make())
        while len(self._made) >= self.most:
            self._made.pop(next(iter(self._made)), None)
        self._made[key] = found
        return found[1]
