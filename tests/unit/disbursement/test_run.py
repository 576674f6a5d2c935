"""A payment run: two people, and no step out of its turn."""

from datetime import date

import pytest

from services.disbursement import run
from services.disbursement.events import RunApproved, RunCancelled, RunPrepared, RunRefused, RunSent, RunTotals
from services.disbursement.run import Approve, Cancel, Command, Prepare, Refuse, Send
from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period

DAY = date(2023, 11, 9)
PREPARED = RunPrepared(
    run_id="r1",
    period=Period("2023-11"),
    programmes=("BTXH",),
    roll_sequence=1,
    prepared_by="lan",
    prepared_on=date(2023, 11, 8),
    totals=RunTotals(count=1, amount=440_000, by_programme={}, by_commune={}, by_method={}, by_purpose={}),
    digest="abc",
)
APPROVED = RunApproved(run_id="r1", approved_by="minh", amount=440_000, digest="abc")
REFUSED = RunRefused(run_id="r1", refused_by="minh", reason="sai tổng")
CANCELLED = RunCancelled(run_id="r1", cancelled_by="lan", reason="lập lại")
SENT = RunSent(run_id="r1", sent_by="minh", sent_on=DAY)
HISTORY: dict[str, list[Event]] = {
    "NONE": [],
    "PREPARED": [PREPARED],
    "APPROVED": [PREPARED, APPROVED],
    "SENT": [PREPARED, APPROVED, SENT],
    "REFUSED": [PREPARED, REFUSED],
    "CANCELLED": [PREPARED, CANCELLED],
}
APPROVE, REFUSE, SEND, CANCEL = Approve("minh"), Refuse("minh", "sai tổng"), Send("minh", DAY), Cancel("lan", "lập lại")


def refused(status: str, command: Command) -> Rejected:
    with pytest.raises(Rejected) as why:
        run.decide(command, run.run.fold(HISTORY[status]))
    return why.value


@pytest.mark.parametrize(
    ("status", "command", "event"),
    [
        ("NONE", Prepare(PREPARED), PREPARED),
        ("PREPARED", APPROVE, APPROVED),
        ("PREPARED", REFUSE, REFUSED),
        ("PREPARED", CANCEL, CANCELLED),
        ("APPROVED", CANCEL, CANCELLED),
        ("APPROVED", SEND, SENT),
    ],
)
def test_each_step_in_its_turn(status: str, command: Command, event: Event) -> None:
    assert run.decide(command, run.run.fold(HISTORY[status])) == [event]


@pytest.mark.parametrize(
    ("status", "command"),
    [
        (status, command)
        for command, possible in (
            (APPROVE, {"PREPARED"}),
            (REFUSE, {"PREPARED"}),
            (SEND, {"APPROVED"}),
            (CANCEL, {"PREPARED", "APPROVED"}),
        )
        for status in HISTORY
        if status not in possible
    ],
)
def test_no_step_out_of_its_turn(status: str, command: Command) -> None:
    why = refused(status, command)
    assert why.code == "run-state"
    assert why.context == {"status": None if status == "NONE" else status}


@pytest.mark.parametrize(("status", "command"), [("PREPARED", Approve("lan")), ("APPROVED", Send("lan", DAY))])
def test_whoever_prepared_a_run_neither_approves_nor_sends_it(status: str, command: Command) -> None:
    assert refused(status, command).code == "own-entry"


def test_whoever_approved_a_run_may_send_it() -> None:
    assert run.decide(Send(APPROVED.approved_by, DAY), run.run.fold(HISTORY["APPROVED"])) == [SENT]


def test_approval_freezes_the_amount_and_the_digest_that_were_prepared() -> None:
    (event,) = run.decide(APPROVE, run.run.fold(HISTORY["PREPARED"]))
    assert isinstance(event, RunApproved)
    assert (event.amount, event.digest) == (440_000, "abc")
