"""What an approved list makes happen: its rows gathered by person, and the commands of each."""

from dataclasses import replace

from services.kernel.clock import derived_id
from services.kernel.names import fold
from services.kernel.period import Period
from services.registry.beneficiary import ChoosePayout, Grant, Register
from services.registry.catalogue import load
from services.registry.events import PayeeDetails, PersonalDetails
from services.registry.register import Known, Right
from services.registry.register import Register as Registered
from services.registry.row import Row
from services.registry.row_effects import Frame, Plan, plans

OCTOBER, NOVEMBER, DECEMBER = Period("2023-10"), Period("2023-11"), Period("2023-12")
FRAME = Frame("L1", "10114", NOVEMBER)
OLD_AGE: Right = ("BTXH", None, "BTXH.05C")
ROW = Row(
    number=2,
    kind="INCREASE",
    name="Hồ Thị Vân",
    birth="1943",
    sex="F",
    citizen_id="001143186310",
    programme="BTXH",
    code="BTXH.05C",
    amount=440_000,
    from_period=NOVEMBER,
)
DISABLED = replace(ROW, number=3, code="BTXH.06.SEVERE", amount=660_000)


def planned(*rows: Row, known: tuple[Known, ...] = (), frame: Frame = FRAME) -> list[Plan]:
    by_name: dict[tuple[str, str], list[Known]] = {}
    for one in known:
        by_name.setdefault((fold(one.name), one.birth), []).append(one)
    registered = Registered({one.citizen_id: one for one in known if one.citizen_id}, by_name)
    return plans(rows, registered, load(), frame)


def person(beneficiary_id: str, *rights: Right, citizen_id: str | None = None) -> Known:
    return Known(beneficiary_id, "10114", citizen_id, "Hồ Thị Vân", "1943", frozenset(rights))


def grant_of(row: Row, frame: Frame = FRAME) -> Grant:
    """The only grant of a list of that row alone."""
    [plan] = planned(row, frame=frame)
    [grant] = [one for one in plan.commands if isinstance(one, Grant)]
    return grant


def codes(plan: Plan) -> list[str | None]:
    return [one.code for one in plan.commands if isinstance(one, Grant)]


def without_id(row: Row, number: int | None = None) -> Row:
    return replace(row, citizen_id=None, number=number or row.number)


def test_a_new_person_is_taken_up_and_granted_the_right() -> None:
    van = derived_id("L1", 2)
    register = Register(
        van,
        "10114",
        NOVEMBER,
        "L1",
        PersonalDetails(name="Hồ Thị Vân", birth="1943", sex="F", citizen_id="001143186310"),
    )
    grant = Grant(
        entitlement_id=derived_id(van, "BTXH", None, "BTXH.05C", NOVEMBER),
        programme="BTXH",
        item=None,
        code="BTXH.05C",
        amount=440_000,
        follows_catalogue=True,
        multiple=1,
        first_month=NOVEMBER,
        effective_period=NOVEMBER,
        list_id="L1",
    )
    assert planned(ROW) == [Plan(van, True, [register, grant])]


def test_a_known_person_is_only_granted_the_right() -> None:
    [plan] = planned(ROW, known=(person("van", citizen_id="001143186310"),))
    assert (plan.beneficiary_id, plan.new, codes(plan), len(plan.commands)) == ("van", False, ["BTXH.05C"], 1)


def test_rows_of_one_citizen_id_are_one_person_in_the_order_of_the_list() -> None:
    other = replace(ROW, number=5, citizen_id="001143217986", name="Lý Thị Bạch")
    first, second = planned(ROW, other, replace(DISABLED, number=9))
    assert (first.beneficiary_id, codes(first)) == (derived_id("L1", 2), ["BTXH.05C", "BTXH.06.SEVERE"])
    assert (second.beneficiary_id, codes(second)) == (derived_id("L1", 5), ["BTXH.05C"])
    assert [type(one) for one in first.commands] == [Register, Grant, Grant]


def test_different_ids_under_one_name_are_two_people() -> None:
    assert len(planned(ROW, replace(DISABLED, citizen_id="001143999999"))) == 2


def test_a_row_with_an_id_and_one_without_are_two_people() -> None:
    assert len(planned(ROW, without_id(DISABLED))) == 2


def test_rows_without_id_of_one_name_and_birth_with_different_rights_are_one_person() -> None:
    [plan] = planned(without_id(ROW), without_id(DISABLED))
    assert (plan.new, codes(plan)) == (True, ["BTXH.05C", "BTXH.06.SEVERE"])


def test_a_name_written_in_another_way_is_the_same_person() -> None:
    assert len(planned(without_id(ROW), replace(without_id(DISABLED), name="HỒ THỊ VÂN"))) == 1


def test_rows_without_id_of_another_birth_are_another_person() -> None:
    assert len(planned(without_id(ROW), replace(without_id(DISABLED), birth="1944"))) == 2


def test_the_same_right_twice_under_one_name_without_id_is_two_people() -> None:
    first, second = planned(without_id(ROW), without_id(ROW, 7))
    assert (first.beneficiary_id, second.beneficiary_id) == (derived_id("L1", 2), derived_id("L1", 7))
    assert codes(first) == codes(second) == ["BTXH.05C"]


