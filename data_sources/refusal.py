"""One shape for everything that goes wrong with data: what was needed, what was found, where, and what to do."""

from __future__ import annotations

from typing import Self

from data_sources.messages import Language, Message, Parts, Value


class Fault(Exception):
    """Something wrong that a person must learn of: a message of the catalogue's table [refused]."""

    def __init__(self, code: str = "plain", /, **values: Value) -> None:
        """Take the key of the message and what it names.

        Without a key: the four parts as English sentences, for what only an engineer at the command line meets.
        """
        self.message = Message(f"refused.{code}", **values)
        super().__init__(self.message)

    def __str__(self) -> str:
        """The message in English, for logs and tracebacks."""
        return self.message.text("en")

    def text(self, language: Language) -> str:
        """The message as one sentence or two."""
        return self.message.text(language)

    def parts(self, language: Language) -> Parts:
        """The message for a report with columns."""
        return self.message.parts(language)

    def at(self, **place: Value) -> Self:
        """The same fault, which now says so where it happened."""
        self.message = self.message.at(**place)
        return self


class Refused(Fault):
    """Input that cannot be used as it is."""


class Held(Refused):
    """A whole batch that looks wrong: it is kept, said, and not published until someone decides."""


class Unreachable(Fault):
    """A source that did not answer, or stopped answering, within its deadlines and retries."""
