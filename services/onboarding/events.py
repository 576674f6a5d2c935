"""What onboarding says to the world: whose account there is, and from when to when."""

from datetime import date
from typing import Literal

from services.kernel.event_types import Event, EventTypes, Part

Holder = Literal["OWN", "GUARDIAN", "AUTHORISED"]


class AccountDetails(Part):
    """The account and its holder, as the bank wrote them."""

    bank_code: str
    account_number: str
    account_name: str
    holder_name: str
    holder_citizen_id: str | None = None


class AccountOpened(Event):
    """An account through which the beneficiary can be paid, in force from `opened_on` on.

    `name_differs`: the account's name is not the holder's; not paid to, and not counted, until confirmed.
    """

    account_id: str
    beneficiary_id: str
    holder: Holder
    opened_on: date
    name_differs: bool
    personal: AccountDetails | None = None


class AccountRefused(Event):
    """The bank did not open an account for the beneficiary."""

    account_id: str
    beneficiary_id: str
    holder: Holder
    reason: str


class AccountClosed(Event):
    """The account is in force to the day before `closed_on`."""

    account_id: str
    beneficiary_id: str
    closed_on: date


class AccountConfirmed(Event):
    """The office lets an account be paid to whose name differs, or to which a payment was rejected or returned."""

    account_id: str
    beneficiary_id: str
    confirmed_by: str
    reason: str


EVENTS: tuple[type[Event], ...] = (AccountOpened, AccountRefused, AccountClosed, AccountConfirmed)
TYPES = EventTypes(EVENTS)
TOPIC = "onboarding.events"


def account_stream(account_id: str) -> str:
    return f"account-{account_id}"
