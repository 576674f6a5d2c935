"""Effects of a list's rows, newcomers who ask for the same worked out once: an opening list has thousands of them.

Pure.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields
from operator import attrgetter

from services.registry.catalogue import Catalogue
from services.registry.commands import Frame
from services.registry.effects import Effect, effects
from services.registry.following import Followed, Part
from services.registry.row import Row

WHO_AND_WHY = frozenset(
    {
        *("number", "name", "birth", "sex", "citizen_id", "old_id", "phone", "address"),
        *("payee_name", "payee_id", "reason", "decision_number", "decision_date"),
    }
)
"""The cells that say who somebody is and on which paper: of a newcomer's only row they change nothing that is due."""
_what = attrgetter(*(one.name for one in fields(Row) if one.name not in WHO_AND_WHY))


def effects_of(
    parts: Iterable[Part], follow: Callable[[Part], Followed], catalogue: Catalogue, frame: Frame
) -> dict[int, Effect]:
    """As `effects` of everybody followed; whoever asks for what another newcomer asked for is not followed again."""
    found: dict[int, Effect] = {}
    alike: dict[Hashable, Effect | None] = {}
    for part in parts:
        asked = _asked(part)
        if asked is None:
            found |= effects([follow(part)], catalogue, frame)
            continue
        if asked not in alike:
            alike[asked] = next(iter(effects([follow(part)], catalogue, frame).values()), None)
        if (effect := alike[asked]) is not None:
            found[part.rows[0].number] = effect
    return found


def _asked(part: Part) -> Hashable | None:
    """What a newcomer with one row asks for, None of anybody else: a second row may build on the first."""
    if part.known is not None or len(part.rows) != 1:
        return None
    [row] = part.rows
    # That somebody receives in the person's place is part of it; who, is not.
    return *_what(row), bool(row.payee_name)
