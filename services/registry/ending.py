"""How rights end: what a row ends of a person's rights, and the event that says so. Pure."""

from collections.abc import Iterable, Sequence

from services.kernel.decider import Rejected
from services.kernel.event_types import Event
from services.kernel.period import Period
from services.registry.commands import End, Frame
from services.registry.entitlement import Entitlement
from services.registry.events import EndCause, EntitlementEnded
from services.registry.person import State


def end(command: End, state: State) -> Sequence[Event]:
    """Ends what runs of the scope; if nothing does, moves the end of what ended last. Rejected: `right-unknown`."""
    meant = [right for right in state.entitlements if command.scope.covers(right)]
    chosen = [one for right in meant if right.end is None for one in continued(right, command.from_month, state)]
    if not chosen:
        latest = max((right.end for right in meant if right.end), default=None)
        # Of a right that began twice, the last: the months of both would be due twice.
        chosen = list({right.right: right for right in meant if right.end == latest}.values())
    if not chosen:
        raise Rejected("right-unknown")
    return [
        ended(right, command.from_month, command.cause, command.frame)
        for right in chosen
        if right.end != command.from_month
    ]


def continued(right: Entitlement, month: Period, state: State) -> Iterable[Entitlement]:
    """The right, and those that it only continues (put back, or in their place), if `month` lies before it began."""
    yield right
    for one in state.entitlements:
        follows = one.end == right.first_month and one.first_month < right.first_month
        same = one.right == right.right or (one.programme == right.programme and one.replaced)
        if follows and same and month < right.first_month:
            yield from continued(one, month, state)


def ended(right: Entitlement, month: Period, cause: EndCause, frame: Frame) -> EntitlementEnded:
    """The right's end; `month` is the first without it."""
    return EntitlementEnded(
        beneficiary_id=right.granted.beneficiary_id,
        entitlement_id=right.entitlement_id,
        from_month=month,
        cause=cause,
        at_once=cause != "REPLACED",
        effective_period=frame.effective_period,
        list_id=frame.list_id,
    )
