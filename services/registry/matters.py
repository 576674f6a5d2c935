"""What about a person waits for somebody: shown to officers until it is settled. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from services.registry.person import State

Kind = Literal[
    "citizen-id-lacking",
    "move-half-open",
    "funeral-payee-lacking",
    "funeral-office-decides",
    "ended-while-suspended",
]


@dataclass(frozen=True, slots=True)
class Matter:
    """`since`: the period (L) or month from which it waits; None where it has none."""

    kind: Kind
    since: str | None


def matters(state: State) -> Iterable[Matter]:
    """Everything that waits about the person."""
    if state.personal and state.personal.citizen_id is None and state.running:
        yield Matter("citizen-id-lacking", None)
    for half in state.halves:
        yield Matter("move-half-open", half.effective_period)
    if state.died and state.died.funeral_grant and state.funeral is None:
        kind: Kind = "funeral-office-decides" if state.died.office_decides else "funeral-payee-lacking"
        yield Matter(kind, state.died.month)
    for right in state.entitlements:
        if right.end is not None and right.suspension is not None and not right.replaced:
            yield Matter("ended-while-suspended", right.end)
