"""The composition root of the portal."""

from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

from services.kernel.event_types import EventTypes
from services.kernel.service import Running, running
from services.kernel.settings import ServiceSettings
from services.kernel.web.service_app import service_app

PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>An Sinh</title>
<body style="font-family: sans-serif; max-width: 40rem; margin: 2rem auto; line-height: 1.5">
<h1>An Sinh</h1><p>Chi trả an sinh xã hội không dùng tiền mặt.</p>
<ul><li><a href="/registry/docs">Sổ đối tượng</a><li><a href="/onboarding/docs">Tài khoản</a>
<li><a href="/disbursement/docs">Chi trả</a><li><a href="/reporting/docs">Báo cáo</a></ul>
<p>Lấy mã truy cập bằng lệnh <code>ansinh token VAI-TRÒ</code>.</p></body></html>"""


def build(settings: ServiceSettings) -> FastAPI:
    """The portal on these settings."""
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse)
    async def front() -> str:
        return PAGE

    def start(wanted: ServiceSettings) -> AbstractAsyncContextManager[Running]:
        return running(wanted, EventTypes([]), [], None)

    return service_app(settings, start, [router], {})
