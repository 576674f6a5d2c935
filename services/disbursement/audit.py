"""Conservation of money in disbursement's store: its events add up, and its rows say what the events say."""

from dataclasses import asdict

import asyncpg

from services.disbursement.conservation import READ, Ledger, Row, Sums, Unequal
from services.disbursement.events import TYPES
from services.kernel.audit import PREFETCH, Break, Broken, Progress

SERVICE = "disbursement"
EVENTS = "select type, schema_version, data from events where type = any($1::text[]) order by position"
ROWS = "select payment_id, run_id, period, beneficiary_id, programme, commune, method, amount, status from payments"


async def check_money(connection: asyncpg.Connection, progress: Progress = lambda _: None) -> Sums:
    """The sums of all money; raises Broken for the first đồng that does not add up or the first row that is off.

    Wants a transaction of one snapshot (repeatable read) in disbursement's schema.
    """
    ledger = await _ledger(connection, progress)
    for found in ledger.breaks():
        raise Broken(_unequal(found))
    await _check_rows(connection, ledger.rows())
    return ledger.sums().get("all", Sums())


async def _ledger(connection: asyncpg.Connection, progress: Progress) -> Ledger:
    ledger = Ledger()
    async for row in connection.cursor(EVENTS, list(READ), prefetch=PREFETCH):
        ledger.take(TYPES.decode_json(row["type"], row["schema_version"], row["data"]))
        progress(1)
    return ledger


async def _check_rows(connection: asyncpg.Connection, expected: dict[str, Row]) -> None:
    async for shown in connection.cursor(ROWS, prefetch=PREFETCH):
        columns = dict(shown)
        payment_id = columns.pop("payment_id")
        wanted = expected.pop(payment_id, None)
        if wanted is None:
            raise Broken(_row_break(payment_id, "không có sự kiện nào", "has no event"))
        for name, value in asdict(wanted).items():
            if columns[name] != value:
                said = f"{name} = {columns[name]}"
                raise Broken(
                    _row_break(payment_id, f"ghi {said}, sự kiện nói {value}", f"says {said}, its events say {value}")
                )
    for payment_id in expected:
        raise Broken(_row_break(payment_id, "có sự kiện nhưng không có dòng", "has events and no row"))


def _unequal(found: Unequal) -> Break:
    return Break(
        SERVICE,
        None,
        f"{found.vi} không khớp ({found.scope}): {found.left} ≠ {found.right} đồng",
        f"{found.en} does not hold ({found.scope}): {found.left} ≠ {found.right} đồng",
    )


def _row_break(payment_id: str, vi: str, en: str) -> Break:
    return Break(SERVICE, None, f"khoản chi {payment_id} trong bảng {vi}", f"the row of payment {payment_id} {en}")
