"""Made-up histories of pledges that the rules accept: the same seed tells the same story."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.db import Database
from app.kernel.errors import AppError
from app.pledges import service
from app.pledges.domain import (
    AmendPledge,
    Command,
    Pledge,
    RecordMovement,
    RecordPledge,
    WithdrawMovement,
    WithdrawPledge,
    decide,
)
from tests.clock import StoppedClock

TODAY: Final = date(2026, 11, 22)
DONORS: Final = ("DK", "DE", "NO", "GB", "EPF")
CURRENCIES: Final = {"DK": "DKK", "DE": "EUR", "NO": "NOK", "GB": "GBP", "EPF": "EUR"}
AID_TYPES: Final = ("military", "financial", "humanitarian")
INSTRUMENTS: Final = ("in_kind", "grant", "loan", "authority")
AMOUNTS: Final = ("100.00", "250.00", "33.33", "12.50", "1000000.01", None)
PARTS: Final = ("10.00", "12.50", "33.33", None)
DATES: Final = ("2022-03-01", "2023-11-14", "2023-11", "2023", "2023-12-05", "2024-02", None)
STAGES: Final = ("pledged", "committed", "allocated", "delivered")
MOVING: Final = ("committed", "allocated", "delivered", "cancelled")


class Storyteller:
    """Tells commands one by one, each of them possible after those before."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.pledges: dict[UUID, Pledge] = {}

    def tell(self, count: int) -> Iterator[Command]:
        """So many commands."""
        while count:
            command = self._think()
            if self._is_possible(command):
                count -= 1
                yield command

    def _is_possible(self, command: Command) -> bool:
        try:
            change = decide(self.pledges.get(command.pledge_id), command, TODAY)
        except AppError:
            return False
        self.pledges[change.pledge.id] = change.pledge
        return True

    def _think(self) -> Command:
        if not self.pledges or self.dice.random() < 0.3:
            return self._new()
        pledge = self.dice.choice([*self.pledges.values()])
        match self.dice.randrange(12):
            case 0:
                return WithdrawPledge(pledge_id=pledge.id, reason="It was an error.")
            case 1 if pledge.movements:
                movement = self.dice.choice(pledge.movements)
                return WithdrawMovement(
                    pledge_id=pledge.id, movement_id=movement.id, reason="It was an error."
                )
            case 2 | 3 | 4 | 5:
                return AmendPledge(
                    pledge_id=pledge.id, changes=self._changes(), reason="It was so."
                )
            case _:
                return self._movement(pledge)

    def _new(self) -> RecordPledge:
        donor = self.dice.choice(DONORS)
        amount = self.dice.choice(AMOUNTS)
        number = self.dice.getrandbits(120)
        return RecordPledge(
            pledge_id=UUID(int=number, version=4),
            donor=donor,
            title=self.dice.choice(["Package", "Paket", "Budget support"]),
            aid_type=self.dice.choice(AID_TYPES),
            instrument=self.dice.choice(INSTRUMENTS),
            amount=amount,
            currency=CURRENCIES[donor] if amount else None,
            announced_on=self.dice.choice(DATES),
            status=self.dice.choice(STAGES),
            reference=f"R-{number:030X}",
        )

    def _movement(self, pledge: Pledge) -> RecordMovement:
        return RecordMovement(
            pledge_id=pledge.id,
            movement_id=UUID(int=self.dice.getrandbits(120), version=4),
            stage=self.dice.choice(MOVING),
            amount=self.dice.choice(PARTS) if pledge.amount else None,
            on=self.dice.choice(DATES),
        )

    def _changes(self) -> dict[str, Any]:
        choices: dict[str, Any] = {
            "donor": DONORS,
            "aid_type": AID_TYPES,
            "instrument": INSTRUMENTS,
            "amount": AMOUNTS,
            "currency": ("EUR", "DKK", "USD"),
            "announced_on": DATES,
            "status": STAGES,
            "title": ("Package", "Paket 2"),
        }
        names = self.dice.sample(sorted(choices), k=self.dice.randint(1, 3))
        return {name: self.dice.choice(choices[name]) for name in names}


def tell(
    database: Database, clock: StoppedClock, *, seed: int, count: int, batch: int = 50
) -> None:
    """Record a story of so many entries."""
    commands = [*Storyteller(seed).tell(count)]
    for start in range(0, count, batch):
        with database.transaction() as session:
            service.record(session, commands[start : start + batch], actor="desk", clock=clock)


def as_new(command: RecordPledge, number: int) -> RecordPledge:
    """The same pledge once more, as another one."""
    return replace(command, pledge_id=UUID(int=number, version=4), reference=f"N-{number}")
