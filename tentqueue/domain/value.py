"""What every noun of the tent is. It knows none of them."""

from __future__ import annotations

from typing import Any, Self

_WORKED_OUT = ("_facts",)
"""What values remember of themselves; a changed copy works it out anew."""


class Value:
    """Something that is replaced, never changed."""

    def but(self, **changes: Any) -> Self:
        """Return a copy with `changes`, without what was worked out from the old values."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__, **changes)
        for worked_out in _WORKED_OUT:
            copy.__dict__.pop(worked_out, None)
        return copy
