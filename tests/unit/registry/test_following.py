"""A list followed through: its rows gathered by person, and each decided on what the rows before left."""

from dataclasses import replace

from services.kernel.clock import derived_id
from services.kernel.event_types import Event
from services.kernel.names import fold
from services.kernel.period import Period
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.commands import Frame
from services.registry.events import BeneficiaryDied, BeneficiaryMoved, EntitlementGranted, MoveReported
from services.registry.following import Followed, Part, follow, sorted_out, split
from services.registry.headings import AMOUNT, CITIZEN_ID, CODE, NAME, PROGRAMME
from services.registry.register import Known, Register
from services.registry.row import ReasonKind, Row
from tests.unit.registry.histories import (
    ADDED,
    CU_KHE,
    DECEMBER,
    FRAME,
    KIM_BAI,
    NOVEMBER,
    OCTOBER,
    ROW,
    ended,
    granted,
    merit,
    suspended,
)

DISABLED = replace(ROW, number=3, code="BTXH.06.SEVERE", amount=660_000)
SICK = replace(ROW, number=3, programme="NCC", code="NCC.06.41-50", amount=2_145_000)
DECREASE = replace(ROW, kind="DECREASE", code=None, programme=None, amount=None, from_period=DECEMBER)
ADJUST = replace(DECREASE, kind="ADJUST")


def known(*history: Event, commune: str = KIM_BAI) -> Known:
    state = beneficiary.fold([ADDED.model_copy(update={"commune": commune}), *history])
    return Known("van", commune, "001143186310", "Hồ Thị Vân", "1943-11-15", state, 1)


def parts(*rows: Row, people: tuple[Known, ...] = ()) -> list[Part]:
    register = Register({one.citizen_id or "": one for one in people}, {fold(one.name): [one] for one in people})
    return list(split(rows, register, load(), FRAME).parts)


def walk(*rows: Row, person: Known | None = None, frame: Frame = FRAME) -> Followed:
    """The rows of one person."""
    return follow(Part("van", person, list(rows)), load(), frame)


def without_id(row: Row, number: int | None = None) -> Row:
    return replace(row, citizen_id=None, number=number or row.number)


def rights(found: Followed) -> list[str | None]:
    return [right.code for right in found.after.running]


def errors(found: Followed) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in sorted_out(found.judged)[0]]


def warnings(found: Followed) -> list[tuple[int, str, str]]:
    return [(one.row, one.column, one.code) for one in sorted_out(found.judged)[1]]


def test_rows_of_one_citizen_id_are_one_person_in_the_order_of_the_list() -> None:
    other = replace(ROW, number=5, citizen_id="001143217986", name="Lý Thị Bạch")
    first, second = parts(ROW, other, replace(DISABLED, number=9))
    assert (first.beneficiary_id, [row.number for row in first.rows]) == (derived_id("L1", 2), [2, 9])
    assert (second.beneficiary_id, [row.number for row in second.rows]) == (derived_id("L1", 5), [5])


def test_rows_of_somebody_who_is_known_are_theirs() -> None:
    [part] = parts(ROW, DECREASE, people=(known(),))
    assert (part.beneficiary_id, len(part.rows)) == ("van", 2)


def test_different_ids_under_one_name_are_two_people() -> None:
    assert len(parts(ROW, replace(DISABLED, citizen_id="001143999999"))) == 2


def test_a_row_with_an_id_and_one_without_are_two_people() -> None:
    assert len(parts(ROW, without_id(DISABLED))) == 2


def test_rows_without_id_of_one_name_and_birth_with_different_rights_are_one_person() -> None:
    [part] = parts(without_id(ROW), replace(without_id(DISABLED), name="HỒ THỊ VÂN"))
    assert rights(follow(part, load(), FRAME)) == ["BTXH.05C", "BTXH.06.SEVERE"]


def test_rows_without_id_of_another_birth_are_another_person() -> None:
    assert len(parts(without_id(ROW), replace(without_id(DISABLED), birth="1944"))) == 2


def test_the_same_right_twice_under_one_name_without_id_is_two_people() -> None:
    first, second = parts(without_id(ROW), without_id(ROW, 7))
    assert (first.beneficiary_id, second.beneficiary_id) == (derived_id("L1", 2), derived_id("L1", 7))


def test_rows_that_mean_nobody_are_left_out_with_their_error() -> None:
    found = split([DECREASE, replace(ADJUST, number=3)], Register(), load(), FRAME)
    assert found.parts == []
    assert [(one.severe, one.finding.row, one.finding.code) for one in found.judged] == [
        (True, 2, "person-unknown"),
        (True, 3, "person-unknown"),
    ]


def test_a_new_person_is_taken_up_and_granted_every_right() -> None:
    found = walk(ROW, DISABLED)
    assert [event.type_name() for event in found.events] == [
        ADDED.type_name(),
        granted().type_name(),
        granted().type_name(),
    ]
    assert errors(found) == []


def test_what_a_row_makes_happen_is_kept_by_its_number() -> None:
    found = walk(ROW, DISABLED)
    assert [[type(event) for event in found.by_row[number]] for number in (2, 3)] == [[EntitlementGranted]] * 2


