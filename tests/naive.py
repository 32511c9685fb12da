"""A ledger as an accountant would keep it on paper: lists, loops, everything worked out afresh each time.

It shares nothing with the program but the shape of the commands: no parsing, no postings, no count
marks, no database. What a date or an amount means stands in tables, worked by hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.pledges.domain import (
    AmendPledge,
    Command,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
)

Days = tuple[date, date]
Paper = Mapping[str, Any]

ALWAYS: Days = (date.min, date.max)
STAGES = ("pledged", "committed", "allocated", "delivered")
MOVING = ("committed", "allocated", "delivered", "cancelled")
DONORS = ("DK", "NO", "EPF")
AID_TYPES = ("military", "financial", "humanitarian")
INSTRUMENTS = ("in_kind", "grant", "loan", "guarantee", "authority")
# Minor units of the currency; the last day of the kuna was 14 January 2023.
DECIMALS = {"DKK": 2, "EUR": 2, "JPY": 0, "HRK": 2}
KUNA_ENDS = date(2023, 1, 14)
DATES: dict[str | None, Days] = {
    None: ALWAYS,
    "2022-02-24": (date(2022, 2, 24), date(2022, 2, 24)),
    "2023-01-15": (date(2023, 1, 15), date(2023, 1, 15)),
    "2023-11-14": (date(2023, 11, 14), date(2023, 11, 14)),
    "2023-11": (date(2023, 11, 1), date(2023, 11, 30)),
    "2023-11-10/2023-12-05": (date(2023, 11, 10), date(2023, 12, 5)),
    "2023-12-01": (date(2023, 12, 1), date(2023, 12, 1)),
    "2023-12-31": (date(2023, 12, 31), date(2023, 12, 31)),
    "2023": (date(2023, 1, 1), date(2023, 12, 31)),
    "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
    "2026": (date(2026, 1, 1), date(2026, 12, 31)),
    "2026-11-22": (date(2026, 11, 22), date(2026, 11, 22)),
    "2030-01-01": (date(2030, 1, 1), date(2030, 1, 1)),
}


class RefusedError(Exception):
    """The accountant would not write this down."""


@dataclass(frozen=True)
class Line:
    """One line of a pledge's account at one stage.

    Attributes:
        amount: signed; ``None`` where the source does not say how much.
        ends: an amount that was never known is taken back.
    """

    stage: str
    days: Days
    valued_on: date
    amount: Decimal | None
    ends: bool = False


@dataclass
class Account:
    """What stands at each stage, and the lines that led there."""

    level: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(STAGES, Decimal(0)))
    vague: set[str] = field(default_factory=set)
    announced_on: date = date.max
    lines: list[Line] = field(default_factory=list)

    @property
    def status(self) -> str:
        """The furthest stage at which anything stands."""
        standing = [stage for stage in STAGES if self.level[stage] or stage in self.vague]
        return standing[-1] if standing else "cancelled"


def account_of(pledge: Paper) -> Account:
    """All movements gone through in the order of the world."""
    account = Account()
    if pledge["withdrawn"]:
        return account
    amount = _decimal(pledge["amount"])
    days = DATES[pledge["announced_on"]]
    account.announced_on = _valued_on(days, pledge["recorded_on"], date.max)
    for stage in STAGES[: STAGES.index(pledge["status"]) + 1]:
        _write(account, stage, days, pledge["recorded_on"], amount)
    live = [one for one in pledge["movements"] if not one["withdrawn"]]
    for movement in sorted(live, key=_place):
        _go_through(account, pledge, movement)
        levels = [account.level[stage] for stage in STAGES]
        assert levels == sorted(levels, reverse=True)
        assert min(levels) >= 0
    return account


def _place(movement: Paper) -> tuple[date, date, int]:
    first, last = DATES[movement["on"]]
    return last, first, MOVING.index(movement["stage"])


def _go_through(account: Account, pledge: Paper, movement: Paper) -> None:
    amount = _decimal(movement["amount"])
    nothing_left = not account.level["pledged"] and "pledged" not in account.vague
    if nothing_left or (amount is not None and pledge["amount"] is None):
        raise RefusedError
    if movement["stage"] != "cancelled":
        _move_on(account, movement, amount)
    elif pledge["amount"] is not None:
        _cancel(account, movement, amount)
    elif "delivered" not in account.vague:
        _end_the_vague(account, movement)


def _move_on(account: Account, movement: Paper, amount: Decimal | None) -> None:
    target = movement["stage"]
    before = STAGES[1 : STAGES.index(target)]
    if amount is None:
        missing = [one for one in before if not account.level[one] and one not in account.vague]
        for stage in (*missing, target):
            _write_movement(account, movement, stage, None)
        return
    _write_movement(account, movement, target, amount)
    if account.level[target] > account.level["pledged"]:
        raise RefusedError
    for stage in before:
        lacking = account.level[target] - account.level[stage]
        if lacking > 0:
            _write_movement(account, movement, stage, lacking)


def _cancel(account: Account, movement: Paper, amount: Decimal | None) -> None:
    not_delivered = account.level["pledged"] - account.level["delivered"]
    if amount is None and "delivered" in account.vague:
        raise RefusedError
    taken_back = not_delivered if amount is None else amount
    if not 0 < taken_back <= not_delivered:
        raise RefusedError
    remaining = account.level["pledged"] - taken_back
    for stage in STAGES:
        if account.level[stage] > remaining:
            _write_movement(account, movement, stage, remaining - account.level[stage])
    if not remaining:
        _end_the_vague(account, movement)


def _end_the_vague(account: Account, movement: Paper) -> None:
    for stage in account.vague:
        days = DATES[movement["on"]]
        valued_on = _valued_on(days, movement["recorded_on"], account.announced_on)
        account.lines.append(Line(stage, days, valued_on, None, ends=True))
    account.vague.clear()


def _write_movement(account: Account, movement: Paper, stage: str, amount: Decimal | None) -> None:
    _write(account, stage, DATES[movement["on"]], movement["recorded_on"], amount)


def _write(
    account: Account, stage: str, days: Days, recorded_on: date, amount: Decimal | None
) -> None:
    if amount is None:
        account.vague.add(stage)
    else:
        account.level[stage] += amount
    valued_on = _valued_on(days, recorded_on, account.announced_on)
    account.lines.append(Line(stage, days, valued_on, amount))


def _valued_on(days: Days, recorded_on: date, announced_on: date) -> date:
    """An amount without a date takes the day of its pledge's announcement, which has none either at the worst."""
    return announced_on if days == DATES[None] else min(days[1], recorded_on)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# ----------------------------------------------------------------------------------------- questions


