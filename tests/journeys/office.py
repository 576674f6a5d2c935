"""The papers of two months on a clerk's desk: every letter that was sent, and what a clerk makes of them."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from infra.sandbox.client import Client
from infra.sandbox.papers import Paper
from services.kernel import clock
from tests.journeys.ledger import Ledger, Person
from tests.journeys.recount import Account, File, Paid, pay

PROGRAMMES = ("BTXH", "NCC", "KHAC")


class Recorder(Client):
    """A caller that keeps a copy of everything it posts, with the month in which it did."""

    def __init__(self, base: str, key: str) -> None:
        super().__init__(base, key)
        self.posted: list[tuple[str, str, Any]] = []

    async def post(self, path: str, role: str, home: str | None = None, body: Any = None, **more: Any) -> Any:
        self.posted.append((clock.today().isoformat()[:7], path, body))
        return await super().post(path, role, home, body, **more)

    def letters(self, month: str, ending: str) -> list[Any]:
        """Bodies posted in that month to addresses that end so, in their order."""
        return [body for when, path, body in self.posted if when == month and path.endswith(ending)]


class Desk:
    """The clerk: reads the lists, pays, files the answers."""

    def __init__(self, tables: Path, letters: Recorder, people: Mapping[str, Any], confirmed: set[str]) -> None:
        self.ledger = Ledger(tables)
        self.letters, self.known, self.confirmed = letters, people, confirmed
        self.pages: dict[int, File] = {}
        self.references: dict[str, Paid] = {}

    def page(self, person: Person) -> File:
        return self.pages.setdefault(id(person), File(person))

    def lists(self, folder: Path, papers: Sequence[Paper], period: str, later: str) -> None:
        """The lists of a month; those that are late and not let in take effect in the next."""
        for file in sorted(folder.glob(f"tang-*-{period}*.xlsx")):
            self.ledger.take(file, file.stem.split("-")[1], period)
        for number, paper in enumerate(papers, 1):
            if paper.rows:
                file = folder / f"thay-doi-{paper.commune}-{period}-{number}.xlsx"
                effective = later if paper.course == "LATE" else period
                self.ledger.take(file, paper.commune, effective, int(paper.course == "ROW_DROPPED"))

    def whose(self, row: Mapping[str, Any]) -> Person | None:
        """The person of a letter, by citizen id or by the id that the registry gave."""
        asked = self.known.get(row.get("beneficiary_id", ""))
        number = asked["citizen_id"] if asked else row.get("citizen_id")
        for one in self.ledger.people:
            if one.citizen_id is not None and one.citizen_id == number:
                return one
            # Also whoever gets their number only in a later month.
            if one.citizen_id is None and asked and (one.name, one.birth[-4:]) == (asked["name"], _year(asked)):
                return one
        return None

    def accounts(self, month: str) -> None:
        for rows in self.letters.letters(month, "/account-results"):
            for row in rows:
                person = self.whose(row)
                assert person, row
                self._account(self.page(person), row)

    def _account(self, page: File, row: Mapping[str, Any]) -> None:
        if row["result"] == "CLOSED":
            (old,) = (one for one in page.accounts if one.number == row["account_number"])
            old.closed_on = row["closed_on"]
        if row["result"] != "OPENED":
            return
        # Whoever the commune named last, though it be from a later month on: an account may be opened ahead.
        own, payee = row["holder"] == "OWN", page.person.payee("9999")
        if not own and (payee is None or payee[1] != row["holder_citizen_id"]):
            return
        name = page.person.name if own else row["holder_name"]
        differs = row["account_name"] not in (_plain(name), _plain(name)[:35].rstrip(), _plain(name)[:70].rstrip())
        number = row["account_number"]
        unconfirmed = differs and number not in self.confirmed
        holder = row.get("holder_citizen_id", "")
        page.accounts.append(Account(number, own, name, holder, row["opened_on"], unconfirmed=unconfirmed))

    def reviews(self, month: str) -> None:
        for body in self.letters.letters(month, "/reviews"):
            for one in body["beneficiary_ids"]:
                person = self.whose({"beneficiary_id": one})
                assert person
                self.page(person).reviews.append(body["reviewed_on"])

    def run(self, period: str, months: Sequence[str]) -> dict[tuple[int, str], Paid]:
        """Pays everybody on the 8th; answers the payments by person and programme."""
        made = {}
        for person in self.ledger.people:
            page = self.page(person)
            for programme in PROGRAMMES:
                if paid := pay(page, programme, period, months, f"{period}-08"):
                    made[id(person), programme] = paid
        for (person_id, programme), paid in made.items():
            self.pages[person_id].paid[programme].append(paid)
        return made

    def answers(self, month: str) -> None:
        """The bank's letters and the communes' notes: a letter about another amount, or about nothing of ours, is put
        aside."""
        for rows in self.letters.letters(month, "/bank-results"):
            for row in rows:
                paid = self.references.get(row["end_to_end_id"])
                if paid and paid.amount == row["amount"]:
                    paid.told.append((month, row["result"], row["value_date"]))
        for rows in self.letters.letters(month, "/cash-results"):
            for row in rows:
                word = "UNCOLLECTED" if row.get("uncollected") else "COLLECTED"
                self.references[row["payment_id"]].told.append((month, word, row.get("collected_on", "")))


def _plain(name: str) -> str:
    """As banks write it: upper case, no marks, Đ → D."""
    letters = unicodedata.normalize("NFD", name.upper().replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _year(person: Mapping[str, Any]) -> str:
    birth = str(person["birth"])
    return birth[:4] if birth[4:5] in ("", "-") else birth[-4:]
