"""What lies before and beside the measured month: people told of, a run prepared and approved, a bank that answers."""

from dataclasses import dataclass

import orjson

from infra.bench import made_up
from services.disbursement import preparing, reactions, run_handlers
from services.disbursement.picture import Picture
from services.disbursement.run import Approve
from services.kernel import clock
from services.kernel.commands import Answer, Handler, Work
from services.kernel.envelope import Received
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.kernel.service import Running
from services.kernel.web.auth import Caller
from services.reference.access import DISTRICT_APPROVER, DISTRICT_OFFICER
from services.reference.programmes import Programme
from services.registry.events import RollClosed, RollTotal

OFFICER = Caller("bench officer", DISTRICT_OFFICER, None)
APPROVER = Caller("bench approver", DISTRICT_APPROVER, None)


@dataclass(frozen=True, slots=True)
class Month:
    """One month of one programme's people; `sequence`: how often the roll of the period was closed."""

    period: Period
    programme: Programme
    people: range
    sequence: int


async def execute(service: Running, handler: Handler, caller: Caller) -> Answer:
    """A use case in its own transaction; raises RuntimeError if it is not answered well."""
    answer = await service.commands.execute(handler, caller.name)
    if answer.status >= 400:
        raise RuntimeError(f"a step of the month was answered {answer.status}")
    return answer


async def know_people(disbursement: Running, month: Month) -> None:
    """What registry and onboarding would have said, applied as if it had just been read from their topics."""
    due = [made_up.due(number, month.programme) for number in month.people]
    picture = Picture(due={(one.beneficiary_id, one.programme): one for one in due})
    totals = {
        commune: {programme: RollTotal(people=people, amount=amount) for programme, (people, amount) in sums.items()}
        for commune, sums in preparing.roll_sums(picture, month.period).items()
    }
    closed = RollClosed(period=month.period, sequence=month.sequence, totals=totals)
    said: list[Event] = [*due, closed]
    for number in month.people:
        said += (made_up.added(number), made_up.opened(number))
    async with disbursement.pool.acquire() as connection, connection.transaction():
        work = Work(connection, disbursement.store, {})
        await reactions.apply(work, [Received("bench", "", 1, "", one, clock.now(), "") for one in said])


async def prepare(disbursement: Running, month: Month) -> str:
    """A run of the month, approved and ready to be sent; answers its id."""
    programmes = (month.programme,)
    answer = await execute(
        disbursement, lambda work: run_handlers.prepare(work, OFFICER, month.period, programmes), OFFICER
    )
    run_id: str = orjson.loads(answer.body)["id"]
    await execute(
        disbursement, lambda work: run_handlers.move(work, APPROVER, run_id, Approve(APPROVER.name)), APPROVER
    )
    return run_id


async def answers(disbursement: Running, run_id: str) -> list[dict[str, object]]:
    """The bank settles every payment of the run that it was sent."""
    sent = await disbursement.pool.fetch(
        "select end_to_end_id, amount from payments where run_id = $1 and status = 'INSTRUCTED' order by number", run_id
    )
    day = clock.today().isoformat()
    return [
        {
            "end_to_end_id": row["end_to_end_id"],
            "result": "SETTLED",
            "amount": row["amount"],
            "value_date": day,
            "bank_reference": f"FT{number:08d}",
        }
        for number, row in enumerate(sent)
    ]
