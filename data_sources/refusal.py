"""One shape for everything that is refused: what was needed, what was found, where, and what to do."""

from __future__ import annotations


class Refused(Exception):
    """Input that cannot be used as it is; the message is a full sentence for the person who sent it."""

    def __init__(self, *, needed: str, found: str, where: str, remedy: str) -> None:
        """Keep the four parts, so that reports can show them in columns."""
        super().__init__(f"{where}: needed {needed}, found {found}. {remedy}")
        self.needed = needed
        self.found = found
        self.where = where
        self.remedy = remedy


class Held(Refused):
    """A whole batch that looks wrong: it is kept, said, and not published until someone decides."""


class Unreachable(Exception):
    """A source that did not answer, or stopped answering, within its deadlines and retries."""
