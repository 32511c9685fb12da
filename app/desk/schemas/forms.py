"""Forms are read as the API would read the body that they make."""

from pydantic import ValidationError

from app.desk.domain import Form, OnRecord, Places, ReadForm, by_field, nest
from app.desk.schemas.commands import READINGS
from app.desk.schemas.fields import to_body
from app.kernel.errors import InvalidError
from app.problems import finding_of


def read_form(form: Form, on_record: OnRecord | None = None) -> ReadForm:
    """Read what was filled in, as the API would read the body.

    Args:
        form: as it was sent.
        on_record: what it is read against; nothing by default.

    Raises:
        NotFoundError: the form does not say what it changes, or that is not there.
    """
    reading, against = READINGS[form.kind], on_record or OnRecord()
    raw, places = to_body(reading.body, nest(form.fields), nullable=reading.nullable)
    places = reading.places(form, against, places)
    try:
        command = reading.make(form, reading.body.model_validate(raw), against)
    except ValidationError as error:
        found = [finding_of({**one, "loc": ("body", *one["loc"])}) for one in error.errors()]
        return _refused(form, InvalidError(found), places)
    except InvalidError as refused:
        return _refused(form, refused, places)
    return ReadForm(form=form, command=command, places=places, findings={})


def _refused(form: Form, refused: InvalidError, places: Places) -> ReadForm:
    return ReadForm(
        form=form, command=None, places=places, findings=by_field(refused.findings, places)
    )