@dataclass(frozen=True)
class Figures:
    """What a total says of some pledges at a stage."""

    amount: Decimal
    pledges: int
    unvalued: int


def inside(days: Days, window: Days) -> bool:
    """Whether a date stands in a window for certain."""
    return window[0] <= days[0] and days[1] <= window[1]


def figures(pledge: Paper, stage: str, window: Days) -> Figures:
    """What one pledge brings to a stage within a window.

    A pledge counts where something happened to it; what has come to nothing counts for nothing where
    all of its course lies in the window.
    """
    account = account_of(pledge)
    lines = [line for line in account.lines if line.stage == stage]
    net: dict[Days, Decimal] = defaultdict(Decimal)
    for line in lines:
        net[line.days] += line.amount or 0
    unknown = [line.days for line in lines if line.amount is None and not line.ends]
    ended = [line.days for line in lines if line.ends]
    known = [days for days, amount in net.items() if amount]
    stands = bool(account.level[stage]) or stage in account.vague
    return Figures(
        sum((amount for days, amount in net.items() if inside(days, window)), Decimal(0)),
        _count([*known, *unknown, *ended], window, [] if stands else [*known, *unknown, *ended]),
        _count(unknown, window, [*unknown, *ended] if ended else []),
    )


def _count(dates: list[Days], window: Days, finished: list[Days]) -> int:
    if finished and all(inside(days, window) for days in finished):
        return 0
    return int(any(inside(days, window) for days in dates))


