"""The form of a check of the log: a mark for each line of the sample."""

from werkzeug.datastructures import MultiDict
from wtforms import RadioField
from wtforms.validators import InputRequired

from intake.log_checks import LineFinding, LogCheck
from web.forms import StaffForm, choices_of
from web.labels import options

_LINE = "line-"


class CheckForm(StaffForm):
    """A check; each line's field is called by its event's row."""

    def findings(self) -> dict[int, LineFinding]:
        """Return what was found, by the event's row."""
        return {
            int(field.name.removeprefix(_LINE)): LineFinding(field.data)
            for field in self
            if field.name.startswith(_LINE)
        }


def check_form(check: LogCheck, fresh: bool = False) -> CheckForm:
    """Return the form of a check, as it was sent or with nothing marked."""
    fields = {
        f"{_LINE}{line.event_id}": RadioField(
            f"Rad {number}",
            [InputRequired("Markera raden.")],
            choices=choices_of(options(LineFinding)),
        )
        for number, line in enumerate(check.lines, start=1)
    }
    form: CheckForm = type("_Check", (CheckForm,), fields)(
        MultiDict() if fresh else None
    )
    return form