def test_each_row_is_decided_on_what_the_rows_before_left() -> None:
    found = walk(DECREASE, replace(ROW, number=3, from_period=DECEMBER), person=known(granted()))
    assert errors(found) == []
    assert [right.first_month for right in found.after.running] == [DECEMBER]


def test_a_row_that_the_rules_refuse_changes_nothing_and_the_others_count() -> None:
    found = walk(replace(ROW, phone="0912345678"), DISABLED, person=known(granted()))
    assert errors(found) == [(2, CITIZEN_ID, "right-runs-already")]
    assert rights(found) == ["BTXH.05C", "BTXH.06.SEVERE"]


def test_a_right_that_runs_already_stands_at_the_name_where_there_is_no_id() -> None:
    assert errors(walk(without_id(ROW), person=known(granted()))) == [(2, NAME, "right-runs-already")]


def test_a_right_that_the_person_has_not_stands_at_its_code_or_programme() -> None:
    person = known(granted())
    assert errors(walk(replace(DECREASE, code="BTXH.08"), person=person)) == [(2, CODE, "right-unknown")]
    assert errors(walk(replace(DECREASE, programme="NCC"), person=person)) == [(2, PROGRAMME, "right-unknown")]


def test_a_move_of_somebody_without_running_right_stands_at_the_person() -> None:
    row = replace(DECREASE, reason_kind=ReasonKind.MOVE_OUT)
    assert errors(walk(row, person=known(granted(), ended(granted(), OCTOBER)))) == [(2, CITIZEN_ID, "right-unknown")]


def test_a_resumption_of_what_is_not_suspended_is_an_error() -> None:
    row = replace(ROW, reason_kind=ReasonKind.RESUME)
    assert errors(walk(row, person=known(granted()))) == [(2, CODE, "not-suspended")]
    assert errors(walk(row, person=known(granted(), suspended(granted(), NOVEMBER)))) == []


def test_a_new_amount_that_is_not_the_catalogues_must_be_accepted_though_the_row_names_no_code() -> None:
    row = replace(ADJUST, programme="BTXH", amount=460_000)
    assert warnings(walk(row, person=known(granted()))) == [(2, AMOUNT, "amount-differs")]
    assert warnings(walk(replace(row, amount=440_000), person=known(granted()))) == []


def test_a_code_that_replaces_brings_its_own_figure_to_compare_with() -> None:
    row = replace(ADJUST, programme="BTXH", code="BTXH.06.SEVERE", amount=660_000)
    assert warnings(walk(row, person=known(granted()))) == []
    assert errors(walk(row, person=known(granted(), granted("BTXH.08", 660_000)))) == [(2, CODE, "right-ambiguous")]


def test_a_newcomer_s_arrival_rows_are_ordinary_increases_and_need_their_rights() -> None:
    """Moved here from outside the district, with a right of each of two programmes."""
    rows = [replace(row, reason_kind=ReasonKind.MOVE_IN) for row in (ROW, SICK)]
    found = walk(*rows)
    assert (errors(found), rights(found)) == ([], ["BTXH.05C", "NCC.06.41-50"])
    lacking = walk(replace(rows[0], programme=None, code=None, amount=None))
    assert errors(lacking)[0] == (2, PROGRAMME, "cell-missing")


def test_somebody_who_ended_elsewhere_arrives_with_all_rights_of_the_list() -> None:
    gone = known(granted(), ended(granted(), OCTOBER), commune=CU_KHE)
    found = walk(*(replace(row, reason_kind=ReasonKind.MOVE_IN) for row in (ROW, SICK)), person=gone)
    assert (errors(found), rights(found)) == ([], ["BTXH.05C", "NCC.06.41-50"])
    assert [event.commune for event in found.events if isinstance(event, BeneficiaryMoved)] == [KIM_BAI]


def test_the_rows_of_a_move_for_each_right_are_one_half() -> None:
    person = known(granted(), merit(), commune=CU_KHE)
    found = walk(*(replace(row, reason_kind=ReasonKind.MOVE_IN) for row in (ROW, SICK)), person=person)
    assert [event.half for event in found.events if isinstance(event, MoveReported)] == ["IN"]
    assert errors(found) == []


def test_what_a_list_says_holds_from_its_l_where_the_row_is_older() -> None:
    found = walk(replace(ROW, from_period=OCTOBER), frame=Frame("L1", KIM_BAI, DECEMBER))
    [right] = found.after.running
    assert (right.granted.first_month, right.granted.roll_from) == (OCTOBER, DECEMBER)
    assert found.after.residences[0].from_month == Period("2023-12")


def test_an_increase_for_somebody_reported_dead_is_to_be_accepted() -> None:
    right = granted()
    dead = BeneficiaryDied(
        beneficiary_id="van",
        month=NOVEMBER,
        funeral_grant=0,
        office_decides=False,
        effective_period=DECEMBER,
        list_id="L1",
    )
    person = known(right, ended(right, DECEMBER, cause="DEATH"), dead)
    found = walk(replace(ROW, from_period=DECEMBER), person=person)
    assert errors(found) == []
    assert [(one.column, one.code, one.needs_acceptance) for one in sorted_out(found.judged)[1]] == [
        (CITIZEN_ID, "reported-dead", True)
    ]
