"""One account of one beneficiary: what the bank says of it, and what the office confirms. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from services.kernel.clock import derived_id
from services.kernel.decider import Decider, Rejected
from services.kernel.event_types import Event
from services.kernel.names import account_name_matches, fold
from services.kernel.text import clean
from services.onboarding.events import (
    AccountClosed,
    AccountConfirmed,
    AccountDetails,
    AccountOpened,
    AccountRefused,
    Holder,
)

Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has spoken of the account."""


@dataclass(frozen=True, slots=True)
class Open:
    """`name_differs`: the account's name is not the holder's, and the office has not confirmed it."""

    beneficiary_id: str
    holder: Holder
    details: AccountDetails
    opened_on: date
    name_differs: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """`account` was in force to the day before `closed_on`."""

    account: Open
    closed_on: date


@dataclass(frozen=True, slots=True)
class Refused:
    """The bank did not open it."""

    beneficiary_id: str
    holder: Holder
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """Where the account stands, and all that was said of it: a file sent twice must not open what it closed."""

    standing: Unknown | Open | Closed | Refused = Unknown()
    said: frozenset[Said] = frozenset()


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """The bank opened the account; the holder is named as registered."""

    account_id: str
    beneficiary_id: str
    holder: Holder
    details: AccountDetails
    opened_on: date


@dataclass(frozen=True, slots=True)
class RefuseAccount:
    """The bank did not open the account."""

    account_id: str
    beneficiary_id: str
    holder: Holder
    reason: str


@dataclass(frozen=True, slots=True)
class CloseAccount:
    """The account is closed from `closed_on` on."""

    account_id: str
    beneficiary_id: str
    holder: Holder
    closed_on: date


@dataclass(frozen=True, slots=True)
class ConfirmAccount:
    """The office lets the account be paid to; `failed`: a payment to it was rejected or returned since."""

    confirmed_by: str
    reason: str
    failed: bool


Command = OpenAccount | RefuseAccount | CloseAccount | ConfirmAccount


def account_id_of(beneficiary_id: str, bank_code: str | None, account_number: str | None) -> str:
    """One account for one beneficiary: a guardian's account that serves three children is three of these."""
    return derived_id(beneficiary_id, bank_code or "", account_number or "")


def decide(command: Command, state: State) -> Sequence[Event]:
    """What the command makes of the account; nothing if it was said before.

    Raises Rejected: `opened-before-closing`, `account-exists`, `no-such-account`, `holder-differs`,
    `closed-before-opening`, `account-not-open`, `nothing-to-confirm`.
    """
    match command:
        case OpenAccount():
            return _open(command, state)
        case RefuseAccount():
            return _refuse(command, state)
        case CloseAccount():
            return _close(command, state)
        case ConfirmAccount():
            return _confirm(command, state)
        case _:
            assert_never(command)


def _open(command: OpenAccount, state: State) -> Sequence[Event]:
    standing = state.standing
    differs = not account_name_matches(command.details.account_name, command.details.holder_name)
    event = AccountOpened(
        account_id=command.account_id,
        beneficiary_id=command.beneficiary_id,
        holder=command.holder,
        opened_on=command.opened_on,
        name_differs=differs,
        personal=command.details,
    )
    if _said_of(event) in state.said:
        mended = isinstance(standing, Open) and standing.name_differs and not differs
        return [event] if mended else []
    if isinstance(standing, Closed) and command.opened_on < standing.closed_on:
        raise Rejected("opened-before-closing", closed_on=f"{standing.closed_on:%d/%m/%Y}")
    return [event]


def _refuse(command: RefuseAccount, state: State) -> Sequence[Event]:
    event = AccountRefused(
        account_id=command.account_id,
        beneficiary_id=command.beneficiary_id,
        holder=command.holder,
        reason=command.reason,
    )
    if _said_of(event) in state.said:
        return []
    if isinstance(state.standing, Open | Closed):
        raise Rejected("account-exists")
    return [event]


def _close(command: CloseAccount, state: State) -> Sequence[Event]:
    standing = state.standing
    if isinstance(standing, Unknown | Refused):
        raise Rejected("no-such-account")
    account = standing.account if isinstance(standing, Closed) else standing
    if command.holder != account.holder:
        raise Rejected("holder-differs")
    event = AccountClosed(
        account_id=command.account_id, beneficiary_id=command.beneficiary_id, closed_on=command.closed_on
    )
    if _said_of(event) in state.said:
        return []
    if command.closed_on < account.opened_on:
        raise Rejected("closed-before-opening", opened_on=f"{account.opened_on:%d/%m/%Y}")
    return [event]


def _confirm(command: ConfirmAccount, state: State) -> Sequence[Event]:
    standing = state.standing
    if not isinstance(standing, Open):
        raise Rejected("account-not-open")
    if not (standing.name_differs or command.failed):
        raise Rejected("nothing-to-confirm")
    details = standing.details
    return [
        AccountConfirmed(
            account_id=account_id_of(standing.beneficiary_id, details.bank_code, details.account_number),
            beneficiary_id=standing.beneficiary_id,
            confirmed_by=command.confirmed_by,
            reason=command.reason,
        )
    ]


def _said_of(event: AccountOpened | AccountRefused | AccountClosed) -> Said:
    match event:
        case AccountOpened():
            details = details_of(event)
            payee = "" if event.holder == "OWN" else fold(details.holder_name)
            name = clean(details.account_name).casefold()
            return ("OPENED", event.holder, payee, name, event.opened_on.isoformat())
        case AccountRefused():
            return ("REFUSED", event.holder, event.reason)
        case AccountClosed():
            return ("CLOSED", event.closed_on.isoformat())
        case _:
            assert_never(event)


def details_of(event: AccountOpened) -> AccountDetails:
    """The personal part, which this service's own events always have."""
    if event.personal is None:
        raise ValueError("an opened account without its details")
    return event.personal


def evolve(state: State, event: Event) -> State:
    """What the event makes of the account."""
    standing = state.standing
    match event:
        case AccountOpened():
            account = Open(
                event.beneficiary_id, event.holder, details_of(event), event.opened_on, name_differs=event.name_differs
            )
            return State(account, state.said | {_said_of(event)})
        case AccountRefused():
            return State(Refused(event.beneficiary_id, event.holder, event.reason), state.said | {_said_of(event)})
        case AccountClosed() if isinstance(standing, Open | Closed):
            account = standing.account if isinstance(standing, Closed) else standing
            return State(Closed(account, event.closed_on), state.said | {_said_of(event)})
        case AccountConfirmed() if isinstance(standing, Open):
            return replace(state, standing=replace(standing, name_differs=False))
        case _:
            return state


account = Decider(State, decide, evolve)