def test_a_row_without_id_means_the_only_person_so_named_who_lacks_the_right() -> None:
    [plan] = planned(without_id(DISABLED), known=(person("van", OLD_AGE),))
    assert (plan.beneficiary_id, plan.new, codes(plan)) == ("van", False, ["BTXH.06.SEVERE"])


def test_a_row_without_id_is_another_person_where_the_one_so_named_has_the_right() -> None:
    [plan] = planned(without_id(ROW), known=(person("van", OLD_AGE),))
    assert (plan.beneficiary_id, plan.new) == (derived_id("L1", 2), True)


def test_a_row_without_id_is_a_new_person_where_two_are_so_named() -> None:
    [plan] = planned(without_id(DISABLED), known=(person("van"), person("van2")))
    assert plan.new


def test_a_row_without_id_never_means_somebody_who_has_an_id() -> None:
    [plan] = planned(without_id(DISABLED), known=(person("van", citizen_id="001143186310"),))
    assert plan.new


def test_a_row_with_an_unknown_id_is_a_new_person_beside_one_so_named_without_id() -> None:
    [plan] = planned(ROW, known=(person("van"),))
    assert plan.new


def test_a_person_lives_in_the_commune_from_the_first_month_of_the_roll() -> None:
    [plan] = planned(replace(ROW, from_period=DECEMBER), replace(DISABLED, from_period=OCTOBER))
    register = plan.commands[0]
    assert isinstance(register, Register)
    assert register.from_month == NOVEMBER


def test_a_person_whose_rights_all_begin_later_lives_there_from_the_first_of_them() -> None:
    [plan] = planned(replace(ROW, from_period=DECEMBER), replace(DISABLED, from_period=Period("2024-01")))
    register = plan.commands[0]
    assert isinstance(register, Register)
    assert register.from_month == DECEMBER


def test_what_the_first_row_leaves_out_of_a_person_is_taken_from_the_others() -> None:
    [plan] = planned(
        replace(ROW, phone="0912345678"),
        replace(DISABLED, phone="0987654321", old_id="012345678", address="Thôn Đoài"),
    )
    register = plan.commands[0]
    assert isinstance(register, Register)
    assert register.personal == PersonalDetails(
        name="Hồ Thị Vân",
        birth="1943",
        sex="F",
        citizen_id="001143186310",
        old_id="012345678",
        phone="0912345678",
        address="Thôn Đoài",
    )


def test_a_right_from_before_the_list_keeps_its_month() -> None:
    grant = grant_of(replace(ROW, from_period=OCTOBER))
    assert (grant.first_month, grant.effective_period) == (OCTOBER, NOVEMBER)


def test_an_amount_left_empty_is_the_catalogues() -> None:
    grant = grant_of(replace(ROW, amount=None))
    assert (grant.amount, grant.follows_catalogue, grant.multiple) == (440_000, True, 1)


def test_an_amount_is_the_catalogues_by_the_month_of_the_list_where_the_right_is_older() -> None:
    august = Frame("L1", "10114", Period("2024-08"))
    grant = grant_of(replace(ROW, amount=500_000, from_period=Period("2024-06")), august)
    assert (grant.amount, grant.follows_catalogue) == (500_000, True)


def test_an_amount_other_than_the_catalogues_holds_by_itself() -> None:
    grant = grant_of(replace(ROW, amount=500_000))
    assert (grant.amount, grant.follows_catalogue, grant.multiple) == (500_000, False, 1)


def test_a_multiple_follows_the_catalogue_so_many_times() -> None:
    grant = grant_of(replace(ROW, code="BTXH.04", amount=1_320_000))
    assert (grant.amount, grant.follows_catalogue, grant.multiple) == (1_320_000, True, 3)


def test_the_item_of_a_right_follows_from_its_code() -> None:
    grant = grant_of(replace(ROW, programme="NCC", code="NCC.06.41-50", amount=2_145_000))
    assert (grant.programme, grant.item, grant.follows_catalogue) == ("NCC", "6", True)


def test_a_right_without_code_has_the_amount_of_the_list() -> None:
    grant = grant_of(replace(ROW, programme="KHAC", item="16", code=None, amount=300_000))
    assert (grant.programme, grant.item, grant.code) == ("KHAC", "16", None)
    assert (grant.amount, grant.follows_catalogue) == (300_000, False)


def test_a_row_that_says_nothing_of_payout_chooses_none() -> None:
    [plan] = planned(ROW)
    assert not [one for one in plan.commands if isinstance(one, ChoosePayout)]


def test_a_wish_holds_from_the_month_of_the_list_and_not_from_that_of_the_right() -> None:
    [plan] = planned(replace(ROW, wish="ACCOUNT", from_period=OCTOBER))
    assert plan.commands[-1] == ChoosePayout(NOVEMBER, "ACCOUNT", None, None)


def test_a_payee_holds_from_the_month_of_a_right_that_begins_later() -> None:
    row = replace(ROW, from_period=DECEMBER, relation="GUARDIAN", payee_name="Hồ Văn Sơn", payee_id="001070111222")
    [plan] = planned(row)
    payee = PayeeDetails(name="Hồ Văn Sơn", citizen_id="001070111222")
    assert plan.commands[-1] == ChoosePayout(DECEMBER, None, "GUARDIAN", payee)
