"""The types that bodies are made of."""

from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from app.wire import WireModel

_MAX_WORD: Final = 100
_MAX_TEXT: Final = 10_000


def _refuse_number(value: object) -> object:
    if isinstance(value, str) or value is None:
        return value
    raise PydanticCustomError(
        "amount-not-string", "An amount is a string: JSON numbers pass through binary floats"
    )


Word = Annotated[str, Field(max_length=_MAX_WORD)]
Text = Annotated[str, Field(max_length=_MAX_TEXT)]
Day = Annotated[
    str,
    Field(
        max_length=_MAX_WORD,
        examples=["2023-10-20"],
        description="`2023-11-14`, `2023-11`, `2023` or `2023-11-01/2023-11-14`.",
    ),
]
Amount = Annotated[
    str | None,
    BeforeValidator(_refuse_number),
    Field(
        examples=["61400000000.00"],
        description="Plain decimal string; null where it was not published.",
    ),
]


class SourceIn(WireModel):
    """A page that says so."""

    url: str = Field(max_length=4_000)
    title: str | None = Field(None, max_length=2_000)
    kind: Word = "other"


class WithdrawalIn(WireModel):
    """Why something that was recorded in error is taken back."""

    reason: Text
