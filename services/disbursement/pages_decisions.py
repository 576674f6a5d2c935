"""Pages on which a run is approved, sent, given back or dropped: each its own, none to be pressed by mistake."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request, Response

from services.disbursement import run_handlers, showing, sight, told
from services.disbursement.events import run_stream
from services.disbursement.page_frame import PAGES, again_address, is_fresh, ordinal, require
from services.disbursement.run import Approve, Cancel, Command, Refuse, Send, run
from services.kernel import clock
from services.kernel.commands import Handler
from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import posted
from services.kernel.web.pages.long_work import Kind, Run, carried_out
from services.kernel.web.pages.render import address_after
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of
from services.reference import access

router = APIRouter()
APPROVER = Depends(signed_in(access.DISTRICT_APPROVER))
OFFICE = Depends(signed_in(*sight.OFFICE))
REASON_LETTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to a run, in words: by which command, whether its reason is asked for, whether the password must
    be fresh.
    """

    vi: str
    en: str

    command: Callable[[str, str], Command]
    reason: bool
    fresh: bool


DEEDS: Mapping[str, Deed] = {
    "duyet": Deed("Duyệt đợt chi trả", "Approval of a run", lambda by, _: Approve(by), reason=False, fresh=True),
    "chuyen-lenh": Deed(
        "Chuyển lệnh", "Sending of a run", lambda by, _: Send(by, clock.today()), reason=False, fresh=True
    ),
    "tra-lai": Deed("Trả lại đợt chi trả", "Return of a run", Refuse, reason=True, fresh=False),
    "huy": Deed("Hủy đợt chi trả", "Cancellation of a run", Cancel, reason=True, fresh=False),
}


@router.get("/chi-tra/{run_id}/duyet")
async def approving(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Asks for the approval."""
    return await _asked(request, caller, run_id, "duyet")


@router.post("/chi-tra/{run_id}/duyet")
async def approve(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Approves."""
    return await _done(request, caller, run_id, "duyet")


@router.get("/chi-tra/{run_id}/chuyen-lenh")
async def sending(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Asks whether to send."""
    return await _asked(request, caller, run_id, "chuyen-lenh")


@router.post("/chi-tra/{run_id}/chuyen-lenh")
async def send(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Sends: from here on money moves."""
    return await _done(request, caller, run_id, "chuyen-lenh")


@router.get("/chi-tra/{run_id}/tra-lai")
async def refusing(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Asks why the run is given back."""
    return await _asked(request, caller, run_id, "tra-lai")


@router.post("/chi-tra/{run_id}/tra-lai")
async def refuse(request: Request, run_id: str, caller: Caller = APPROVER) -> Response:
    """Gives the run back to who prepared it."""
    return await _done(request, caller, run_id, "tra-lai")


@router.get("/chi-tra/{run_id}/huy")
async def cancelling(request: Request, run_id: str, caller: Caller = OFFICE) -> Response:
    """Asks why the run is dropped."""
    return await _asked(request, caller, run_id, "huy")


@router.post("/chi-tra/{run_id}/huy")
async def cancel(request: Request, run_id: str, caller: Caller = OFFICE) -> Response:
    """Drops the run."""
    return await _done(request, caller, run_id, "huy")


async def _asked(
    request: Request, caller: Caller, run_id: str, name: str, reason: str = "", why: Problem | None = None
) -> Response:
    """The page of a deed, with its button or what stands in its way."""
    deed = DEEDS[name]
    running = running_of(request)
    async with running.pool.acquire() as connection:
        row = await showing.run_row(connection, run_id, caller.role)
        number = await ordinal(connection, row)
        steps = (await told.steps(connection, [run_id])).get(run_id, {})
        streams = await running.store.load(connection, [run_stream(run_id)])
    context = {
        "run": showing.run_fields(row, caller.role),
        "ordinal": number,
        "steps": steps,
        "deed": name,
        "asks_reason": deed.reason,
        "reason": reason,
        "hindrance": _hindrance(deed.command(caller.name, reason), streams[run_stream(run_id)].events),
        "fresh": is_fresh(caller) or not deed.fresh,
        "again": again_address(request),
    }
    return PAGES.page(request, "decide.html", context, caller=caller, period=Period(row["period"]), refusal=why)


def _hindrance(command: Command, events: Sequence[Event]) -> str:
    """The code of why the command could not be done now, by the run's own rules; "" if it can."""
    try:
        run.decide(command, run.fold(events))
    except Rejected as why:
        return why.code
    return ""


async def _done(request: Request, caller: Caller, run_id: str, name: str) -> Response:
    deed = DEEDS[name]
    form = await posted(request, caller)
    reason = form.one("reason")[:REASON_LETTERS_MAX]
    try:
        require(not deed.fresh or is_fresh(caller), "password-again")
        require(not deed.reason or reason, "reason-missing")
        return await carried_out(request, caller, form, f"run-{name}", f"/chi-tra/{run_id}/{name}")
    except Problem as why:
        if why.status == 404:
            raise
        return await _asked(request, caller, run_id, name, reason, why)


def _does(name: str) -> Callable[[Run], Awaitable[str]]:
    """What does the deed of that name."""

    async def do(run: Run) -> str:
        run_id, reason = run.path["run_id"], run.form.one("reason")[:REASON_LETTERS_MAX]
        await run.submit(_handler(run.caller, run_id, DEEDS[name].command(run.caller.name, reason)))
        return address_after(f"/chi-tra/{run_id}", name.replace("-", "_"))

    return do


def _handler(caller: Caller, run_id: str, command: Command) -> Handler:
    if isinstance(command, Send):
        return lambda work: run_handlers.send(work, caller, run_id)
    return lambda work: run_handlers.move(work, caller, run_id, command)


LONG_WORK = {f"run-{name}": Kind(_does(name), deed.vi, deed.en) for name, deed in DEEDS.items()}
