"""What a page's form sends: read with a bound, checked to be the site's own, written once however often pressed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from fastapi import Request

from services.kernel.commands import Answer, Handler
from services.kernel.web.auth import Caller
from services.kernel.web.body import read_fields
from services.kernel.web.pages.session import is_of_session, require_same_site
from services.kernel.web.writes import perform

CSRF, KEY = "csrf", "key"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values, and the file if it brought one that is not empty."""

    fields: Mapping[str, Sequence[str]]
    file: bytes = b""
    file_name: str = ""
    key: str = field(default="", repr=False)

    def one(self, name: str) -> str:
        """The field's value without spaces at the ends, "" where it lacks."""
        return (self.fields.get(name) or [""])[-1].strip()

    def all(self, name: str) -> list[str]:
        """All values of a field that may be ticked many times."""
        return list(self.fields.get(name, ()))

    def identity(self) -> tuple[bytes, ...]:
        """What makes two forms the same: a second press of the same page's button."""
        pairs = sorted((name, value) for name, values in self.fields.items() for value in values)
        return (self.file, *(f"{name}={value}".encode() for name, value in pairs))


class SessionChanged(Exception):
    """The form is ours but of an earlier session: the person sees it again and presses once more."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


async def posted(request: Request, caller: Caller | None) -> Form:
    """The form of a POST; `caller` None where nobody need be signed in.

    Raises Problem 403 (another site's), 413, 422, or SessionChanged.
    """
    fields, content, name = await read_fields(request)
    own = {key: values for key, values in fields.items() if key not in (CSRF, KEY)}
    form = Form(own, content, name, "".join(fields.get(KEY, ())[:1]))
    require_same_site(request)
    if caller and not is_of_session(caller, "".join(fields.get(CSRF, ())[:1])):
        raise SessionChanged(form)
    return form


async def submit(request: Request, caller: Caller, form: Form, handler: Handler) -> Answer:
    """Runs a handler for a form, once for each key. Raises Problem."""
    return await perform(request, caller, form.key, form.identity(), handler)
