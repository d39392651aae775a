"""Progress of a message that must not be sent twice: whether an attempt to send it may have succeeded."""

from __future__ import annotations


class Delivery:
    """`begin` is called before each attempt to send a message, `abort` once it is certain that the attempt failed.

    This base class records nothing.
    """

    async def begin(self) -> None:
        return

    async def abort(self) -> None:
        return


UNTRACKED = Delivery()