def total(pledges: Iterable[Paper], stage: str, window: Days = ALWAYS) -> Figures:
    """One after the other, added up."""
    each = [figures(pledge, stage, window) for pledge in pledges]
    return Figures(
        sum((one.amount for one in each), Decimal(0)),
        sum(one.pledges for one in each),
        sum(one.unvalued for one in each),
    )


# ------------------------------------------------------------------------------------------ commands


class Ledger:
    """Pledges by id, and what they were at every revision."""

    def __init__(self) -> None:
        self.pledges: dict[UUID, Paper] = {}
        self.past: list[dict[UUID, Paper]] = [{}]
        self.numbers: dict[tuple[str, int], int] = defaultdict(int)

    @property
    def revision(self) -> int:
        """How many commands were written down."""
        return len(self.past) - 1

    def record(self, commands: Sequence[Command], today: date) -> None:
        """Write all of them down, or none.

        Raises:
            RefusedError: one of them cannot be.
        """
        draft = self.copy()
        given = [
            one.reference for one in commands if isinstance(one, RecordPledge) and one.reference
        ]
        if len(set(given)) < len(given):
            raise RefusedError
        for command in commands:
            pledge = draft._obey(command, today, set(given))
            account_of(pledge)
            draft.pledges[command.pledge_id] = pledge
            draft.past.append(dict(draft.pledges))
        self.pledges, self.past, self.numbers = draft.pledges, draft.past, draft.numbers

    def try_record(self, commands: Sequence[Command], today: date) -> bool:
        """As ``record``, telling whether they were written down."""
        try:
            self.record(commands, today)
        except RefusedError:
            return False
        return True

    def copy(self) -> "Ledger":
        """Another ledger that reads the same."""
        other = Ledger()
        other.pledges, other.past = dict(self.pledges), [*self.past]
        other.numbers = self.numbers.copy()
        return other

    def _obey(self, command: Command, today: date, given: set[str]) -> Paper:
        if isinstance(command, RecordPledge):
            return self._open(command, today, given)
        pledge = self.pledges.get(command.pledge_id)
        if pledge is None or pledge["withdrawn"]:
            raise RefusedError
        if command.expected_version not in {None, pledge["version"]}:
            raise RefusedError
        if isinstance(command, RecordMovement):
            changed = _with_movement(pledge, command, today)
        elif isinstance(command, AmendPledge):
            changed = _amended(pledge, command, today)
        elif isinstance(command, WithdrawMovement):
            changed = _without_movement(pledge, command)
        else:
            changed = _withdrawn(pledge, command)
        return {**changed, "version": pledge["version"] + 1}

    def _open(self, command: RecordPledge, today: date, given: set[str]) -> Paper:
        if command.pledge_id in self.pledges:
            raise RefusedError
        usual = "in_kind" if command.aid_type == "military" else "grant"
        names = (
            "donor",
            "title",
            "aid_type",
            "amount",
            "currency",
            "announced_on",
            "status",
            "notes",
        )
        pledge = {
            **{name: getattr(command, name) for name in names},
            "id": command.pledge_id,
            "instrument": command.instrument or usual,
            "version": 1,
            "recorded_on": today,
            "movements": (),
            "withdrawn": False,
        }
        _check(pledge, today)
        taken = {one["reference"] for one in self.pledges.values()}
        if command.reference in taken:
            raise RefusedError
        name = command.reference or self._number(pledge, today, taken | given)
        return {**_written_out(pledge), "reference": name}

    def _number(self, pledge: Paper, today: date, taken: set[str]) -> str:
        date_known = pledge["announced_on"] is not None
        year = DATES[pledge["announced_on"]][0].year if date_known else today.year
        while True:
            self.numbers[pledge["donor"], year] += 1
            name = f"{pledge['donor']}-{year}-{self.numbers[pledge['donor'], year]:04d}"
            if name not in taken:
                return name


