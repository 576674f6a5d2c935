"""How far a person's long work is; when it is over, on to its result, or why there is none."""

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from services.kernel.web.auth import Caller
from services.kernel.web.pages.long_work import PREFIX, jobs_of, kind_name, named, refusal_of
from services.kernel.web.pages.render import Pages, message_of
from services.kernel.web.pages.session import signed_in
from services.kernel.web.problems import Problem

PAGES = Pages()
ANYBODY = Depends(signed_in())


def job_page(service: str) -> APIRouter:
    """The pages of one service, `/dang-chay/{service}` and `…/{job}`, for whoever asked for the work."""
    router = APIRouter()

    @router.get(f"/{PREFIX}/{service}")
    async def mine(request: Request, caller: Caller = ANYBODY) -> Response:
        """What a person asked for here; in place of another page only what they have not seen the end of."""
        if request.headers.get("hx-request"):
            return PAGES.page(request, "jobs_under_way.html", {}, caller=caller)
        rows = [named(request, job) for job in await jobs_of(request).newest(caller.name)]
        return PAGES.page(request, "jobs.html", {"rows": rows, "service": service}, caller=caller)

    @router.get(f"/{PREFIX}/{service}/{{job_id}}")
    async def shown(request: Request, job_id: str, caller: Caller = ANYBODY) -> Response:
        jobs = jobs_of(request)
        job = await jobs.find(job_id, caller.name)
        name = kind_name(request, job) if job else ""
        if job is None or not name:
            raise Problem(404, "not-found")
        if job.over:
            await jobs.seen(job_id)
        in_place = bool(request.headers.get("hx-request"))
        if job.address is not None:
            return Response(headers={"HX-Redirect": job.address}) if in_place else RedirectResponse(job.address, 303)
        context = {
            "job": job,
            "name": name,
            "all": f"/{PREFIX}/{service}",
            "refusal": message_of(request, refusal_of(job)) if job.state == "refused" else "",
        }
        return PAGES.page(request, "job_part.html" if in_place else "job.html", context, caller=caller)

    return router
