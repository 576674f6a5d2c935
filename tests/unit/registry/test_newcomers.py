"""Newcomers who ask for the same are worked out once, and it comes to what each would come to by himself."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.effects import effects
from services.registry.following import Followed, Part, follow
from services.registry.newcomers import WHO_AND_WHY, effects_of
from services.registry.register import Known
from services.registry.row import ReasonKind, Row
from tests.unit.registry.histories import ADDED, DECEMBER, JANUARY, NOVEMBER, ROW, granted, listed

FRAME = listed(JANUARY)
OTHERWISE: dict[str, Any] = {
    "number": 77,
    "name": "Lý Thị Bạch",
    "birth": "1938",
    "sex": "M",
    "citizen_id": None,
    "old_id": "111222333",
    "phone": "0912345678",
    "address": "Thôn Cát Động",
    "payee_name": "Lý Văn Tám",
    "payee_id": "001088012345",
    "reason": "Đang hưởng, lập sổ ban đầu",
    "decision_number": "12/QĐ-UBND",
    "decision_date": date(2023, 12, 1),
}
"""Another value of each cell that is not compared."""
SEVERE = "BTXH.06.SEVERE"
OTHER_THING: dict[str, Any] = {
    "programme": "NCC",
    "item": "1",
    "code": SEVERE,
    "amount": 500_000,
    "from_period": DECEMBER,
    "reason_kind": ReasonKind.MOVE_IN,
    "reason_commune": "10120",
    "relation": "GUARDIAN",
    "wish": "CASH",
    "cleared": frozenset({"Điện thoại"}),
}
"""Another value of each cell that is."""
ASKING = st.builds(
    replace,
    st.just(ROW),
    kind=st.just("INCREASE"),
    name=st.sampled_from(["Hồ Thị Vân", "Lý Thị Bạch"]),
    phone=st.sampled_from([None, "0912345678"]),
    code=st.sampled_from([ROW.code, SEVERE]),
    amount=st.sampled_from([None, 440_000, 880_000]),
    from_period=st.sampled_from([None, NOVEMBER, DECEMBER, JANUARY, Period("2024-03")]),
    reason_kind=st.sampled_from([ReasonKind.ORDINARY, ReasonKind.MOVE_IN]),
    payee_name=st.sampled_from([None, "Hồ Văn Sơn", "Hồ Văn Sáu"]),
    wish=st.sampled_from([None, "ACCOUNT", "CASH"]),
)


class Follower:
    """Follows parts, and keeps whom it followed."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, part: Part) -> Followed:
        self.seen.append(part.beneficiary_id)
        return follow(part, load(), FRAME)


def new(beneficiary_id: str, *rows: Row) -> Part:
    return Part(beneficiary_id, None, list(rows))


def numbered(asked: list[list[Row]]) -> list[Part]:
    """A part for each newcomer, the rows numbered as in a file."""
    numbers = iter(range(2, 1000))
    return [
        new(f"new-{place}", *(replace(row, number=next(numbers)) for row in rows)) for place, rows in enumerate(asked)
    ]


@given(st.lists(st.lists(ASKING, min_size=1, max_size=2), max_size=12))
def test_everybody_gets_the_effect_that_following_them_gives(asked: list[list[Row]]) -> None:
    parts = numbered(asked)
    one_by_one = effects([follow(part, load(), FRAME) for part in parts], load(), FRAME)
    assert effects_of(parts, Follower(), load(), FRAME) == one_by_one


def test_who_somebody_is_and_the_paper_say_nothing_of_what_is_due() -> None:
    first = replace(ROW, payee_name="Hồ Văn Sơn", relation="GUARDIAN", from_period=NOVEMBER)
    follower = Follower()
    assert OTHERWISE.keys() == WHO_AND_WHY
    others = [
        replace(first, **{"number": 10 + place, name: value}) for place, (name, value) in enumerate(OTHERWISE.items())
    ]
    found = effects_of([new("a", first), *(new(f"b{row.number}", row) for row in others)], follower, load(), FRAME)
    assert follower.seen == ["a"]
    for row in others:
        assert effects([follow(new("c", row), load(), FRAME)], load(), FRAME) == {row.number: found[first.number]}


def test_every_other_cell_is_compared() -> None:
    # A newcomer's row is of one kind: it is compared, and there is no other value to try.
    assert OTHER_THING.keys() | {"kind"} == {one.name for one in fields(Row)} - WHO_AND_WHY
    follower = Follower()
    others = [replace(ROW, **{name: value}) for name, value in OTHER_THING.items()]
    effects_of(numbered([[row] for row in [ROW, *others]]), follower, load(), FRAME)
    assert len(follower.seen) == 1 + len(others)


def test_who_is_known_is_followed_whatever_others_asked_for() -> None:
    state = beneficiary.fold([ADDED, granted()])
    known = Known("van", FRAME.commune, "001143186310", "Hồ Thị Vân", "1943-11-15", state, 1)
    follower = Follower()
    again = replace(ROW, code=SEVERE, amount=None)
    parts = [new("new", again), Part("van", known, [replace(again, number=3)])]
    found = effects_of(parts, follower, load(), FRAME)
    assert follower.seen == ["new", "van"]
    assert (found[2].beneficiary_id, found[3].beneficiary_id) == ("", "van")
