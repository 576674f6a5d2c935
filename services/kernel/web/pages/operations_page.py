"""Vận hành of one service: how far behind it is, and the records that it could not apply. The same in every service."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import orjson
from fastapi import APIRouter, Depends, Request, Response

from services.kernel import clock, dead_letters, masking
from services.kernel.commands import Answer, Work
from services.kernel.dead_letters import Done, Place
from services.kernel.samples import waiting_of
from services.kernel.service import Running
from services.kernel.web import looks
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form, posted, submit
from services.kernel.web.pages.render import Pages, see
from services.kernel.web.pages.session import signed_in
from services.kernel.web.paging import number_after, page
from services.kernel.web.problems import Problem
from services.kernel.web.writes import running_of

PAGES = Pages()
OPERATORS = Depends(signed_in("admin", "auditor", "district-officer"))
ADMIN = Depends(signed_in("admin"))
PAGE = 100
REASON_LETTERS_MAX = 300
OFFSET_MAX = 2**63 - 1
# `loc` of the address → which records that do not wait any more.
KINDS: Mapping[str, Done] = {"xu-ly-lai": "replayed", "bo-qua": "dismissed"}
LAST_EVENT = "select recorded_at from events order by position desc limit 1"


def operations_pages(service: str) -> APIRouter:
    """The pages of that service under `/van-hanh`."""
    router = APIRouter()
    base = f"/van-hanh/{service}"

    @router.get(base)
    async def shown(request: Request, cursor: str | None = None, caller: Caller = OPERATORS) -> Response:
        """How the service does, and its dead letters; asked by a page of all services, its row of that page's table."""
        if request.headers.get("hx-request"):
            state, stopped = await _state(running_of(request)), request.query_params.get("dung") == "1"
            context = {"base": base, "service": service, "state": state, "stopped": stopped}
            return PAGES.page(request, "operations_row.html", context, caller=caller)
        return await _page(request, caller, service, base, cursor)

    @router.post(f"{base}/xu-ly-lai")
    async def replay(request: Request, caller: Caller = ADMIN) -> Response:
        """Applies the ticked records again, each on its own."""
        form = await posted(request, caller)
        try:
            wanted = _ticked(form)
        except Problem as why:
            return await _page(request, caller, service, base, None, why)

        async def handle(_work: Work) -> Answer:
            consumer = running_of(request).consumer
            found = await dead_letters.replay(consumer, wanted, caller.name) if consumer else []
            refused = any(one is not None and one.outcome == "refused" for one in found)
            return Answer.json("letters_refused" if refused else "letters_replayed")

        answer = await submit(request, caller, form, handle)
        return see(base, said=orjson.loads(answer.body))

    @router.post(f"{base}/bo-qua")
    async def dismiss(request: Request, caller: Caller = ADMIN) -> Response:
        """Asks why the ticked records are put aside for good; with a reason, puts them aside."""
        form = await posted(request, caller)
        try:
            wanted = _ticked(form)
        except Problem as why:
            return await _page(request, caller, service, base, None, why)
        reason = form.one("ly_do")[:REASON_LETTERS_MAX]
        context = {"base": base, "service": service, "places": wanted, "tokens": form.all("ban_tin")}
        if not reason:
            asked = "hoi" in form.fields
            return PAGES.page(
                request, "dismiss.html", context | {"wrong": asked}, caller=caller, status=422 if asked else 200
            )

        async def handle(work: Work) -> Answer:
            gone = await dead_letters.dismiss(work.connection, wanted, caller.name, reason)
            return Answer.json({"dismissed": gone})

        await submit(request, caller, form, handle)
        return see(base, said="letters_dismissed")

    @router.get(f"{base}/ban-tin/{{topic}}/{{partition}}/{{offset}}")
    async def opened(request: Request, topic: str, partition: int, offset: int, caller: Caller = ADMIN) -> Response:
        """One record without what may be of a person; that it was opened is on record."""
        if not (0 <= offset <= OFFSET_MAX and 0 <= partition < 2**31):
            raise Problem(404, "not-found")
        place = Place(topic, partition, offset)
        async with running_of(request).pool.acquire() as connection:
            row = await dead_letters.get(connection, place)
        if row is None:
            raise Problem(404, "not-found", "Bản tin này không còn chờ.", "The record is not waiting any more.")
        whom = [f"{topic}-{partition}-{offset}", *masking.ids_in(row["value"])]
        await looks.record(request, caller, "person", whom)
        context = {
            "base": base,
            "service": service,
            "row": row,
            "values": masking.shown(row["value"]),
            "length": len(row["value"] or b""),
            "key": masking.header((row["key"] or b"").decode("utf-8", "replace")),
        }
        return PAGES.page(request, "dead_letter.html", context, caller=caller)

    return router


async def _page(
    request: Request,
    caller: Caller,
    service: str,
    base: str,
    cursor: str | None,
    why: Problem | None = None,
) -> Response:
    running = running_of(request)
    done = KINDS.get(request.query_params.get("loc", ""))
    async with running.pool.acquire() as connection:
        counts = await dead_letters.counts(connection)
        rows, following = await _letters(connection, done, cursor)
    context = {
        "base": base,
        "service": service,
        "state": await _state(running),
        "kind": done or "waiting",
        "filters": [("", "waiting"), *KINDS.items()],
        "counts": counts,
        "letters": rows,
        "following": following,
        "may_write": caller.role == "admin",
    }
    return PAGES.page(request, "operations.html", context, caller=caller, refusal=why)


async def _letters(
    connection: asyncpg.Connection, done: Done | None, cursor: str | None
) -> tuple[Sequence[asyncpg.Record], str | None]:
    if done:
        return await dead_letters.done(connection, done), None
    return page(await dead_letters.find(connection, number_after(cursor), PAGE), PAGE, "number")


async def _state(running: Running) -> dict[str, Any]:
    """What an operator asks first; `oldest`: seconds since the oldest event was recorded that is not sent yet."""
    lag = await running.lag()
    last, oldest = await running.pool.fetchval(LAST_EVENT), await running.relay.oldest_unpublished()
    taken = running.samples.taken
    return lag | {
        "waiting": waiting_of(lag),
        "last": last,
        "oldest": int((clock.now() - oldest).total_seconds()) if oldest else None,
        "line": [*(one.waiting for one in taken), waiting_of(lag)],
        "since": taken[0].at if taken else None,
    }


def _ticked(form: Form) -> list[Place]:
    """The records that were ticked, each as `partition:offset:topic`. Raises Problem 422."""
    chosen = form.all("ban_tin")[: dead_letters.AT_ONCE_MAX]
    if not chosen:
        raise Problem(422, "nothing-chosen", "Chưa chọn bản tin nào.", "No record is ticked.")
    return [_place(one) for one in chosen]


def _place(token: str) -> Place:
    partition, _, rest = token.partition(":")
    offset, _, topic = rest.partition(":")
    numbers = partition.isascii() and partition.isdigit() and offset.isascii() and offset.isdigit()
    if not (numbers and topic and int(partition) < 2**31 and int(offset) <= OFFSET_MAX and "\x00" not in topic):
        raise Problem(422, "input-wrong", "Bản tin đã chọn không đúng.", "A ticked record is none of ours.")
    return Place(topic, int(partition), int(offset))
