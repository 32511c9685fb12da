"""What the log refuses, and what it finds wrong."""

from app.kernel.errors import ConflictError, NotFoundError, UnavailableError


class MalformedError(ValueError):
    """A text is not the note, checkpoint, proof, key or tile address that it should be."""


class UnverifiedError(ValueError):
    """A signature or a proof does not prove what it should."""


class LogForkError(ConflictError):
    """The tree does not continue what was signed before; nothing is signed."""

    code = "log-fork"
    title = "The log does not continue the last signed checkpoint"


class LogDamagedError(UnavailableError):
    """Derived hashes are missing; they can be rebuilt from the entries."""

    code = "log-damaged"
    title = "The log's derived hashes are incomplete"

    def __init__(self) -> None:
        super().__init__("Hashes of the log are missing; run `aidledger log rebuild`.")


class LogRollbackDetectedError(UnavailableError):
    """The ledger is shorter than, or differs from, what was signed; it can be read and not written."""

    code = "log-rollback-detected"
    title = "The ledger is not the one that was signed"


class NoCheckpointError(NotFoundError):
    """Nothing has been signed yet."""

    code = "no-checkpoint"
    title = "No checkpoint yet"

    def __init__(self) -> None:
        super().__init__("The log has no signed checkpoint yet.")


class EntryNotFoundError(NotFoundError):
    """The journal has not reached this revision."""

    code = "entry-not-found"
    title = "No such entry"

    def __init__(self) -> None:
        super().__init__("There is no entry of this revision.")


class TileNotFoundError(NotFoundError):
    """The address names no tile, or one beyond the newest checkpoint."""

    code = "tile-not-found"
    title = "No such tile"

    def __init__(self) -> None:
        super().__init__("There is no tile at this address within the newest checkpoint.")


class LogFileError(ConflictError):
    """The file with the key or with the last signed checkpoint cannot be used as it is."""

    code = "log-file"
    title = "A file of the log cannot be used"
