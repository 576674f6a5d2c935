"""What banks hand in, known by content: JSON, camt.053, camt.054, pain.002, CSV, XLSX."""

import asyncio
from typing import Any

from services.disbursement.bank_rows import OPTIONAL, REQUIRED, Row, read_json_row, read_table_row
from services.disbursement.iso20022 import camt, pain002
from services.disbursement.iso20022.message import is_xml, open_message
from services.kernel.tables.read import read_table
from services.kernel.tables.table import MAX_BYTES, UnreadableTable
from services.kernel.web.body import Body, parse_json
from services.kernel.web.problems import Problem
from services.kernel.web.uploads import FILE_TYPES, read_upload

ROWS_MAX = 100_000
JSON_TYPES = ("application/json", "")
XML_TYPES = ("application/xml", "text/xml")


async def rows_in(body: Body) -> list[Row]:
    """The rows of a body, whatever it calls itself. Raises Problem 413, 415 or 422 that says what to do."""
    if not body.file_name and body.media_type not in (*JSON_TYPES, *XML_TYPES, *FILE_TYPES):
        raise Problem(
            415,
            "media-type",
            "Gửi JSON, XML (camt.053, camt.054, pain.002), tệp .xlsx hoặc .csv.",
            "Send JSON, XML (camt.053, camt.054, pain.002), XLSX or CSV.",
        )
    if is_json(body):
        rows = await asyncio.to_thread(json_rows, body.content)
        return await asyncio.to_thread(lambda: [read_json_row(row) for row in rows])
    return await read_upload(read_file, body.content)


def is_json(body: Body) -> bool:
    """Whether the content is JSON, or is nothing else and was sent as such."""
    begins = body.content[:100].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if begins in (b"[", b"{"):
        return True
    return body.media_type in JSON_TYPES and not body.file_name and not _is_file(body.content)


def _is_file(content: bytes) -> bool:
    return content.startswith(b"PK") or is_xml(content)


def json_rows(content: bytes) -> list[Any]:
    """The array of a JSON body. Raises Problem 413 or 422."""
    rows = parse_json(content)
    if not isinstance(rows, list):
        raise Problem(422, "input-wrong", "Cần một mảng JSON.", "A JSON array is needed.")
    if len(rows) > ROWS_MAX:
        raise Problem(413, "too-large", f"Nhiều hơn {ROWS_MAX} dòng, hãy chia nhỏ.", f"Over {ROWS_MAX} rows.")
    return rows


def read_file(content: bytes) -> list[Row]:
    """The rows of XML or of a table, read to its end. Raises UnreadableTable; takes CPU and memory: for the worker."""
    if len(content) > MAX_BYTES or not is_xml(content):
        table = read_table(content, REQUIRED, OPTIONAL, full_records=True)
        return [read_table_row(None if row.overlong else row.cells) for row in table.rows]
    message = open_message(content)
    read = pain002.read if message.name == "pain.002" else camt.read
    rows: list[Row] = []
    for row in read(message):
        rows.append(row)
        if len(rows) > ROWS_MAX:
            raise UnreadableTable(
                "too-large",
                f"Tệp có hơn {ROWS_MAX} giao dịch, hãy chia nhỏ.",
                f"The file has over {ROWS_MAX} transactions; split it.",
                too_large=True,
            )
    return rows
