"""Files that people and banks send, read in worker processes; what can't be read becomes a problem document."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from services.kernel import progress
from services.kernel.tables.table import UnreadableTable
from services.kernel.web.body import Body
from services.kernel.web.problems import Problem
from services.kernel.worker import TooHeavy, workers

# What programs call XLSX and CSV; the content decides which of them a file is.
FILE_TYPES = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/csv",
    "application/csv",
    "application/vnd.ms-excel",
    "application/octet-stream",
)

P = ParamSpec("P")
T = TypeVar("T")


def require_table(body: Body) -> None:
    """Raises Problem 415 unless the body is a form's file, or a table by its media type."""
    if not body.file_name and body.media_type not in FILE_TYPES:
        raise Problem(
            415,
            "media-type",
            "Gửi tệp .xlsx hoặc .csv (biểu mẫu có trường file).",
            "Send an XLSX or CSV file (a form with the field file).",
        )


async def read_upload(reader: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `reader` makes of a file, run in a worker (it and its values must be picklable).

    Raises Problem 413 or 422 that says what is wrong with the file and what to do.
    """
    progress.begin("reading")
    try:
        return await workers().run(reader, *args, **kwargs)
    except UnreadableTable as why:
        raise Problem(413 if why.too_large else 422, why.code, why.message_vi, why.message_en) from why
    except TooHeavy as why:
        raise Problem(
            413,
            "too-heavy",
            "Tệp quá nặng để đọc. Chép riêng các dòng cần gửi sang một tệp mới rồi gửi lại.",
            "The file is too heavy to read. Copy the rows into a new file and send that.",
        ) from why
