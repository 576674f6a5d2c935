"""What the embedded stack says when it cannot go on."""


class StackError(RuntimeError):
    """The servers cannot be reached or started; the message says why and what to do, in Vietnamese, then in English."""

    def __init__(self, vietnamese: str, english: str) -> None:
        super().__init__(f"{vietnamese}\n{english}")
