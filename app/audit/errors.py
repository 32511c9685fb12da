"""What stops an audit before its end."""


class UnreadableRowError(Exception):
    """A row holds what its columns cannot hold: somebody wrote it past the program.

    Attributes:
        table: which.
        behind: the last item that could be read; the row is one of those that follow.
    """

    def __init__(self, table: str, behind: object) -> None:
        super().__init__(f"A row of {table} cannot be read.")
        self.table = table
        self.behind = behind
