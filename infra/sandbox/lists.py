"""How the communes' lists go through the office: handed in, mended, returned, approved."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.sandbox import workbooks
from infra.sandbox.client import Client, few_at_once
from infra.sandbox.papers import Paper
from services.kernel.period import Period

OFFICER, COMMUNE = "district-officer", "commune-officer"
# Two officers at their desks.
APPROVED_AT_ONCE = 2
LISTS = "/registry/change-lists"
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list as the commune hands it in: its workbook, none where it says "no change"."""

    paper: Paper
    file: Path | None


def write(folder: Path, papers: Sequence[Paper], period: Period) -> list[Sheet]:
    """Writes the papers' workbooks, `thay-doi-COMMUNE-PERIOD-NUMBER.xlsx`."""
    folder.mkdir(parents=True, exist_ok=True)
    sheets = []
    for number, paper in enumerate(papers, 1):
        file = folder / f"thay-doi-{paper.commune}-{period}-{number}.xlsx" if paper.rows else None
        if file:
            workbooks.write_list(file, paper.rows, period)
        sheets.append(Sheet(paper, file))
    return sheets


@dataclass(frozen=True, slots=True)
class Office:
    """Communes and office of one month."""

    client: Client
    period: Period
    step: Step

    async def hand_in(self, sheets: Sequence[Sheet]) -> list[str]:
        """Each commune uploads its list, mends what is wrong and submits it; answers the lists' ids in order."""
        return await few_at_once(self._hand_in(sheet) for sheet in sheets)

    async def _hand_in(self, sheet: Sheet) -> str:
        paper = sheet.paper
        draft = await self._enter(sheet)
        path = f"{LISTS}/{draft['id']}"
        wrong = {error["row"] for error in draft["errors"]}
        if wrong != ({len(paper.rows) + 1} if paper.course == "ROW_DROPPED" else set()):
            raise ValueError(f"{sheet.file}: {draft['errors'][:3]}")
        for row in wrong:
            await self.client.call("DELETE", f"{path}/rows/{row}", COMMUNE, paper.commune)
        await self.client.post(f"{path}/submit", COMMUNE, paper.commune)
        if paper.course == "RETURNED_ONCE":
            await self.client.post(f"{path}/return", OFFICER, body={"reason": "Bổ sung số điện thoại liên hệ"})
            mended = dict(paper.mended)
            await self.client.call("PATCH", f"{path}/rows/2", COMMUNE, paper.commune, json=mended)
            await self.client.post(f"{path}/submit", COMMUNE, paper.commune)
        self.step(f"Danh sách {paper.commune}: {len(draft['rows'])} dòng")
        return str(draft["id"])

    async def _enter(self, sheet: Sheet) -> dict[str, Any]:
        commune = sheet.paper.commune
        fields = {"commune": commune, "period": self.period}
        if sheet.file is None:
            draft = await self.client.post(LISTS, COMMUNE, commune, body=fields | {"no_change": True})
        else:
            sent = (sheet.file.name, await asyncio.to_thread(sheet.file.read_bytes))
            draft = await self.client.upload(LISTS, COMMUNE, commune, sent, fields)
        return dict(draft)

    async def approve(self, ids: Sequence[str], sheets: Sequence[Sheet], reason: str) -> None:
        """The office approves, accepting the warnings; a late list is let in or not, as its course says."""

        async def one(list_id: str, sheet: Sheet) -> None:
            body = {"accept_warnings": True, "reason": reason, "allow_late": sheet.paper.course == "LET_IN"}
            await self.client.post(f"{LISTS}/{list_id}/approve", OFFICER, body=body)
            self.step(f"Phê duyệt danh sách của {sheet.paper.commune}")

        await few_at_once(map(one, ids, sheets), APPROVED_AT_ONCE)
