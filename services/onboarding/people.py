"""Who an account result speaks of, and whether its holder is the one registered. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.kernel.decider import Rejected
from services.kernel.names import account_name_matches, fold
from services.onboarding.results import AccountResult


@dataclass(frozen=True, slots=True)
class Payee:
    """Who receives in the person's place, as registered."""

    relation: Literal["GUARDIAN", "AUTHORISED"]
    name: str
    citizen_id: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """A beneficiary; `payees`: whose turn it is this month, and who is registered for a month to come."""

    beneficiary_id: str
    name: str
    citizen_id: str | None
    payees: tuple[Payee, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountHolder:
    """The holder by the name and number that the registry has."""

    name: str
    citizen_id: str | None


@dataclass(slots=True)
class People:
    """The people that a call speaks of, by both of their numbers."""

    by_id: Mapping[str, Person]
    _by_citizen_id: dict[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        self._by_citizen_id = {one.citizen_id: one for one in self.by_id.values() if one.citizen_id}

    def find(self, result: AccountResult) -> Person:
        """The person of a row. Raises Rejected `unknown-person`, `citizen-id-differs`."""
        if result.beneficiary_id is not None:
            person = self.by_id.get(result.beneficiary_id)
        else:
            person = self._by_citizen_id.get(result.citizen_id or "")
        if person is None:
            raise Rejected("unknown-person")
        if result.citizen_id is not None and result.citizen_id != person.citizen_id:
            raise Rejected("citizen-id-differs")
        return person


def same_name(stated: str, registered: str) -> bool:
    """Whether a bank names the registered person, in full letters or in its own."""
    return fold(stated) == fold(registered) or account_name_matches(stated, registered)


def holder_of(result: AccountResult, person: Person) -> AccountHolder:
    """The holder as registered. Raises Rejected `citizen-id-differs`, `holder-differs`."""
    if result.holder == "OWN":
        return _own(result, person)
    payee = next((one for one in _fitting(result, person.payees)), None)
    if payee is None:
        raise Rejected("holder-differs")
    return AccountHolder(payee.name, payee.citizen_id or result.holder_citizen_id)


def _own(result: AccountResult, person: Person) -> AccountHolder:
    if result.holder_citizen_id is not None and result.holder_citizen_id != person.citizen_id:
        raise Rejected("citizen-id-differs")
    if result.holder_name is not None and not same_name(result.holder_name, person.name):
        raise Rejected("holder-differs")
    return AccountHolder(person.name, person.citizen_id)


def _fitting(result: AccountResult, payees: Sequence[Payee]) -> Iterable[Payee]:
    for payee in payees:
        if payee.relation == result.holder and _is(payee, result):
            yield payee


def _is(payee: Payee, result: AccountResult) -> bool:
    if result.holder_citizen_id is not None and payee.citizen_id is not None:
        return result.holder_citizen_id == payee.citizen_id
    if result.holder_name is not None:
        return same_name(result.holder_name, payee.name)
    return result.holder_citizen_id is None  # only a REFUSED row names nobody
