"""A workbook or flat file of the tracker becomes proposals: one pledge for each package."""

from collections.abc import Mapping
from typing import Any, Final

from app.donors.domain import find_donor
from app.imports.domain.cells import Book, Cell
from app.imports.domain.findings import Finding, Severity
from app.imports.domain.kiel.columns import Column, find_table, iter_tables
from app.imports.domain.kiel.lines import read_item_lines, shorten
from app.imports.domain.kiel.packages import Measure, Package, read_packages
from app.imports.domain.kiel.release import read_release
from app.imports.domain.kiel.sources import Citation, cite, split, to_sources
from app.imports.domain.kiel.valuation import Valuation, value_package
from app.imports.domain.kiel.words import find_aid_type, find_form, is_yes, sentence_case
from app.imports.domain.layouts import LayoutRules
from app.imports.domain.limits import Limits
from app.imports.domain.proposals import Mapped, Proposal
from app.kernel.dates import format_span
from app.pledges.domain import Bound, MovementStage, Stage, Verification
from app.pledges.domain.reading import MAX_NOTES, is_reference

_TITLE: Final = 160
_NAMED: Final = 3


def recognises(book: Book) -> bool:
    """Whether the book has a main data sheet of the tracker."""
    return any(table.has_figures for table in iter_tables(book))


def map_book(book: Book) -> Mapped:
    """One proposal for each package, in the order of the sheet; what cannot be read is a finding, no exception."""
    table = find_table(book)
    if table is None:
        detail = (
            "No sheet has the headers ID, countries, Announcement Date and Type of Aid General."
        )
        return Mapped((), [Finding(severity=Severity.ERROR, code="no-main-data", detail=detail)])
    release = read_release(book)
    packages, findings = read_packages(table, release.coverage)
    coverage = format_span(release.coverage) if release.coverage else None
    proposals = [propose(package) for package in packages]
    return Mapped(proposals, findings, coverage, release.table)


def propose(package: Package) -> Proposal:
    """The pledge that a package is."""
    findings = list(package.findings)
    valuation = value_package(package, findings)
    sources, unplaced = split(
        citation for line in package.lines for citation in cite(package.table, line.row)
    )
    items = read_item_lines(package, unplaced, findings)
    rest = unplaced if not items else []
    return Proposal(
        external_id=package.package_id,
        sheet=package.first.sheet,
        row=package.first.number,
        fields=_fields(package, valuation, sources, rest, findings),
        movements=_movements(package, valuation),
        items=items,
        origins=_origins(package),
        findings=tuple(findings),
    )


def _fields(
    package: Package,
    valuation: Valuation,
    sources: list[Citation],
    unplaced: list[Citation],
    findings: list[Finding],
) -> dict[str, Any]:
    announced = package.announced
    form = find_form(package.text(Column.FORM))
    if form is None and package.text(Column.FORM):
        detail = "A way of giving that is new; the instrument is the usual one of the aid type."
        cell = package.cell(Column.FORM)
        findings.append(Finding.at(cell, Severity.NOTE, "unknown-form", detail))
    fields = {
        "donor": _donor(package, findings),
        "title": _title(package),
        "aid_type": _aid_type(package, findings),
        "amount": None if valuation.amount is None else f"{valuation.amount:f}",
        "currency": valuation.currency,
        "bound": (Bound.ABOUT if valuation.is_estimate else Bound.EXACT).value,
        "announced_on": format_span(announced) if announced else None,
        "status": _stage(package).value,
        "verification": Verification.SECONDARY.value,
        "notes": _notes(package, unplaced),
        "sources": to_sources(sources),
    }
    if form is not None:
        fields["instrument"] = form.instrument.value
    if is_reference(package.package_id):
        fields["reference"] = package.package_id
    return fields


def _donor(package: Package, findings: list[Finding]) -> str:
    spelling = package.text(Column.DONOR)
    donor = find_donor(spelling)
    if donor is None:
        findings.append(
            _error(package, Column.DONOR, "unknown-donor", "No donor is known by this name.")
        )
        return ""
    return donor.code


def _aid_type(package: Package, findings: list[Finding]) -> str:
    aid_type = find_aid_type(package.text(Column.AID_TYPE))
    if aid_type is None:
        detail = "Aid is military, financial or humanitarian."
        findings.append(_error(package, Column.AID_TYPE, "unknown-aid-type", detail))
        return ""
    return aid_type.value


def _title(package: Package) -> str:
    """The workbook has none: how it is given, and the first items, or else how the explanation begins."""
    form = package.text(Column.FORM)
    name = found.name if (found := find_form(form)) else sentence_case(form)
    table = package.table
    items = list(
        dict.fromkeys(
            text
            for line in package.lines
            if (text := table.text(line.row, Column.ITEM)) not in {"", "."}
        )
    )
    what = ", ".join(items[:_NAMED]) + (
        f" and {len(items) - _NAMED} more" if items[_NAMED:] else ""
    )
    what = what or package.text(Column.EXPLANATION).partition(". ")[0]
    return shorten(": ".join(filter(None, (name, what))), _TITLE) or package.package_id


def _notes(package: Package, unplaced: list[Citation]) -> str | None:
    parts = [package.text(Column.EXPLANATION)]
    if is_yes(package.text(Column.THROUGH_BANK)):
        parts.append("Made through the IMF or the World Bank.")
    parts += [f"Source: {one.text}" for one in unplaced]
    return shorten(" ".join(filter(None, parts)), MAX_NOTES) or None


def _stage(package: Package) -> Stage:
    measures = {line.measure for line in package.lines}
    return Stage.ALLOCATED if measures == {Measure.ALLOCATION} else Stage.COMMITTED


def _movements(package: Package, valuation: Valuation) -> tuple[Mapping[str, Any], ...] | None:
    """The allocated part of a package that is allocated in part; old releases say nothing of stages."""
    if Column.MEASURE not in package.table.places:
        return None
    if valuation.allocated is None:
        return ()
    announced = package.announced
    return (
        {
            "stage": MovementStage.ALLOCATED.value,
            "amount": f"{valuation.allocated:f}",
            "on": format_span(announced) if announced else None,
            "note": None,
            "sources": [],
        },
    )


def _origins(package: Package) -> dict[str, Cell]:
    columns = {
        "donor": Column.DONOR, "aid_type": Column.AID_TYPE, "instrument": Column.FORM,
        "currency": Column.CURRENCY, "announced_on": Column.ANNOUNCED, "notes": Column.EXPLANATION,
        "sources": Column.SOURCE_1, "items": Column.ITEM, "status": Column.MEASURE,
        "amount": Column.TOTAL if Column.TOTAL in package.table.places else Column.GIVEN,
        "reference": Column.PACKAGE,
    }  # fmt: skip
    return {
        name: package.cell(column)
        for name, column in columns.items()
        if column in package.table.places
    }


def _error(package: Package, column: Column, code: str, detail: str) -> Finding:
    return Finding.at(package.cell(column), Severity.ERROR, code, detail)


RULES: Final = LayoutRules(
    name="kiel",
    recognises=recognises,
    map=map_book,
    # The 37 sheets of the seventh release hold 400 columns and a ReadMe of 16,219 rows; later ones have 80 sheets.
    limits=Limits(file_bytes=40 * 2**20, sheets=150, rows=100_000, columns=2_000, cells=3_000_000),
    series="kiel",
)
