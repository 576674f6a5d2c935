"""Templates → pages: one layout, the words of the kernel and of the service, and what every page needs to know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages import shown
from services.kernel.web.pages.amount_words import in_words
from services.kernel.web.pages.long_work import not_seen
from services.kernel.web.pages.session import here, keys_of, language_of, theme_of
from services.kernel.web.pages.static import address_of
from services.kernel.web.pages.texts import Catalogue
from services.kernel.web.problems import TITLES, Problem

_OWN = Path(__file__).parent
HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none';"
    " form-action 'self'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    # Personal data: kept by no proxy and by no disk of an office's shared machine.
    "cache-control": "no-store",
    "vary": "Cookie, HX-Request",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation: its address and its name in both languages."""

    address: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class Site:
    """What the layout shows of the whole site, told by the composition root.

    `entries`: those of a role, in order. `role_name`: the role's name by language. `unit`: the issuing unit of a
    person in a month. `may_search`: whether the head has the search for people. `service_name`: a service's name by
    language.
    """

    entries: Callable[[str], Sequence[Entry]]
    role_name: Callable[[str, str], str]
    unit: Callable[[Caller, str], str]
    may_search: Callable[[str], bool]
    service_name: Callable[[str, str], str]


class Pages:
    """The pages of one service: `folders` hold `templates/` and `texts/*.toml`, its own first, then shared ones; the
    frame's come last by themselves."""

    def __init__(self, *folders: Path) -> None:
        every = [*folders, _OWN]
        self.texts = Catalogue(file for one in reversed(every) for file in sorted((one / "texts").glob("*.toml")))
        self._environment = Environment(
            loader=FileSystemLoader([one / "templates" for one in every]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= shown.FILTERS | {"in_words": in_words}
        self._environment.globals |= {"asset": address_of, "share": shown.share}

    def page(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        *,
        caller: Caller | None = None,
        status: int = 200,
        period: Period | None = None,
        as_of: datetime | None = None,
        refusal: Problem | None = None,
    ) -> HTMLResponse:
        """The page. `caller` None: nobody is signed in (no navigation). `as_of`: of what is shown, else now.

        `refusal`: why what the person just asked was not done; the page answers with its status and shows its message
        (`refused`, else "").
        """
        language = language_of(request)

        def say(key: str, **values: Any) -> str:
            return self.texts.say(language, key, **values)

        frame = {
            "t": say,
            "language": language,
            "theme": theme_of(request),
            "keyboard": keys_of(request),
            "caller": caller,
            "under_way": not_seen(request, caller) if caller else (),
            "site": request.app.state.site,
            "period": period or period_of(request),
            "as_of": as_of or clock.now(),
            "here": here(request),
            "path": request.url.path,
            "said": self._said(request, say),
            "refused": message_of(request, refusal) if refusal else "",
            "csrf": caller.csrf if caller else "",
            "new_key": clock.new_id,
            "fragment": bool(request.headers.get("hx-request")) and not request.headers.get("hx-boosted"),
        }
        html = self._environment.get_template(template).render(frame | dict(context))
        return HTMLResponse(html, refusal.status if refusal else status, headers=HEADERS)

    def _said(self, request: Request, say: Callable[..., str]) -> str:
        """What the write before this page did: a text of the catalogue's table `said`, with a figure if it has one."""
        key = f"said.{request.query_params.get('da', '')}"
        if key not in self.texts:
            return ""
        figure = request.query_params.get("so", "")[:20]
        return say(key, n=shown.number(int(figure)) if figure.isascii() and figure.isdigit() else "")


def message_of(request: Request, why: Problem) -> str:
    """What a Problem says, in the person's language."""
    spoken = language_of(request)
    vi, en = TITLES.get(why.slug, ("", ""))
    return why.detail[spoken] or (en if spoken == "en" else vi) or why.slug


def period_of(request: Request) -> Period:
    """The month of the address (`?period=2023-11`), else that of the business day."""
    try:
        return Period(request.query_params.get("period", ""))
    except ValueError:
        return Period.of(clock.today())


def address_after(address: str, said: str = "", n: int | None = None, at: str = "", **query: str) -> str:
    """The address of a page that says `said` (a key of the table `said` without its prefix) with a figure.

    `at`: the id of the element to come to.
    """
    more = query | ({"da": said} if said else {}) | ({"so": str(n)} if n is not None else {})
    joined = "&" if "?" in address else "?"
    place = f"#{at}" if at else ""
    return f"{address}{joined if more else ''}{urlencode(more)}{place}"


def see(address: str, said: str = "", n: int | None = None, at: str = "", **query: str) -> RedirectResponse:
    """After a write: on to a page (303), see `address_after`."""
    return RedirectResponse(address_after(address, said, n, at, **query), 303)
