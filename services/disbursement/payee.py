"""Where a person's money goes: to which account, or in cash to whom. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.names import fold


@dataclass(frozen=True, slots=True)
class Account:
    """An account for the person, as last heard; `usable_since`: when the bank or the office last vouched for it.

    `confirmed`: the office let it be paid to. In force from `opened_on` to the day before `closed_on`.
    """

    account_id: str
    holder: str
    opened_on: date
    closed_on: date | None
    name_differs: bool
    confirmed: bool
    usable_since: datetime
    bank_code: str
    account_number: str
    holder_name: str
    holder_citizen_id: str | None


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives in the person's place; `after_death`: named by the family on the death's row."""

    name: str
    citizen_id: str | None
    relation: str = "AUTHORISED"
    after_death: bool = False


@dataclass(frozen=True, slots=True)
class Receiver:
    """What is known of a person when a run is prepared; `payee`: who may receive in their place then; `failed`: last
    failed payment by account."""

    name: str
    has_citizen_id: bool
    wish: str | None
    payee: Payee | None
    accounts: Sequence[Account]
    failed: dict[str, datetime]
    died: bool = False


def account_for(person: Receiver, today: date) -> Account | None:
    """The account to pay to on that day, None for cash: the payee's if in force, else the own, the newest opened.

    Never a dead person's own.
    """
    if not person.has_citizen_id or person.wish != "ACCOUNT":
        return None
    usable = [one for one in person.accounts if _usable(one, person.failed.get(one.account_id), today)]
    payees = [one for one in usable if person.payee and _held_by(one, person.payee)]
    own = [one for one in usable if one.holder == "OWN" and not person.died]
    return max(payees or own, key=lambda one: (one.opened_on, one.usable_since), default=None)


def _usable(account: Account, failed_at: datetime | None, today: date) -> bool:
    in_force = account.opened_on <= today and (account.closed_on is None or today < account.closed_on)
    named = not account.name_differs or account.confirmed
    return in_force and named and (failed_at is None or failed_at < account.usable_since)


def _held_by(account: Account, payee: Payee) -> bool:
    if account.holder == "OWN":
        return False
    if payee.citizen_id and account.holder_citizen_id:
        return payee.citizen_id == account.holder_citizen_id
    return fold(payee.name) == fold(account.holder_name)


def receiving_name(person: Receiver, account: Account | None) -> str:
    """The name on the payment: the account's holder, or who comes for the cash."""
    if account is not None:
        return account.holder_name or person.name
    return person.payee.name if person.payee else person.name
