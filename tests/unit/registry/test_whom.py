"""Whom a row means: by citizen id, else by name and birth in the commune."""

from dataclasses import replace

import pytest

from services.kernel.names import fold
from services.registry.beneficiary import beneficiary
from services.registry.commands import Frame
from services.registry.events import EntitlementEnded, EntitlementGranted
from services.registry.headings import CITIZEN_ID, NAME
from services.registry.register import Known, Register
from services.registry.row import Kind, ReasonKind, Row
from services.registry.whom import Meant, meant
from tests.unit.registry.histories import ADDED, CU_KHE, FRAME, JANUARY, KIM_BAI, NOVEMBER, ended, granted, half

Event = EntitlementGranted | EntitlementEnded
NUMBER, OTHER_NUMBER = "001143186310", "001143217986"
RIGHT = ("BTXH", None, "BTXH.05C")
ROW = Row(number=4, kind="INCREASE", name="Hồ Thị Vân", birth="1943", sex="F", citizen_id=NUMBER, from_period=NOVEMBER)
RUNS = (granted(),)
GONE = (granted(), ended(granted(), NOVEMBER))


def known(
    who: str = "van",
    number: str | None = NUMBER,
    commune: str = KIM_BAI,
    name: str = "Hồ Thị Vân",
    birth: str = "1943",
    history: tuple[Event, ...] = RUNS,
) -> Known:
    return Known(who, commune, number, name, birth, beneficiary.fold([ADDED, *history]), 1)


def register(*people: Known, arriving: tuple[Known, ...] = ()) -> Register:
    here: dict[str, list[Known]] = {}
    for one in people:
        if one.commune == KIM_BAI:
            here.setdefault(fold(one.name), []).append(one)
    return Register(
        {one.citizen_id: one for one in people if one.citizen_id},
        here,
        {fold(one.name): [one] for one in arriving},
    )


def of(kind: Kind, number: str | None = NUMBER, reason: ReasonKind = ReasonKind.ORDINARY) -> Row:
    return replace(ROW, kind=kind, citizen_id=number, reason_kind=reason)


def look(row: Row, *people: Known, frame: Frame = FRAME) -> Meant:
    return meant(row, RIGHT, register(*people), frame)


def assert_is(found: Meant, who: str | None, *codes: str) -> None:
    """Who is meant, and what is doubtful about it."""
    assert (found.known.beneficiary_id if found.known else None) == who
    assert [(one.severe, one.finding.code) for one in found.judged] == [(False, code) for code in codes]


def assert_error(found: Meant, column: str, code: str) -> None:
    assert found.known is None
    assert [(one.severe, one.finding.column, one.finding.code) for one in found.judged] == [(True, column, code)]


@pytest.mark.parametrize("kind", ["INCREASE", "DECREASE", "ADJUST"])
def test_a_citizen_id_that_is_known_means_that_person(kind: Kind) -> None:
    assert_is(look(of(kind), known()), "van")


@pytest.mark.parametrize("kind", ["INCREASE", "DECREASE", "ADJUST"])
def test_a_citizen_id_of_somebody_with_another_name_is_an_error(kind: Kind) -> None:
    assert_error(look(of(kind), known(name="Lý Thị Bạch")), CITIZEN_ID, "citizen-id-of-another")


def test_a_name_written_in_another_way_is_the_same_name() -> None:
    assert_is(look(replace(ROW, name="HỒ THỊ  VÂN"), known()), "van")


@pytest.mark.parametrize("kind", ["DECREASE", "ADJUST"])
def test_somebody_of_another_commune_is_beyond_a_list(kind: Kind) -> None:
    found = look(of(kind), known(commune=CU_KHE))
    assert_error(found, CITIZEN_ID, "registered-elsewhere")
    assert "đã đăng ký ở nơi khác" in found.judged[0].finding.vi
    assert CU_KHE not in found.judged[0].finding.vi


def test_an_increase_of_somebody_with_a_right_in_another_commune_is_an_error() -> None:
    assert_error(look(ROW, known(commune=CU_KHE)), CITIZEN_ID, "registered-elsewhere")


@pytest.mark.parametrize("reason", [ReasonKind.MOVE_IN, ReasonKind.RESUME])
def test_a_move_or_a_resumption_of_somebody_in_another_commune_is_none(reason: ReasonKind) -> None:
    assert_is(look(of("INCREASE", reason=reason), known(commune=CU_KHE)), "van")


def test_somebody_who_ended_in_another_commune_may_join_again_here() -> None:
    assert_is(look(ROW, known(commune=CU_KHE, history=GONE)), "van")


@pytest.mark.parametrize("reason", [ReasonKind.ORDINARY, ReasonKind.MOVE_IN])
def test_a_right_elsewhere_whose_end_is_still_to_come_runs(reason: ReasonKind) -> None:
    """It ends from January: until then it would be on the roll of two communes."""
    leaves = known(commune=CU_KHE, history=(granted(), ended(granted(), JANUARY)))
    assert_error(look(of("INCREASE", reason=reason), leaves), CITIZEN_ID, "registered-elsewhere")
    assert_is(look(replace(ROW, from_period=JANUARY), leaves), "van")
    assert_is(look(ROW, leaves, frame=Frame("L1", KIM_BAI, JANUARY)), "van")


