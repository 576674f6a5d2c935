"""The use cases that change accounts: load → decide → append, with the rows that the next call must see."""

import asyncio
from collections.abc import Mapping, Sequence

from services.kernel import clock
from services.kernel.commands import Answer, Work
from services.kernel.decider import Rejected
from services.kernel.event_store import Stream
from services.kernel.period import Period
from services.kernel.progress import counted
from services.onboarding import read_model
from services.onboarding.account import ConfirmAccount, account
from services.onboarding.events import account_stream
from services.onboarding.recording import Numbers, Outcome, Recording, account_ids, read_rows
from services.onboarding.results import AccountResult
from services.onboarding.words import sentence

KEY_LETTERS_MAX = 100
KEYS = ("beneficiary_id", "citizen_id", "account_number")


async def record_results(work: Work, rows: Sequence[object], language: str) -> Answer:
    """Takes the bank's account results, each row on its own; the outcomes in the order given."""
    outcomes = await record(work, rows)
    results = [
        _key(row) | {"outcome": one.outcome, "message": sentence(one.code, one.context, language)}
        for row, one in zip(rows, outcomes, strict=True)
    ]
    return Answer.json({"results": results})


async def record(work: Work, rows: Sequence[object]) -> list[Outcome]:
    """What became of each row; what they change is kept with the work."""
    today = clock.today()
    read = await asyncio.to_thread(read_rows, rows, today)
    readable = [row for row in read if isinstance(row, AccountResult)]
    people = await read_model.people_in(work.connection, readable, Period.of(today))
    closing = {person.beneficiary_id for person in people.by_id.values()}
    accounts = await read_model.accounts_of(work.connection, closing)
    streams = await _load(work, account_ids(read, people, accounts))
    recording = Recording(people, Numbers(accounts), streams)
    outcomes = await asyncio.to_thread(lambda: recording.run(counted("deciding", read)))
    changed = {account_id: recording.states[account_id] for account_id in recording.events}
    await read_model.store_accounts(work.connection, changed)
    for account_id, events in recording.events.items():
        stream = streams.get(account_id)
        work.append(account_stream(account_id), stream.version if stream else 0, events)
    return outcomes


async def _load(work: Work, account_ids: set[str]) -> dict[str, Stream]:
    """The streams of these accounts, by account."""
    by_stream = {account_stream(account_id): account_id for account_id in account_ids}
    return {by_stream[name]: stream for name, stream in (await work.load(by_stream)).items()}


def _key(row: object) -> dict[str, object]:
    """What names the row, as it was given."""
    found: dict[str, object] = {"account_number": None}
    for name in KEYS:
        value = row.get(name) if isinstance(row, Mapping) else None
        if isinstance(value, str):
            found[name] = value[:KEY_LETTERS_MAX].encode("utf-8", "replace").decode()
        elif isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53:
            found[name] = value
    return found


async def confirm_account(work: Work, account_id: str, confirmed_by: str, reason: str) -> Answer:
    """Lets an account be paid to.

    Raises Rejected: `no-such-account`, `account-not-open`, `nothing-to-confirm`.
    """
    stream = await work.load_one(account_stream(account_id))
    if not stream.version:
        raise Rejected("no-such-account")
    failed = await read_model.failed_since(work.connection, account_id)
    state = account.fold(stream.events)
    events = account.decide(ConfirmAccount(confirmed_by, reason, failed), state)
    await read_model.store_accounts(work.connection, {account_id: account.fold(events, state)})
    work.append(account_stream(account_id), stream.version, events)
    return Answer.json({"account_id": account_id, "status": "OPEN"})
