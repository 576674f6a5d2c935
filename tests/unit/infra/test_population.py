"""The made-up population holds the plan's numbers, and its lists have nothing that a registry would refuse."""

import hashlib
import subprocess
import sys
import unicodedata
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from infra.sandbox import names
from infra.sandbox.population import Person, accounts, make
from infra.sandbox.rights import apportion
from infra.sandbox.workbooks import HEADINGS, write
from services.kernel.period import Period

NOVEMBER = Period("2023-11")

# Full years at which each age-bound code may be held (from, below), by the labels of the coefficient table.
BTXH_AGES = {
    "BTXH.01.U4": [(0, 4)],
    "BTXH.01.4+": [(4, 16)],
    "BTXH.02": [(16, 22)],
    "BTXH.03.U4": [(0, 4)],
    "BTXH.03.4-16": [(4, 16)],
    "BTXH.04": [(18, 100)],
    "BTXH.05A.60-80": [(60, 80)],
    "BTXH.05A.80+": [(80, 120)],
    "BTXH.05B": [(75, 80)],
    "BTXH.05C": [(80, 120)],
    "BTXH.05D": [(60, 120)],
    "BTXH.06.EXTREME": [(16, 60)],
    "BTXH.06.EXTREME.CHILD_OR_OLD": [(0, 16), (60, 120)],
    "BTXH.06.SEVERE": [(16, 60)],
    "BTXH.06.SEVERE.CHILD_OR_OLD": [(0, 16), (60, 120)],
    "BTXH.07": [(0, 3)],
    "BTXH.08": [(16, 100)],
    "BTXH.CARE.EXTREME_DISABLED_HOUSEHOLD": [(18, 100)],
}


@pytest.fixture(scope="module")
def district() -> list[Person]:
    return make()


def age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def births(person: Person) -> list[date]:
    """The first and the last day on which the person may be born."""
    if len(person.birth) == 4:
        return [date(int(person.birth), 1, 1), date(int(person.birth), 12, 31)]
    return [date.fromisoformat(person.birth)]


def test_the_district_has_the_plans_numbers_by_programme(district: list[Person]) -> None:
    assert Counter(person.programme for person in district) == {"BTXH": 10_818, "NCC": 2_391, "KHAC": 254}


def test_each_of_the_21_communes_has_people_of_each_programme(district: list[Person]) -> None:
    pairs = {(person.commune, person.programme) for person in district}
    assert len({commune for commune, _ in pairs}) == 21
    assert len(pairs) == 63


def test_every_item_of_form_2_and_every_assistance_code_occurs(district: list[Person]) -> None:
    rights = [right for person in district for right in person.rights]
    items = {(right.programme, right.item) for right in rights if right.item}
    assert items == {("NCC", str(item)) for item in range(1, 13)} | {("KHAC", "16"), ("KHAC", "17"), ("KHAC", "18")}
    assert {right.code for right in rights if right.programme == "BTXH"} == set(BTXH_AGES)


def test_ages_fit_the_codes_on_each_day_of_the_month(district: list[Person]) -> None:
    for person in district:
        for right in person.rights:
            if right.programme != "BTXH":
                continue
            assert right.code
            for born in births(person):
                for day in (date(2023, 11, 1), date(2023, 11, 30)):
                    fits = [low <= age(born, day) < high for low, high in BTXH_AGES[right.code]]
                    assert any(fits), (person, day)


def test_amounts_are_those_in_force_in_the_month(district: list[Person]) -> None:
    amounts = {right.code: right.amount for person in district for right in person.rights if right.units == 1}
    assert amounts["BTXH.05C"] == 440_000
    assert amounts["BTXH.06.SEVERE"] == 660_000
    assert amounts["BTXH.01.U4"] == 1_100_000
    assert amounts["NCC.11.MARTYR.1"] == 2_055_000
    later = {right.code: right.amount for person in make(2_000, period=Period("2024-08")) for right in person.rights}
    assert later["BTXH.05C"] == 500_000
    assert later["NCC.11.MARTYR.1"] == 2_789_000


def test_a_single_parents_amount_counts_the_children(district: list[Person]) -> None:
    parents = [right for person in district for right in person.rights if right.code == "BTXH.04"]
    assert {right.units for right in parents} == {1, 2, 3}
    assert all(right.amount == 440_000 * right.units for right in parents)


