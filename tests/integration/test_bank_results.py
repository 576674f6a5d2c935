"""The bank's answers on the real store and the real broker: the topic, what waits, and what a human decides."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from infra import topics
from infra.stack import Connections
from services.disbursement import bank_answers, open_answers, tables
from services.disbursement.app import MIGRATIONS, subscription
from services.disbursement.bank_files import read_file
from services.disbursement.bank_topic import TOPIC
from services.disbursement.conservation import Ledger
from services.disbursement.deciding import Book, Decision, Dismiss, Match
from services.disbursement.events import (
    TYPES,
    PayeeAccount,
    Payment,
    PaymentInstructed,
    PaymentPrepared,
    payment_stream,
)
from services.disbursement.preparing import Prepared
from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.decider import Rejected
from services.kernel.service import Running, running
from services.kernel.web.problems import Problem
from tests.integration.kernel_probe import producer, settings
from tests.unit.disbursement import messages
from tests.unit.disbursement.histories import payment

PAYEE = PayeeAccount(payee_name="Mai Thị Xuân", account_number="2200205002329", bank_code="VBA")
RUN = "RUN1"


@pytest.fixture
async def service(stack: Connections, probe: str) -> AsyncIterator[Running]:
    """Disbursement, not reading, with a sent run of five payments P0 … P4, and one in cash."""
    clock.set_today(date(2023, 12, 20))
    async with running(settings(stack, probe), TYPES, [MIGRATIONS], None) as service:
        await service.commands.execute(lambda work: _send(work, probe), "lan")
        yield service


def _payments(probe: str) -> list[Payment]:
    kinds = [payment()] * 5 + [payment("CASH")]
    return [
        one.model_copy(
            update={
                "payment_id": f"P{number}",
                "end_to_end_id": reference(probe, number),
                "run_id": RUN,
                "beneficiary_id": f"person{number}",
            }
        )
        for number, one in enumerate(kinds)
    ]


def reference(probe: str, number: int) -> str:
    """Of this test alone: the topic is everybody's."""
    return f"{probe.removeprefix('probe_').upper()}{number}"


async def _send(work: Work, probe: str) -> Answer:
    made = _payments(probe)
    await tables.write_payments(work.connection, [Prepared(one, PAYEE) for one in made])
    for one in made:
        prepared = PaymentPrepared(payment=one, netted=False, personal=PAYEE)
        sent = PaymentInstructed(payment=one, sent_on=date(2023, 11, 9), personal=PAYEE)
        work.append(payment_stream(one.payment_id), 0, [prepared, *([sent] if one.method == "ACCOUNT" else [])])
    await tables.set_statuses(work.connection, {f"P{number}": "INSTRUCTED" for number in range(5)}, clock.now())
    return Answer.json({})


def row(probe: str, number: int, result: str = "SETTLED", **more: Any) -> dict[str, Any]:
    told = {"amount": 440_000, "value_date": "2023-11-10", "bank_reference": f"FTB{number}"}
    return {"end_to_end_id": reference(probe, number), "result": result} | told | more


async def say(service: Running, rows: Sequence[Any], content: bytes = b"") -> list[str]:
    async def handler(work: Work) -> Answer:
        return Answer.json(await bank_answers.record(work, rows, content))

    return [one["outcome"] for one in orjson.loads((await service.commands.execute(handler, "bank")).body)]


async def say_file(service: Running, content: bytes) -> list[str]:
    async def handler(work: Work) -> Answer:
        judged = await bank_answers.take(work, read_file(content), bank_answers.in_file(content))
        return Answer.json([one.outcome for one in judged])

    words: list[str] = orjson.loads((await service.commands.execute(handler, "bank")).body)
    return words


async def waiting(service: Running) -> list[tuple[str | None, str, str]]:
    """Payment, result, outcome of what waits for a human."""
    async with service.pool.acquire() as connection:
        rows = await open_answers.listed(connection, 0, 99)
    return [(one["payment_id"], one["result"], one["outcome"]) for one in rows]


async def decide(service: Running, decision: Decision) -> str:
    answer = await service.commands.execute(lambda work: open_answers.decide(work, decision), decision.by)
    outcome: str = orjson.loads(answer.body)["outcome"]
    return outcome


async def only(service: Running, payment_id: str | None) -> str:
    """The id of the only open answer of a payment (None: of no payment)."""
    found = await service.pool.fetch(
        "select answer_id from open_answers where decision is null and payment_id is not distinct from $1", payment_id
    )
    (row,) = found
    answer_id: str = row["answer_id"]
    return answer_id