def _with_movement(pledge: Paper, command: RecordMovement, today: date) -> dict[str, Any]:
    _check_date(command.on, today)
    if command.stage not in MOVING or _is_before(command.on, pledge["announced_on"]):
        raise RefusedError
    if command.amount is not None:
        _check_amount(command.amount, pledge["currency"])
    movement = {
        "id": command.movement_id, "stage": command.stage, "amount": command.amount, "on": command.on,
        "recorded_on": today, "withdrawn": False,
    }  # fmt: skip
    return {**pledge, "movements": (*pledge["movements"], movement)}


def _amended(pledge: Paper, command: AmendPledge, today: date) -> dict[str, Any]:
    if not command.reason.strip():
        raise RefusedError
    amended = {**pledge, **command.changes}
    _check(amended, today)
    valued = any(movement["amount"] is not None for movement in pledge["movements"])
    if valued and amended["currency"] != pledge["currency"]:
        raise RefusedError
    live = (one for one in pledge["movements"] if not one["withdrawn"])
    if any(_is_before(movement["on"], amended["announced_on"]) for movement in live):
        raise RefusedError
    amended = _written_out(amended)
    if _meaning(amended) == _meaning(pledge):
        raise RefusedError
    return amended


def _without_movement(pledge: Paper, command: WithdrawMovement) -> dict[str, Any]:
    known = {movement["id"] for movement in pledge["movements"] if not movement["withdrawn"]}
    if command.movement_id not in known or not command.reason.strip():
        raise RefusedError
    movements = tuple(
        {**one, "withdrawn": one["withdrawn"] or one["id"] == command.movement_id}
        for one in pledge["movements"]
    )
    return {**pledge, "movements": movements}


def _withdrawn(pledge: Paper, command: WithdrawPledge) -> dict[str, Any]:
    if not command.reason.strip():
        raise RefusedError
    return {**pledge, "withdrawn": True}


def _check(pledge: Paper, today: date) -> None:
    """Every field by itself, and money with its currency and date."""
    allowed = (
        pledge["donor"] in DONORS
        and pledge["title"].strip()
        and pledge["aid_type"] in AID_TYPES
        and pledge["instrument"] in INSTRUMENTS
        and pledge["status"] in STAGES
        and pledge["currency"] in {None, *DECIMALS}
    )
    if not allowed:
        raise RefusedError
    _check_date(pledge["announced_on"], today)
    first = DATES[pledge["announced_on"]][0]
    if pledge["currency"] == "HRK" and pledge["announced_on"] is not None and first > KUNA_ENDS:
        raise RefusedError
    if pledge["amount"] is not None:
        _check_amount(pledge["amount"], pledge["currency"])


def _check_amount(text: str, currency: str | None) -> None:
    if currency is None:
        raise RefusedError
    decimals = len(text.partition(".")[2])
    if not 0 < Decimal(text) <= 10**12 or decimals > DECIMALS[currency]:
        raise RefusedError


def _check_date(text: str | None, today: date) -> None:
    if text not in DATES:
        raise RefusedError
    if text is not None and DATES[text][0] > today + timedelta(days=1):
        raise RefusedError


def _is_before(text: str | None, announced_on: str | None) -> bool:
    if text is None or announced_on is None:
        return False
    return DATES[text][1] < DATES[announced_on][0]


def _written_out(pledge: Paper) -> dict[str, Any]:
    """The amount with all the decimals of its currency."""
    if pledge["amount"] is None:
        return dict(pledge)
    decimals = DECIMALS[pledge["currency"]]
    return {**pledge, "amount": f"{Decimal(pledge['amount']):.{decimals}f}"}


def _meaning(pledge: Paper) -> dict[str, Any]:
    return {**pledge, "announced_on": DATES[pledge["announced_on"]]}
