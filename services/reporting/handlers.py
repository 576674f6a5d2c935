"""What is done in reporting: a report is submitted, which freezes it."""

import hashlib

import orjson

from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.envelope import canonical
from services.reporting.events import ReportSubmitted, submission_stream
from services.reporting.read_model import query
from services.reporting.reports import Asked, form_of


async def submit(work: Work, person: str, asked: Asked) -> Answer:
    """Freezes the report as it is known now: figures, who, when, and a SHA-256 over all of it."""
    as_of = clock.now()
    rows = (await form_of(work.connection, asked, as_of)).rows
    frozen = {
        "form": asked.form,
        "period": asked.period,
        "area": asked.area.code,
        "submitted_at": as_of.isoformat(),
        "submitted_by": person,
        "rows": rows,
    }
    digest = hashlib.sha256(canonical(frozen)).hexdigest()
    submission_id = clock.new_id()
    event = ReportSubmitted(
        submission_id=submission_id,
        form=asked.form,
        period=asked.period,
        area=asked.area.code,
        submitted_by=person,
        submitted_on=clock.today(),
        as_of=as_of,
        rows=rows,
        digest=digest,
    )
    await work.connection.execute(
        query("submit"),
        submission_id,
        asked.form,
        asked.period,
        asked.area.code,
        as_of,
        person,
        digest,
        orjson.dumps(rows).decode(),
    )
    work.append(submission_stream(submission_id), 0, [event])
    return Answer.json({"id": submission_id, "hash": digest, **frozen}, 201)
