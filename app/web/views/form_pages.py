"""Where each form is, what it is called, and what one should know before filling it in."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from app.desk.domain import FormKind

_ERROR: Final = (
    "For what should never have been recorded; it counts no longer, and its history stays."
)
_VEHICLE: Final = "/legislation/vehicles/{name}"


class FormPage(NamedTuple):
    """The page of a form.

    Attributes:
        path: with ``{name}`` for a reference or an id, and ``{part}`` for what of it the form is about.
    """

    path: str
    title: str
    basis: str


FORM_PAGES: Final[Mapping[FormKind, FormPage]] = {
    FormKind.PLEDGE: FormPage(
        "/pledges/new",
        "New pledge",
        "What a donor promised, as the source says it. A preview comes before anything is recorded.",
    ),
    FormKind.MOVEMENT: FormPage(
        "/pledges/{name}/movements/new",
        "New movement",
        "A step of the pledge, or of a part of it; the stages before it follow.",
    ),
    FormKind.AMENDMENT: FormPage(
        "/pledges/{name}/amend",
        "Amend a pledge",
        "A correction: the old values stay in the history, with the reason.",
    ),
    FormKind.WITHDRAWAL: FormPage(
        "/pledges/{name}/withdraw",
        "Withdraw a pledge",
        "For what should never have been recorded. A broken promise is a movement to cancelled.",
    ),
    FormKind.MOVEMENT_WITHDRAWAL: FormPage(
        "/pledges/{name}/movements/{part}/withdraw",
        "Withdraw a movement",
        "For a movement that should never have been recorded.",
    ),
    FormKind.LEGISLATIVE_REQUEST: FormPage(
        "/legislation/new",
        "New legislative request",
        "What a government asks its parliament for. It is in no total of pledges.",
    ),
    FormKind.REQUEST_AMENDMENT: FormPage(
        "/legislation/{name}/amend",
        "Amend a legislative request",
        "A correction: the old values stay in the history, with the reason.",
    ),
    FormKind.REQUEST_WITHDRAWAL: FormPage(
        "/legislation/{name}/withdraw",
        "Withdraw a legislative request",
        "For what should never have been recorded. A government that takes its request back is an action.",
    ),
    FormKind.ACTION: FormPage(
        "/legislation/{name}/actions/new",
        "New action",
        "What happened to the request, by its own date.",
    ),
    FormKind.ACTION_WITHDRAWAL: FormPage(
        "/legislation/{name}/actions/{part}/withdraw", "Withdraw an action", _ERROR
    ),
    FormKind.CLAIMS: FormPage(
        "/legislation/{name}/lines/{part}/claims",
        "What sources say of a line",
        "Where sources disagree, all that they say is kept, and one of them counts.",
    ),
    FormKind.ENACTMENT: FormPage(
        "/legislation/{name}/enact",
        "Record what became law",
        "The amount leaves what is pending, and the enacted lines open, in one entry.",
    ),
    FormKind.ENACTED_LINE_AMENDMENT: FormPage(
        "/legislation/{name}/enacted/{part}/amend",
        "What became of an enacted line",
        "Money that was taken back after it was law; never below what pledges are paid from it.",
    ),
    FormKind.ENACTMENT_WITHDRAWAL: FormPage(
        "/legislation/{name}/enactments/{part}/withdraw",
        "Withdraw an enactment",
        "For what did not become law, or not so; what it settled is pending again.",
    ),
    FormKind.FUNDING: FormPage(
        "/legislation/{name}/funding/new",
        "Say what an enacted line pays for",
        "All pledges together never take more than was enacted and still stands.",
    ),
    FormKind.FUNDING_WITHDRAWAL: FormPage(
        "/legislation/{name}/funding/{part}/withdraw", "Withdraw a funding link", _ERROR
    ),
    FormKind.VEHICLE_LINK: FormPage(
        "/legislation/{name}/vehicles/new",
        "Attach a bill to a request",
        "From the day on which it carries the request, what happens to the bill moves the request.",
    ),
    FormKind.VEHICLE: FormPage(
        "/legislation/vehicles/new",
        "New bill or decision",
        "A bill, a budget or a committee decision, whatever it carries.",
    ),
    FormKind.VEHICLE_AMENDMENT: FormPage(
        f"{_VEHICLE}/amend",
        "Amend a bill or decision",
        "A correction: the old values stay in the history, with the reason.",
    ),
    FormKind.VEHICLE_ACTIONS: FormPage(
        f"{_VEHICLE}/actions/new",
        "What happened to a bill",
        "One step or several, all of them or none.",
    ),
    FormKind.VEHICLE_ACTION_WITHDRAWAL: FormPage(
        f"{_VEHICLE}/actions/{{part}}/withdraw", "Withdraw an action of a bill", _ERROR
    ),
}
