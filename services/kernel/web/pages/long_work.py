"""Work of a page that may take long: waited for a moment, then left to itself with a page that shows how far it is."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import State

from services.kernel import clock
from services.kernel.commands import Answer, Handler, KeyUsedForOther, Repeatable
from services.kernel.decider import Rejected
from services.kernel.jobs import Asked, CarryOut, Job, Jobs, Refused
from services.kernel.service import Running
from services.kernel.web.auth import Caller
from services.kernel.web.pages.forms import Form
from services.kernel.web.pages.session import language_of
from services.kernel.web.problems import Problem
from services.kernel.web.writes import KEY_LETTERS_MAX, carry_out, key_used

PREFIX = "dang-chay"
# Longer than this a press of a button does not keep the person waiting (screens: over 2 s the page says how far it is).
PATIENCE_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work as the function of its kind gets it: who asked, with which form, about what (`path`)."""

    running: Running
    caller: Caller
    form: Form
    path: Mapping[str, str]
    language: str
    translate: Callable[[Rejected], Problem]

    async def submit(self, handler: Handler) -> Answer:
        """Runs a handler for the form, once however often the work is begun. Raises Problem."""
        where = "/".join(self.path.values()).encode()
        once = Repeatable.of(self.caller.name, self.form.key, where, *self.form.identity())
        return await carry_out(self.running.commands, self.translate, self.caller, once, handler)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of long work: what does it (and gives the address of the result; raises Problem), and its name."""

    run: Callable[[Run], Awaitable[str]]
    vi: str
    en: str

    def name(self, language: str) -> str:
        return self.en if language == "en" else self.vi


Kinds = Mapping[str, Kind]


def jobs_of(request: Request) -> Jobs:
    """The jobs of the service that a request came to."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def carrier(state: State, kinds: Kinds) -> CarryOut:
    """Carries out the jobs of a service: the row's words become the person, the form and the address again."""

    async def carry(asked: Asked) -> str:
        said = asked.input
        run = Run(
            state.running,
            Caller(asked.person, said["role"], said["area"]),
            Form(said["fields"], asked.file, asked.file_name, asked.key),
            said["path"],
            said["language"],
            state.translate,
        )
        try:
            return await kinds[asked.kind].run(run)
        except Problem as why:
            raise Refused(_told(why)) from why

    return carry


async def carried_out(request: Request, caller: Caller, form: Form, kind: str, page: str) -> Response:
    """Has the work done: on to its result, or to the page of the work where that takes long.

    `page`: where the person came from and goes back to if it is refused later. Raises the Problem that it ends with.
    """
    said = {
        "role": caller.role,
        "area": caller.area,
        "fields": dict(form.fields),
        "path": dict(request.path_params),
        "language": language_of(request),
    }
    key = form.key[:KEY_LETTERS_MAX] or clock.new_id()
    jobs = jobs_of(request)
    try:
        job_id = await jobs.ask(Asked(caller.name, key, kind, said, form.file, form.file_name, page))
    except KeyUsedForOther as why:
        raise key_used() from why
    job = await jobs.wait(job_id, PATIENCE_SECONDS)
    if not job.over:
        return RedirectResponse(address_of(request, job), 303)
    await jobs.seen(job_id)
    if job.state == "failed":
        raise RuntimeError(f"job {job_id} failed")
    if job.address is None:
        raise refusal_of(job)
    return RedirectResponse(job.address, 303)


def address_of(request: Request, job: Job) -> str:
    """Where the work shows how far it is."""
    return f"/{PREFIX}/{request.app.state.running.settings.name}/{job.job_id}"


def not_seen(request: Request, caller: Caller) -> list[tuple[str, str, Job]]:
    """The person's work in this service of which they have not seen the end: its page, its name, how far it is."""
    jobs: Jobs | None = request.app.state.jobs
    several = [named(request, job) for job in (jobs.not_seen(caller.name) if jobs else ())]
    return [one for one in several if one[1]]


def named(request: Request, job: Job) -> tuple[str, str, Job]:
    """A job with the address of its page and its name."""
    return address_of(request, job), kind_name(request, job), job


def kind_name(request: Request, job: Job) -> str:
    """What the work is called, in the person's language; "" for a kind that this version has no more."""
    kinds: Kinds = request.app.state.kinds
    return kinds[job.kind].name(language_of(request)) if job.kind in kinds else ""


def refusal_of(job: Job) -> Problem:
    """Why the work was refused."""
    told = job.refusal or {}
    return Problem(told["status"], told["slug"], told["vi"], told["en"], **told["more"])


def _told(why: Problem) -> Mapping[str, Any]:
    return {"status": why.status, "slug": why.slug, **why.detail, "more": why.more}
