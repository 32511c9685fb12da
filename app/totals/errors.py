"""What questions about totals are refused for."""

from app.kernel.errors import Finding, InvalidError


class ExplanationTooLargeError(InvalidError):
    """A total has more cells than one answer explains."""

    def __init__(self, cells: int, limit: int) -> None:
        detail = f"This total is the sum of {cells} cells; at most {limit} are explained at once. Filter."
        facts = {"cells": cells, "limit": limit}
        super().__init__([Finding("?explain", "too-many-cells", detail, facts)])
