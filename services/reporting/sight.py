"""Whose forms a caller may see, and from which instant they look."""

from datetime import UTC, date, datetime, time, timedelta

from services.kernel import clock
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.reference import access, areas
from services.reference.areas import Area

# Everyone but the bank and the administrator sees forms; persons behind a figure only those who see persons at all.
FORMS = tuple(role for role in access.ROLES if role not in (access.BANK, access.ADMIN))
PERSONS = (*access.SEES_ALL, access.COMMUNE_OFFICER, access.POLICE, access.FINANCE)
SUBMITTERS = (access.COMMUNE_OFFICER, access.DISTRICT_OFFICER)
OVERSEERS = (*SUBMITTERS, access.AUDITOR)
"""Who sees which reports were submitted."""


def require_form(caller: Caller, area: Area, period: Period) -> None:
    """Raises Problem 403 unless the area lies in the caller's, or is the district of which theirs is a part."""
    if not sees_form(caller, area, period):
        raise _not_yours()


def require_persons(caller: Caller, area: Area, period: Period) -> None:
    """Raises Problem 403 unless the area lies in the caller's."""
    if not sees_persons(caller, area, period):
        raise _not_yours()


def sees_form(caller: Caller, area: Area, period: Period) -> bool:
    """Whether the area lies in the caller's, or is the district of which theirs is a part."""
    if caller.area is None or _lies_in(area, caller.area, period):
        return True
    return area.level == "district" and areas.within(caller.area, area.code, period)


def sees_persons(caller: Caller, area: Area, period: Period) -> bool:
    """Whether the area lies in the caller's."""
    return caller.area is None or _lies_in(area, caller.area, period)


def areas_seen(caller: Caller, area: str | None) -> list[str] | None:
    """The areas whose submissions are shown: a caller bound to an area sees its own and its district's."""
    if caller.area is None:
        return None if area is None else [area]
    own = [one for one in areas.all_areas() if one.code == caller.area]
    districts = {one.code for one in areas.all_areas() if one.level == "district"}
    seen = {caller.area} | (districts & {one.parent for one in own})
    return sorted(seen if area is None else seen & {area})


def _lies_in(area: Area, of: str, period: Period) -> bool:
    return set(areas.communes(area.code, period)) <= set(areas.communes(of, period))


def _not_yours() -> Problem:
    return Problem(403, "not-allowed", "Đơn vị này không thuộc địa bàn của bạn.", "This area is not yours.")


def instant(text: str | None) -> datetime:
    """The instant `as_of`: now where none is given; a bare day is its end in Việt Nam. Raises Problem 422."""
    if text is None:
        return clock.now()
    # A plus sign that was not encoded arrives as a space.
    stated = text.strip().replace(" ", "+")
    try:
        return end_of(date.fromisoformat(stated)) if len(stated) == len("2023-11-05") else _zoned(stated)
    except (ValueError, OverflowError) as why:
        raise Problem(
            422,
            "input-wrong",
            "as_of phải là ngày (2023-12-04) hoặc thời điểm có múi giờ (2023-12-04T10:00:00+07:00).",
            "as_of must be a day (2023-12-04) or an instant with its zone (2023-12-04T10:00:00+07:00).",
        ) from why


def end_of(day: date) -> datetime:
    """The last instant of a day in Việt Nam. Raises OverflowError."""
    next_day = datetime.combine(day + timedelta(days=1), time(), clock.ZONE)
    return next_day.astimezone(UTC) - timedelta(microseconds=1)


def _zoned(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no zone")
    return found.astimezone(UTC)
