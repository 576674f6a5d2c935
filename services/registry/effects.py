"""What a row of a list makes of a person's money: before and after it, this month and in the months gone by. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import Catalogue
from services.registry.changes import changes
from services.registry.commands import Frame
from services.registry.due import due_changed
from services.registry.events import DueLayer
from services.registry.following import Followed
from services.registry.person import State

Months = Mapping[Period, int]


@dataclass(frozen=True, slots=True)
class Effect:
    """One row's effect; đồng, in the month L in which its list takes effect and in the list's commune.

    `beneficiary_id`: "" for who is new. `people`: pairs (person, programme) that come on the roll, less those that go.
    `arrears`, `recoveries`: what the row makes due, or no more due, of each earlier month. `changes`: as the API shows
    them.
    """

    beneficiary_id: str
    people: int
    before: int
    after: int
    arrears: Months
    recoveries: Months
    changes: Sequence[Mapping[str, Any]]

    @property
    def is_new(self) -> bool:
        return not self.beneficiary_id

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _Stand:
    """A person at one moment: pairs on the roll of L, đồng of L, and đồng of the months before L."""

    pairs: int
    amount: int
    earlier: Months


def effects(followed: Iterable[Followed], catalogue: Catalogue, frame: Frame) -> dict[int, Effect]:
    """The effect of each row that changes anything or nothing, by its number; rows that were refused have none."""
    found: dict[int, Effect] = {}
    for one in followed:
        registering = len(one.events) - sum(len(events) for events in one.by_row.values())
        state = beneficiary.fold(one.events[:registering], one.before)
        stand = _stand(state, catalogue, frame)
        for number, events in one.by_row.items():
            before, state = state, beneficiary.fold(events, state)
            now = stand if _due_alike(before, state) else _stand(state, catalogue, frame)
            found[number] = _between(one, stand, now, changes(events, one.after))
            stand = now
    return found


def _between(one: Followed, before: _Stand, after: _Stand, told: Sequence[Mapping[str, Any]]) -> Effect:
    months = sorted(before.earlier.keys() | after.earlier.keys())
    more = {month: after.earlier.get(month, 0) - before.earlier.get(month, 0) for month in months}
    return Effect(
        beneficiary_id=one.beneficiary_id if one.version else "",
        people=after.pairs - before.pairs,
        before=before.amount,
        after=after.amount,
        arrears={month: amount for month, amount in more.items() if amount > 0},
        recoveries={month: -amount for month, amount in more.items() if amount < 0},
        changes=told,
    )


def _due_alike(one: State, other: State) -> bool:
    """Whether nothing changed of which a stand is made: many rows bring a telephone number, or who receives."""
    return one.entitlements == other.entitlements and one.residences == other.residences


def _stand(state: State, catalogue: Catalogue, frame: Frame) -> _Stand:
    month, pairs, amount = frame.effective_period, 0, 0
    earlier: dict[Period, int] = {}
    is_here = bool(state.residences) and state.commune_in(month) == frame.commune
    for programme in sorted({right.programme for right in state.entitlements}):
        due = due_changed(state, programme, catalogue)
        layers = [layer for layer in due.layers if layer.counts_from <= month]
        newest = max(layers, key=lambda layer: layer.counts_from) if layers else DueLayer(counts_from=month, spans=())
        if is_here and any(span.first <= month <= (span.last or month) for span in due.roll):
            pairs += 1
            amount += sum(span.amount for span in newest.spans if span.first <= month <= (span.last or month))
        for span in newest.spans:
            for one in span.first.through(min(span.last or month, month.plus(-1))):
                earlier[one] = earlier.get(one, 0) + span.amount
    return _Stand(pairs, amount, earlier)