@pytest.mark.parametrize("kind", ["DECREASE", "ADJUST"])
def test_an_id_that_nobody_has_falls_back_to_the_one_so_named_without_id(kind: Kind) -> None:
    assert_is(look(of(kind), known(number=None)), "van")
    assert_error(look(of(kind), known(number=OTHER_NUMBER)), CITIZEN_ID, "person-unknown")
    assert_error(look(of(kind), known("a", None), known("b", None)), CITIZEN_ID, "person-ambiguous")
    assert_error(look(replace(of(kind), birth=None), known(number=None)), CITIZEN_ID, "person-unknown")


def test_an_increase_with_an_id_that_nobody_has_is_a_new_person() -> None:
    assert_is(look(ROW), None)
    assert_is(look(ROW, known(number=OTHER_NUMBER)), None)
    assert_is(look(ROW, known(number=None)), None, "possible-double")


def test_a_correction_of_a_name_means_the_person_with_that_id() -> None:
    row = replace(of("ADJUST", reason=ReasonKind.CORRECTION), name="Hồ Thị Vấn")
    assert_is(look(row, known()), "van")


def test_a_correction_of_a_wrong_id_means_the_person_so_named() -> None:
    row = of("ADJUST", reason=ReasonKind.CORRECTION)
    assert_is(look(row, known(number=OTHER_NUMBER)), "van")
    assert_error(look(row, known("a", OTHER_NUMBER), known("b", None)), CITIZEN_ID, "person-ambiguous")


def test_a_correction_cannot_give_one_persons_id_to_another() -> None:
    """The number is Bạch's; name and birth are Vân's: neither is Bạch to be renamed nor has Vân her number."""
    row = of("ADJUST", OTHER_NUMBER, ReasonKind.CORRECTION)
    bach = known("bach", OTHER_NUMBER, name="Lý Thị Bạch", birth="1950")
    assert_error(look(row, known(), bach), CITIZEN_ID, "citizen-id-of-another")


def test_a_correction_may_give_somebody_the_name_of_another_person_of_the_same_birth() -> None:
    row = of("ADJUST", OTHER_NUMBER, ReasonKind.CORRECTION)
    assert_is(look(row, known(), known("bach", OTHER_NUMBER, name="Hồ Thị Vâng")), "bach")


@pytest.mark.parametrize("kind", ["DECREASE", "ADJUST"])
def test_a_row_without_id_means_the_only_one_so_named(kind: Kind) -> None:
    assert_is(look(of(kind, None), known()), "van")
    assert_is(look(of(kind, None), known(number=None), known("other", None, birth="1944")), "van")
    assert_error(look(of(kind, None), known(commune=CU_KHE)), NAME, "person-unknown")
    assert_error(look(of(kind, None), known("a", None), known("b", None)), NAME, "person-ambiguous")


@pytest.mark.parametrize(
    ("known_birth", "row_birth", "found"),
    [("1943-11-15", "1943", True), ("1943", "1943-11-15", True), ("1943-11-15", "1943-11-16", False)],
)
def test_a_year_of_birth_agrees_with_any_of_its_days(known_birth: str, row_birth: str, found: bool) -> None:
    row = replace(of("DECREASE", None), birth=row_birth)
    assert (look(row, known(number=None, birth=known_birth)).known is not None) == found


def test_an_increase_without_id_is_of_the_one_so_named_who_lacks_the_right_and_must_be_accepted() -> None:
    lacks = known(number=None, history=(granted("BTXH.08", 660_000),))
    assert_is(look(of("INCREASE", None), lacks), "van", "taken-for-known-person")
    assert_is(look(of("INCREASE", None), known(number=None, history=GONE)), "van", "taken-for-known-person")


def test_an_increase_without_id_is_of_another_person_where_the_one_so_named_has_the_right() -> None:
    assert_is(look(of("INCREASE", None), known(number=None)), None, "possible-double")
    assert_is(look(of("INCREASE", None), known("a", None), known("b", None)), None, "possible-double")


def test_a_resumption_without_id_means_the_only_one_so_named() -> None:
    row = of("INCREASE", None, ReasonKind.RESUME)
    assert_is(look(row, known(number=None)), "van")
    assert_error(look(row), NAME, "person-unknown")


def test_an_arrival_without_id_means_the_only_one_so_named_on_the_way_here() -> None:
    leaving = Known(
        "van", CU_KHE, None, "Hồ Thị Vân", "1943", beneficiary.fold([ADDED, *RUNS, half("OUT", KIM_BAI, NOVEMBER)]), 1
    )
    row = of("INCREASE", None, ReasonKind.MOVE_IN)
    assert_is(meant(row, RIGHT, register(arriving=(leaving,)), FRAME), "van")
    assert_is(meant(row, RIGHT, register(), FRAME), None)