def test_a_supplement_stands_beside_an_allowance_of_its_item(district: list[Person]) -> None:
    beside = 0
    for person in district:
        for right in person.rights:
            if right.code and right.programme == "NCC" and (".SUPP" in right.code or ".CARE" in right.code):
                assert person.rights[0].item == right.item
                assert person.rights[0].code != right.code
                beside += 1
    assert beside > 30


def test_some_people_of_the_merit_programme_also_have_an_assistance_right(district: list[Person]) -> None:
    both = [person for person in district if person.programme == "NCC" and person.rights[-1].programme == "BTXH"]
    assert 24 <= len(both) <= 96


def test_citizen_ids_are_unique_and_agree_with_sex_and_year(district: list[Person]) -> None:
    known = [person for person in district if person.citizen_id]
    payees = {person.payee.citizen_id for person in district if person.payee}
    assert len({person.citizen_id for person in known} | payees) == len(known) + len(payees)
    for person in known:
        assert person.citizen_id
        assert len(person.citizen_id) == 12
        assert person.citizen_id.isdecimal()
        female, later = person.sex == "F", person.birth >= "2000"
        assert person.citizen_id[3:6] == f"{female + 2 * later}{person.birth[2:4]}"


def test_few_people_lack_an_id_and_none_of_them_could_be_taken_for_another(district: list[Person]) -> None:
    lacking = [person for person in district if person.citizen_id is None]
    assert len(lacking) == 202
    assert any(person.old_id and len(person.old_id) == 9 for person in lacking)
    for person in lacking:
        alike = [
            other
            for other in district
            if (other.commune, other.birth[:4]) == (person.commune, person.birth[:4])
            and names.near_equal(other.name, person.name)
        ]
        assert alike == [person]
        assert len(person.rights) == 1


def test_about_a_quarter_of_the_old_have_only_a_year_of_birth(district: list[Person]) -> None:
    old = [person for person in district if person.birth < "1963"]
    assert 0.20 < sum(len(person.birth) == 4 for person in old) / len(old) < 0.30


def test_children_have_guardians_and_siblings_share_one(district: list[Person]) -> None:
    children = [person for person in district if age(births(person)[0], date(2023, 11, 1)) < 18]
    assert children
    assert all(person.payee and person.payee.relation == "GUARDIAN" for person in children)
    wards = Counter(person.payee for person in children)
    assert max(wards.values()) in (3, 4)


def test_a_payee_serves_one_commune_under_one_name(district: list[Person]) -> None:
    served = {(person.payee.citizen_id, person.payee.name, person.commune) for person in district if person.payee}
    assert len(served) == len({citizen_id for citizen_id, _, _ in served})


def test_names_are_composed_vietnamese_letters(district: list[Person]) -> None:
    spoken = {person.name for person in district} | {person.payee.name for person in district if person.payee}
    for name in spoken:
        assert unicodedata.is_normalized("NFC", name)
        assert name.replace(" ", "").isalpha()
        assert names.bank_name(name).isascii()
    assert names.bank_name("Đặng Thị Thúy Yến") == "DANG THI THUY YEN"


def test_names_two_letters_apart_are_near_equal() -> None:
    assert names.near_equal("Nguyễn Thị Hoà", "Nguyễn Thị Hòa")
    assert names.near_equal("Nguyễn Thị Hoa", "Nguyễn Thị Hoan")
    assert not names.near_equal("Nguyễn Thị Hoa", "Nguyễn Văn Hoa")
    assert not names.near_equal("Nguyễn Thị Hoa", "Nguyễn Thị Thu Hoa")


@pytest.mark.parametrize("people", [20, 200, 1_000])
def test_every_programme_is_there_at_any_size(people: int) -> None:
    population = make(people)
    assert len(population) == people
    assert {person.programme for person in population} == {"BTXH", "NCC", "KHAC"}


def test_shares_are_split_to_whole_numbers_that_add_up() -> None:
    assert apportion(10, {"a": 6, "b": 3, "c": 1}) == {"a": 6, "b": 3, "c": 1}
    assert apportion(3, {"a": 98, "b": 1, "c": 1}) == {"a": 1, "b": 1, "c": 1}
    assert apportion(2, {"a": 98, "b": 1, "c": 1}) == {"a": 2, "b": 0, "c": 0}


