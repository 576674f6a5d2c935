"""Which role may have which area: the same for a token, a user of our own and a person of the provider."""

from services.kernel.decider import Rejected
from services.reference import access, areas

MAY_HAVE_AREA = (*access.BOUND_TO_COMMUNE, access.POLICE)
NAME_LETTERS_MAX = 100


def check_role(role: str, area: str | None) -> None:
    """Raises Rejected where there is no such role, or the role can't be bound to this area or to none."""
    if role not in access.ROLES:
        raise Rejected("no-such-role", role=role[:50], known=", ".join(access.ROLES))
    if area is None:
        if role in access.BOUND_TO_COMMUNE:
            raise Rejected("area-needed", role=role)
        return
    if role not in MAY_HAVE_AREA:
        raise Rejected("area-not-meant", role=role)
    levels = {one.level for one in areas.all_areas() if one.code == area}
    if not levels:
        raise Rejected("no-such-area", area=area[:10])
    if role in access.BOUND_TO_COMMUNE and "commune" not in levels:
        raise Rejected("area-not-commune", area=area)


def check_name(name: str) -> None:
    """Raises Rejected for a name that no record could show."""
    if not name or len(name) > NAME_LETTERS_MAX or not name.isprintable():
        raise Rejected("name-wrong", most=NAME_LETTERS_MAX)
