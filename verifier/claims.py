"""The totals that a bundle claims: answers of ``GET /v1/totals``, each compared with one worked out afresh."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from verifier.entries import STAGES
from verifier.errors import MalformedError, MismatchError
from verifier.rates import TARGETS, Rates
from verifier.strict_json import parse_json
from verifier.sums import (
    DIMENSIONS,
    FRAME,
    NATIVE,
    NO_CURRENCY,
    Answer,
    Figures,
    Key,
    Question,
    Sums,
    format_minor,
)

_FILTERS: Final = {"donor": "donors", "aid_type": "aid_types", "instrument": "instruments"}
_GRAIN: Final = {"donor", "aid_type", "instrument"}


def read_claims(data: bytes) -> list[dict[str, Any]]:
    """The answers that a bundle holds.

    Raises:
        MalformedError: it is not a list of answers.
    """
    try:
        claims = parse_json(data)
    except ValueError:
        claims = None
    if not isinstance(claims, list) or not all(isinstance(one, dict) for one in claims):
        raise MalformedError("The bundle's totals cannot be read.")
    return claims


def check_claims(
    claims: list[dict[str, Any]], sums: Sums, rates: Rates, revision: int, as_of: str | None
) -> int:
    """Compare every claim with the entries' own sums.

    Returns:
        How many figures were compared.

    Raises:
        MalformedError: a claim is about something that this program cannot work out.
        MismatchError: a claim differs, or one that every bundle makes is missing.
    """
    questions = [_read_question(claim) for claim in claims]
    _demand_all_stages(questions, sums)
    compared = 0
    for claim, question in zip(claims, questions, strict=True):
        if (claim["meta"].get("revision"), claim["meta"].get("as_of")) != (revision, as_of):
            raise MismatchError(f"{_name(question)}: they are of another revision.")
        compared += _compare(claim, question, sums.answer(question, rates), sums)
    return compared


def _read_question(claim: Mapping[str, Any]) -> Question:
    try:
        meta = claim["meta"]
        filters: dict[str, Any] = {
            _FILTERS[name]: frozenset(values) for name, values in meta["filters"].items()
        }
        question = Question(
            measure=meta["measure"], by=tuple(meta["by"]), currency=meta["currency"], **filters
        )
        known = question.measure in STAGES and question.currency in {NATIVE, *TARGETS}
        plain = meta["cumulative"] is False and meta["from"] is None and meta["to"] is None
        # Other policies convert by what no bundle holds.
        plain = plain and meta.get("fx") in {None, "effective"} and "prices" not in meta
    except (KeyError, TypeError, AttributeError):
        raise MalformedError("A total of the bundle does not say what it is a total of.") from None
    if not known or not plain or not set(question.by) <= DIMENSIONS:
        raise MalformedError("A total of the bundle cannot be worked out by this program.")
    return question


def _demand_all_stages(questions: list[Question], sums: Sums) -> None:
    """Every bundle claims each stage in its finest grain, frames too; leaving one out would hide a difference."""
    instruments = {cell.instrument for cell in sums.cells} | {FRAME}
    whole = {
        one.measure
        for one in questions
        if set(one.by) == _GRAIN
        and one.currency == NATIVE
        and not one.donors | one.aid_types
        and one.instruments >= instruments
    }
    for stage in STAGES:
        if stage not in whole:
            raise MismatchError(f"The bundle does not claim all that is {stage}.")


def _compare(claim: Mapping[str, Any], question: Question, answer: Answer, sums: Sums) -> int:
    claimed = dict(_claimed_rows(claim, question))
    expected = {
        key: _figures_text(figures, _decimals(_currency(question, key), sums))
        for key, figures in answer.rows.items()
    }
    for key in sorted(claimed.keys() | expected.keys(), key=str):
        _compare_figures(question, " ".join(map(str, key)), claimed.get(key), expected.get(key))
    if len(claimed) != len(claim["data"]):
        raise MismatchError(f"{_name(question)}: one row stands there twice.")
    total, wanted = claim.get("total"), _total_text(question, answer, sums)
    if total != wanted:
        raise MismatchError(f"{_name(question)}: the total is {total}; the entries say {wanted}.")
    return len(expected) + 1 + _compare_apart(claim, question, answer, sums)


def _compare_apart(claim: Mapping[str, Any], question: Question, answer: Answer, sums: Sums) -> int:
    """What a converted total leaves out, because it has no day: it must be named, all of it and nothing else."""
    if question.currency == NATIVE:
        return 0
    claimed = claim["meta"].get("left_apart", [])
    wanted = [
        {
            "currency": code,
            "amount": format_minor(minor, _decimals(code, sums)),
            "reason": "undated",
        }
        for code, minor in sorted(answer.apart.items())
    ]
    if claimed != wanted:
        raise MismatchError(
            f"{_name(question)}: {claimed or 'nothing'} is left apart; the entries say {wanted or 'nothing'}."
        )
    return len(wanted)


def _claimed_rows(
    claim: Mapping[str, Any], question: Question
) -> Iterator[tuple[Key, dict[str, Any]]]:
    try:
        for row in claim["data"]:
            figures = dict(row)
            key = tuple(figures.pop(name) for name in question.columns)
            if not all(part is None or isinstance(part, str) for part in key):
                raise TypeError("a key is text")
            yield key, figures
    except (KeyError, TypeError, ValueError):
        raise MalformedError(f"{_name(question)} cannot be read.") from None


def _compare_figures(question: Question, row: str, claimed: Any, expected: Any) -> None:
    if claimed != expected:
        raise MismatchError(
            f"{_name(question)}, {row}: claimed {claimed or 'nothing'}; the entries say {expected or 'nothing'}."
        )


def _total_text(question: Question, answer: Answer, sums: Sums) -> dict[str, Any]:
    grand = Figures()
    for figures in answer.totals.values():
        grand.add(figures)
    valued = sorted(code for code in answer.totals if code != NO_CURRENCY)
    native = question.currency == NATIVE
    shown = (valued or [NO_CURRENCY])[0] if native else question.currency
    total: dict[str, Any] = _figures_text(grand, _decimals(shown, sums))
    if len(valued) > 1:
        total |= {"amount": None, "undated": None}
    if native:
        total["by_currency"] = [
            {"currency": code, **_figures_text(answer.totals[code], _decimals(code, sums))}
            for code in valued
        ]
    return total


def _figures_text(figures: Figures, decimals: int) -> dict[str, Any]:
    return {
        "amount": format_minor(figures.amount, decimals),
        "pledges": figures.pledges,
        "unvalued": figures.unvalued,
        "undated": format_minor(figures.undated, decimals),
    }


def _currency(question: Question, key: Key) -> str:
    if question.currency != NATIVE:
        return question.currency
    return key[question.columns.index("currency")] or NO_CURRENCY


def _decimals(currency: str, sums: Sums) -> int:
    return TARGETS.get(currency, sums.decimals.get(currency, 0))


def _name(question: Question) -> str:
    by = ", ".join(question.by)
    return f"Totals of what is {question.measure} by {by} in {question.currency}"
