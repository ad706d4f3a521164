"""Why the reading room does not show what was asked for, where there is more to say than "unknown".

What a visitor may see nothing of is unknown to them: that is the UsageError of the store.
"""

from olketanu.errors import InputError


class MovedError(Exception):
    """The record was merged; ``survivor`` is the id of the record that holds it now."""

    def __init__(self, survivor: str) -> None:
        super().__init__(survivor)
        self.survivor = survivor


class WithdrawnError(Exception):
    """What was public once is there no more; ``identifier`` is its id."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class NotForThemError(Exception):
    """The visitor may know of the document ``identifier`` but may not have this of it."""

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier)
        self.identifier = identifier


class UnfitError(Exception):
    """The record cannot be told in the format that was asked for; ``reason`` says why."""

    def __init__(self, reason: InputError) -> None:
        super().__init__(str(reason))
        self.reason = reason