def test_communes_of_later_months_are_those_that_existed_then() -> None:
    assert "10177" not in {person.commune for person in make(500, period=Period("2025-01"))}
    assert {person.commune for person in make(500, period=Period("2025-07"))} == {"10114", "10126", "10144", "10180"}


def test_the_same_seed_gives_the_same_people_in_another_process() -> None:
    program = "from infra.sandbox.population import make; print(make(200, 7))"
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed == f"{make(200, 7)}\n"
    assert make(200, 8) != make(200, 7)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    one = write(tmp_path / "one", make(200), NOVEMBER)
    other = write(tmp_path / "other", make(200), NOVEMBER)
    assert [path.name for path in one] == [path.name for path in other]
    for path, again in zip(one, other, strict=True):
        assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(again.read_bytes()).digest()


def test_a_commune_gets_one_workbook_with_a_row_for_each_right(tmp_path: Path) -> None:
    people = make(400)
    told: list[tuple[int, int]] = []
    paths = write(tmp_path, people, NOVEMBER, lambda done, total: told.append((done, total)))
    assert (paths[0].name, len(paths), told[-1]) == ("tang-10114-2023-11.xlsx", 21, (21, 21))
    rows = []
    for path in paths:
        first, *rest = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        assert first == HEADINGS
        rows += [dict(zip(HEADINGS, row, strict=True)) for row in rest]
    assert len(rows) == sum(len(person.rights) for person in people)
    assert {row["Loại"] for row in rows} == {"TĂNG"}
    assert {row["Từ tháng"] for row in rows} == {"11/2023"}
    assert {type(row["Ngày sinh"]) for row in rows} == {str, int, datetime}
    assert {type(row["Mức hưởng"]) for row in rows} == {int, type(None)}
    assert {type(row["Số định danh"]) for row in rows} == {str, type(None)}
    assert all(row["Mức hưởng"] for row in rows if row["Chương trình"] == "KHAC")
    written = sum(row["Mức hưởng"] or 0 for row in rows)
    assert 0.8 < written / sum(right.amount for person in people for right in person.rights) < 1


def test_a_commune_too_large_for_one_list_gets_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.sandbox.workbooks.ROWS_PER_FILE", 3)
    people = [person for person in make(200) if person.commune == "10132"]
    paths = write(tmp_path, people, NOVEMBER)
    assert [path.name for path in paths[:2]] == ["tang-10132-2023-11.xlsx", "tang-10132-2023-11-2.xlsx"]
    heights = [openpyxl.load_workbook(path).active.max_row - 1 for path in paths]
    assert max(heights) == 3
    assert sum(heights) == sum(len(person.rights) for person in people)


def test_accounts_are_those_who_wish_one_and_have_an_id(district: list[Person]) -> None:
    results = accounts(district, 1, date(2023, 10, 31))
    wishing = {person.citizen_id: person for person in district if person.wish == "ACCOUNT" and person.citizen_id}
    assert {result["citizen_id"] for result in results} <= set(wishing)
    assert 0.95 < len(results) / len(wishing) < 0.97
    holders: dict[str, str] = {}
    for result in results:
        person = wishing[result["citizen_id"]]
        payee = person.payee
        assert result["holder"] == (payee.relation if payee else "OWN")
        assert result.get("holder_citizen_id") == (payee.citizen_id if payee else None)
        assert result.get("holder_name") == (payee.name if payee else None)
        assert result["account_name"] == names.bank_name(payee.name if payee else person.name)
        assert len(result["account_number"]) == 13
        assert "2023-10-11" <= result["opened_on"] <= "2023-10-31"
        holder = result.get("holder_citizen_id", result["citizen_id"])
        assert holders.setdefault(result["account_number"], holder) == holder
    assert len(holders) == len(set(holders.values()))
    assert len(holders) < len(results)


def test_accounts_of_the_same_seed_are_the_same() -> None:
    people = make(200)
    assert accounts(people, 3, date(2023, 10, 31)) == accounts(people, 3, date(2023, 10, 31))
