"""What the journal refuses."""

from app.kernel.errors import AppError, ConflictError


class IdempotencyKeyReusedError(AppError):
    """The key was used before, for another call."""

    code = "idempotency-key-reused"
    title = "The idempotency key was used for another call"

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key belongs to a call with another address or body.")


class StreamMovedError(ConflictError):
    """Two writers appended the same version of one stream; the later one is refused."""

    code = "stream-moved"
    title = "Somebody else changed it first"

    def __init__(self) -> None:
        super().__init__("The record was changed in the meantime; read it again.")
