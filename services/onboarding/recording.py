"""A call's account results, one after the other: each row gets its outcome, whatever the others get. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.kernel.decider import Rejected
from services.kernel.event_store import Stream
from services.kernel.event_types import Event
from services.onboarding.account import (
    CloseAccount,
    OpenAccount,
    RefuseAccount,
    State,
    account,
    account_id_of,
)
from services.onboarding.events import AccountDetails, AccountOpened
from services.onboarding.people import People, Person, holder_of
from services.onboarding.results import AccountResult, read_result

OUTCOMES = frozenset({"unknown-person", "citizen-id-differs", "holder-differs", "no-such-account"})
"""Reasons that are outcomes of their own; every other one is `refused`."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: the contract's word, and the code and context of the sentence that explains it."""

    outcome: str
    code: str
    context: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def because(cls, why: Rejected) -> "Outcome":
        return cls(why.code if why.code in OUTCOMES else "refused", why.code, why.context)


@dataclass(frozen=True, slots=True)
class KnownAccount:
    """An account that exists, as a CLOSED row names it: by its person and number, seldom by its bank."""

    account_id: str
    beneficiary_id: str
    bank_code: str
    account_number: str


Row = AccountResult | Outcome
"""A row as read, or what it gets without being looked at further."""


def read_rows(rows: Iterable[object], today: date) -> list[Row]:
    """Each row as a result, or the outcome of one that can't be read."""
    return [_read(row, today) for row in rows]


def _read(row: object, today: date) -> Row:
    try:
        return read_result(row, today)
    except Rejected as why:
        return Outcome.because(why)


class Numbers:
    """The accounts of people by number."""

    def __init__(self, accounts: Iterable[KnownAccount]) -> None:
        self._banks: dict[tuple[str, str], dict[str, str]] = {}
        for one in accounts:
            self.add(one)

    def add(self, one: KnownAccount) -> None:
        self._banks.setdefault((one.beneficiary_id, one.account_number), {})[one.bank_code] = one.account_id

    def find(self, beneficiary_id: str, result: AccountResult) -> str:
        """The account's id. Raises Rejected `no-such-account`, `bank-code-needed`."""
        banks = self._banks.get((beneficiary_id, result.account_number or ""), {})
        if result.bank_code is not None:
            banks = {bank: known for bank, known in banks.items() if bank == result.bank_code}
        if not banks:
            raise Rejected("no-such-account")
        if len(banks) > 1:
            raise Rejected("bank-code-needed", column="bank_code")
        return next(iter(banks.values()))


def account_ids(rows: Iterable[Row], people: People, accounts: Iterable[KnownAccount]) -> set[str]:
    """The accounts that the rows can touch."""
    touched = {one.account_id for one in accounts}
    for row in rows:
        if isinstance(row, AccountResult) and row.result != "CLOSED":
            try:
                person = people.find(row)
            except Rejected:
                continue
            touched.add(account_id_of(person.beneficiary_id, row.bank_code, row.account_number))
    return touched


@dataclass(slots=True)
class Recording:
    """Goes through the rows in order; what a row changes, the next one sees."""

    people: People
    numbers: Numbers
    streams: Mapping[str, Stream]
    states: dict[str, State] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)

    def run(self, rows: Iterable[Row]) -> list[Outcome]:
        """The outcomes in the order of the rows; `events` by account and `states` then hold what they changed."""
        return [row if isinstance(row, Outcome) else self._record(row) for row in rows]

    def _record(self, row: AccountResult) -> Outcome:
        try:
            command = self._command(row, self.people.find(row))
            state = self._state(command.account_id)
            events = account.decide(command, state)
        except Rejected as why:
            return Outcome.because(why)
        if not events:
            return Outcome("repeated", "repeated")
        self.states[command.account_id] = account.fold(events, state)
        self.events.setdefault(command.account_id, []).extend(events)
        if isinstance(command, OpenAccount):
            details = command.details
            number = KnownAccount(command.account_id, command.beneficiary_id, details.bank_code, details.account_number)
            self.numbers.add(number)
        opened = events[0]
        word = "name-differs" if isinstance(opened, AccountOpened) and opened.name_differs else "accepted"
        return Outcome(word, word)

    def _state(self, account_id: str) -> State:
        if account_id not in self.states:
            stream = self.streams.get(account_id)
            self.states[account_id] = account.fold(stream.events if stream else ())
        return self.states[account_id]

    def _command(self, row: AccountResult, person: Person) -> OpenAccount | RefuseAccount | CloseAccount:
        known = person.beneficiary_id
        if row.result == "CLOSED":
            if row.closed_on is None:
                raise Rejected("field-missing", column="closed_on")
            return CloseAccount(self.numbers.find(known, row), known, row.holder, row.closed_on)
        holder = holder_of(row, person)
        account_id = account_id_of(known, row.bank_code, row.account_number)
        if row.result == "REFUSED":
            return RefuseAccount(account_id, known, row.holder, row.reason or "")
        if row.opened_on is None or row.bank_code is None or row.account_number is None or row.account_name is None:
            raise Rejected("field-missing", column="opened_on")
        details = AccountDetails(
            bank_code=row.bank_code,
            account_number=row.account_number,
            account_name=row.account_name,
            holder_name=holder.name,
            holder_citizen_id=holder.citizen_id,
        )
        return OpenAccount(account_id, known, row.holder, details, row.opened_on)
