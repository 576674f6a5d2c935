"""One running system that each example finds as new, and the files in which an example's rows are handed in."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from infra.sandbox.client import SERVICES, Client
from infra.stack import Connections
from services.host import hosted
from services.kernel.web.auth import new_key

# What a new system has in its tables: how far the relay is must not be forgotten, the log on Kafka goes on.
KEPT = {"migrations", "relay_cursor", "projection"}
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>N1</MsgId><CreDtTm>{value_date}T10:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>1</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct><Ntry>
<Amt Ccy="VND">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<ValDt><Dt>{value_date}</Dt></ValDt><AcctSvcrRef>{bank_reference}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end_id}</EndToEndId></Refs>
<Amt Ccy="VND">{amount}</Amt></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>
"""


class Systems:
    """One running system that can be made as new: every table emptied but those that a new one has filled."""

    def __init__(self, base: str, key: str, stack: Connections) -> None:
        self.base, self.key, self.stack = base, key, stack
        self.client = Client(base, key)

    async def fresh(self) -> Client:
        """The system as new, once nothing of the example before is on its way any more."""
        await self.client.quiet()
        await self._forget_what_was_told()
        for service in SERVICES:
            connection = await asyncpg.connect(self.stack.owner_dsn[service])
            try:
                tables = await connection.fetch("select tablename from pg_tables where schemaname = $1", service)
                named = [f'"{service}"."{one["tablename"]}"' for one in tables if one["tablename"] not in KEPT]
                filled = " union all ".join(f"select '{one}' where exists (select 1 from {one})" for one in named)
                if full := [one[0] for one in await connection.fetch(filled)]:
                    await connection.execute(f"truncate {', '.join(full)}")
            finally:
                await connection.close()
        return self.client

    async def _forget_what_was_told(self) -> None:
        """The portal's copy of the services' counts, and what it put aside; its users stay."""
        connection = await asyncpg.connect(self.stack.owner_dsn["portal"])
        try:
            await connection.execute("truncate portal.tasks, portal.counted, portal.dead_letters")
        finally:
            await connection.close()


@asynccontextmanager
async def systems(stack: Connections) -> AsyncIterator[Systems]:
    """The system all examples share, one after the other."""
    key = new_key()
    async with hosted(stack, key) as base:
        shared = Systems(base, key, stack)
        yield shared
        await shared.client.http.aclose()


def table(headings: Sequence[str], rows: Iterable[dict[str, Any]]) -> bytes:
    """A CSV file as people save it; an absent key is an empty cell."""
    out = io.StringIO()
    csv.writer(out).writerows([headings, *([row.get(heading, "") for heading in headings] for row in rows)])
    return out.getvalue().encode("utf-8-sig")