async def statuses(service: Running) -> dict[str, str]:
    return dict(await service.pool.fetch("select payment_id, status from payments where method = 'ACCOUNT'"))


async def assert_conserved(service: Running) -> None:
    """By the events, and the rows say the same."""
    ledger = Ledger()
    async with service.pool.acquire() as connection:
        for one in await service.store.read_after(connection, 0, 10_000):
            ledger.take(TYPES.decode(one.type, one.schema_version, orjson.loads(one.data)))
    assert [one for one in ledger.breaks() if not one.scope.startswith("run")] == []
    told = {payment_id: row.status for payment_id, row in ledger.rows().items() if row.method == "ACCOUNT"}
    assert told == await statuses(service)


async def test_the_topic_takes_answers_in_and_puts_aside_what_the_call_would_refuse(
    stack: Connections, probe: str, service: Running
) -> None:
    said = [
        orjson.dumps(row(probe, 0)),
        orjson.dumps(row(probe, 0)),
        orjson.dumps(row(probe, 1, "RETURNED", value_date="2023-12-01")),
        orjson.dumps(row(probe, 2, value_date="2023-09-30")),
        orjson.dumps(row(probe, 2, "PAID", reason="Mai Thi Xuan")),
        b'{"result":"REJECTED","result":"SETTLED"}',
        b"not json",
        orjson.dumps(row(probe, 3, amount=1)),
        orjson.dumps(row(probe, 9)),
        orjson.dumps(row(probe, 4, "REJECTED")),
    ]
    await topics.ensure(stack.kafka_bootstrap)
    async with producer(stack) as kafka:
        for value in said:
            await kafka.send_and_wait(TOPIC, value=value, partition=0)
    async with (
        running(settings(stack, probe), TYPES, [MIGRATIONS], subscription()) as reader,
        asyncio.timeout(60),
    ):
        # The topic counts: it is quiet only once all of its records are applied or put aside.
        while (await reader.lag())["events_behind"]:
            await asyncio.sleep(0.05)
    assert await statuses(service) == {
        "P0": "SETTLED",
        "P1": "INSTRUCTED",
        "P2": "INSTRUCTED",
        "P3": "INSTRUCTED",
        "P4": "REJECTED",
    }
    found = await waiting(service)
    assert [one for one in found if one[0]] == [("P1", "RETURNED", "waiting"), ("P3", "SETTLED", "conflict")]
    # The topic is one for all tests: others may have told it of payments that are not this test's.
    assert {one for one in found if not one[0]} == {(None, "SETTLED", "unmatched")}
    dead = await service.pool.fetch("select value, reason from dead_letters where topic = $1", TOPIC)
    reasons = {one["value"]: one["reason"] for one in dead}
    assert {value for value in said if value in reasons} == set(said[3:7])
    assert "lies outside 01/10/2023 to 20/12/2023" in reasons[said[3]]
    assert not any("Xuan" in reason for reason in reasons.values())
    await assert_conserved(service)


async def test_a_return_waits_takes_effect_with_its_settlement_and_waits_no_more(service: Running, probe: str) -> None:
    back = row(probe, 0, "RETURNED", value_date="2023-12-01")
    early = row(probe, 1, "RETURNED", value_date="2023-11-09")
    assert await say(service, [back, back, early]) == ["waiting", "waiting", "waiting"]
    assert await say(service, [row(probe, 0), row(probe, 1)]) == ["applied", "applied"]
    assert await waiting(service) == [("P1", "RETURNED", "conflict")]
    assert (await statuses(service))["P0"] == "RETURNED"
    assert await decide(service, Book(await only(service, "P1"), "minh", "bank called")) == "applied"
    assert (await statuses(service))["P1"] == "RETURNED"
    assert await waiting(service) == []
    await assert_conserved(service)


async def test_a_settlement_after_a_rejection_is_booked_once(service: Running, probe: str) -> None:
    assert await say(service, [row(probe, 0, "REJECTED"), row(probe, 0)]) == ["applied", "conflict"]
    book = Book(await only(service, "P0"), "minh", "bank called")
    assert await decide(service, book) == "applied"
    assert (await statuses(service))["P0"] == "SETTLED"
    with pytest.raises(Rejected, match="answer-decided"):
        await decide(service, book)
    assert await say(service, [row(probe, 0)]) == ["repeated"]
    await assert_conserved(service)


