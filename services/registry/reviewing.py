"""Reviews (rà soát): a commune looked into the cases of its people."""

from collections.abc import Sequence
from datetime import date

from services.kernel.commands import Answer, Work
from services.kernel.event_store import Stream
from services.kernel.period import Period
from services.reference import areas
from services.registry.beneficiary import beneficiary
from services.registry.commands import Review
from services.registry.events import beneficiary_stream
from services.registry.person import UNREAD


async def review(work: Work, day: date, commune: str, named: Sequence[str] | None) -> Answer:
    """Records the review of these people, or of everyone on the commune's roll in that month (`named` None)."""
    period = Period.of(day)
    people = await _whom(work, commune, period, named)
    known = await _communes(work, people, period)
    streams = await work.load((beneficiary_stream(person) for person in known), without=UNREAD)
    results, rows = [], []
    for person in people:
        outcome = _outcome(person, commune, known)
        if outcome == "recorded" and not _record(work, person, streams, Review(day, commune)):
            outcome = "repeated"
        if outcome == "recorded":
            rows.append((person, day, commune))
        results.append({"beneficiary_id": person, "outcome": outcome})
    await work.connection.executemany(
        "insert into reviews (beneficiary_id, reviewed_on, commune) values ($1, $2, $3) on conflict do nothing", rows
    )
    return Answer.json({"results": results})


async def _whom(work: Work, commune: str, period: Period, named: Sequence[str] | None) -> Sequence[str]:
    if named is not None:
        return named
    rows = await work.connection.fetch(
        "select distinct p.beneficiary_id, p.number, h.commune, h.from_month from people p"
        " join on_roll r using (beneficiary_id) join residences h using (beneficiary_id)"
        " where r.first_month <= $1 and (r.last_month is null or r.last_month >= $1)"
        " and h.holds_from <= $1 and $1 < h.holds_until order by p.number",
        period,
    )
    here = [row for row in rows if areas.commune_in(row["commune"], row["from_month"], period) == commune]
    return [row["beneficiary_id"] for row in here]


async def _communes(work: Work, people: Sequence[str], period: Period) -> dict[str, str]:
    """Of these people, those who are registered, with their commune in the month."""
    rows = await work.connection.fetch(
        "select beneficiary_id, commune, from_month from residences where beneficiary_id = any($1::text[])"
        " and holds_from <= $2 and $2 < holds_until",
        list(people),
        period,
    )
    return {row["beneficiary_id"]: areas.commune_in(row["commune"], row["from_month"], period) for row in rows}


def _outcome(person: str, commune: str, known: dict[str, str]) -> str:
    if person not in known:
        return "unknown-person"
    return "recorded" if known[person] == commune else "other-commune"


def _record(work: Work, person: str, streams: dict[str, Stream], command: Review) -> bool:
    """Whether something was recorded; the same review twice in one call is one review."""
    stream_id = beneficiary_stream(person)
    stream = streams[stream_id]
    events = beneficiary.decide(command, beneficiary.fold(stream.events))
    if not events:
        return False
    work.append(stream_id, stream.version, events)
    streams[stream_id] = Stream(stream.version, [*stream.events, *events])
    return True
