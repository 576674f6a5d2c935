"""A write over HTTP: one handler in one transaction, once per `Idempotency-Key`."""

from collections.abc import Callable

from fastapi import Request, Response

from services.kernel.commands import Answer, Commands, Handler, KeyUsedForOther, Repeatable
from services.kernel.copy_rows import EventTooLong
from services.kernel.decider import Rejected
from services.kernel.event_store import Conflict
from services.kernel.service import Running
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem

KEY_LETTERS_MAX = 200


def running_of(request: Request) -> Running:
    """The service that a request came to."""
    running: Running = request.app.state.running
    return running


async def write(request: Request, caller: Caller, identity: tuple[bytes, ...], handler: Handler) -> Response:
    """Runs `handler`; `identity` is what makes two inputs the same. Raises Problem."""
    key = request.headers.get("idempotency-key", "")
    return reply(await perform(request, caller, key, identity, handler))


async def perform(request: Request, caller: Caller, key: str, identity: tuple[bytes, ...], handler: Handler) -> Answer:
    """Runs `handler` in one transaction, once for each key where there is one. Raises Problem."""
    where = f"{request.method} {request.url.path}?{request.url.query}".encode()
    once = Repeatable.of(caller.name, key[:KEY_LETTERS_MAX], where, *identity) if key else None
    return await carry_out(running_of(request).commands, request.app.state.translate, caller, once, handler)


async def carry_out(
    commands: Commands,
    translate: Callable[[Rejected], Problem],
    caller: Caller,
    once: Repeatable | None,
    handler: Handler,
) -> Answer:
    """Runs `handler` for that person, what the domain refuses said by `translate`. Raises Problem."""
    try:
        return await commands.execute(handler, caller.name, once)
    except KeyUsedForOther as why:
        raise key_used() from why
    except Conflict as why:
        raise Problem(409, "try-again") from why
    except EventTooLong as why:
        raise Problem(
            413, "too-large", "Nội dung quá dài: chia làm nhiều phần rồi gửi.", "Too long: split it and send the parts."
        ) from why
    except Rejected as why:
        raise translate(why) from why


def key_used() -> Problem:
    """The same key came with another input."""
    return Problem(
        422,
        "key-used",
        "Khóa Idempotency-Key này đã dùng cho một nội dung khác.",
        "This Idempotency-Key was used for another input.",
    )


def reply(answer: Answer) -> Response:
    """An answer as an HTTP response."""
    return Response(answer.body, answer.status, media_type=answer.media_type)