async def test_two_approvers_at_once_book_one_answer_once(service: Running, probe: str) -> None:
    await say(service, [row(probe, 0, "REJECTED"), row(probe, 0)])
    book = Book(await only(service, "P0"), "minh", "bank called")
    found = await asyncio.gather(
        decide(service, book), decide(service, replace(book, by="lan")), return_exceptions=True
    )
    assert sorted(str(one) for one in found) == ["answer-decided", "applied"]
    await assert_conserved(service)


async def test_an_unmatched_answer_is_matched_and_judged_by_the_table(service: Running, probe: str) -> None:
    lost = row(probe, 0) | {"end_to_end_id": "NOTPROVIDED"}
    assert await say(service, [lost]) == ["unmatched"]
    answer_id = await only(service, None)
    with pytest.raises(Problem, match="not-found"):
        await decide(service, Match(answer_id, "P9", "lan"))
    with pytest.raises(Rejected, match="payment-not-of-the-bank"):
        await decide(service, Match(answer_id, "P5", "lan"))
    assert await decide(service, Match(answer_id, "P0", "lan")) == "applied"
    assert (await statuses(service))["P0"] == "SETTLED"
    assert await say(service, [lost]) == ["unmatched"]
    assert await waiting(service) == []
    await assert_conserved(service)


async def test_an_answer_matched_to_a_payment_that_it_contradicts_waits_there(service: Running, probe: str) -> None:
    await say(service, [row(probe, 0, amount=5) | {"end_to_end_id": ""}])
    assert await decide(service, Match(await only(service, None), "P0", "lan")) == "conflict"
    assert await waiting(service) == [("P0", "SETTLED", "conflict")]
    with pytest.raises(Rejected, match="amount-differs"):
        await decide(service, Book(await only(service, "P0"), "minh", "x"))
    assert await decide(service, Dismiss(await only(service, "P0"), "lan", "bank's mistake")) == "applied"
    assert await waiting(service) == []


async def test_a_repeat_under_another_reference_waits_for_a_human_once(service: Running, probe: str) -> None:
    assert await say(service, [row(probe, 0)]) == ["applied"]
    twice = row(probe, 0, bank_reference="FTB77")
    assert await say(service, [twice, twice]) == ["repeated", "repeated"]
    assert await waiting(service) == [("P0", "SETTLED", "repeated")]
    with pytest.raises(Rejected, match="second-transfer"):
        await decide(service, Book(await only(service, "P0"), "minh", "x"))


async def test_a_rejected_message_rejects_every_payment_to_an_account_of_its_run(service: Running) -> None:
    content = messages.pain_002("<GrpSts>RJCT</GrpSts>" + messages.reason("FF01"))
    assert await say_file(service, content) == ["applied"] * 5
    assert await say_file(service, content) == ["repeated"] * 5
    assert set((await statuses(service)).values()) == {"REJECTED"}
    unknown = content.replace(b"<OrgnlMsgId>RUN1", b"<OrgnlMsgId>RUN2")
    assert await say_file(service, unknown) == ["unmatched"]
    await assert_conserved(service)


async def test_a_statement_gives_each_transaction_its_word_and_the_same_when_sent_again(
    service: Running, probe: str
) -> None:
    def of(number: int | str, **more: str) -> str:
        return messages.transaction(reference(probe, number) if isinstance(number, int) else number, **more)

    content = messages.camt(
        messages.entry(of(0)),
        messages.entry(of(1), status="<Sts>PDNG</Sts>"),
        messages.entry(of(2, amount='<Amt Ccy="VND">440000.50</Amt>')),
        messages.entry(of(3, amount='<Amt Ccy="USD">20</Amt>')),
        messages.entry(of(4), direction="CRDT"),
        messages.entry(of(5)),
        messages.entry(of("KHONGCO0001"), status="<Sts>PDNG</Sts>"),
        messages.entry(of("NOTPROVIDED", own_reference="FX1"), of("NOTPROVIDED", own_reference="FX2")),
        messages.entry(amount='<Amt Ccy="VND">11000</Amt>'),
    )
    first = ["applied", "noted", "refused", "conflict", "conflict", *["unmatched"] * 5]
    assert await say_file(service, content) == first
    kept = await waiting(service)
    assert len(kept) == 7
    assert await say_file(service, content) == ["repeated", *first[1:]]
    assert await waiting(service) == kept
    await assert_conserved(service)
