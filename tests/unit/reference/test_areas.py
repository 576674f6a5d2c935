"""Areas in time: numbers are used again, communes merge, the district ends."""

from services.kernel.period import Period
from services.reference import areas


def test_the_district_has_21_communes_in_2023_and_20_after_the_merger_of_2025() -> None:
    assert len(areas.communes("278", "2023-11")) == 21
    assert len(areas.communes("278", "2025-01")) == 20
    assert areas.communes("278", "2025-07") == []
    assert areas.communes("01", "2025-07") == ["10114", "10126", "10144", "10180"]


def test_a_number_names_another_commune_after_it_was_used_again() -> None:
    before, after = areas.find("10114", "2025-06"), areas.find("10114", "2025-07")
    assert before is not None and before.name == "Thị trấn Kim Bài"  # noqa: PT018
    assert after is not None and after.name == "Xã Thanh Oai"  # noqa: PT018


def test_people_of_a_merged_commune_follow_it_onward() -> None:
    assert areas.commune_in("10177", "2024-12", "2024-12") == "10177"
    assert areas.commune_in("10177", "2024-12", "2025-01") == "10174"
    assert areas.commune_in("10177", "2024-12", "2025-07") == "10180"
    assert areas.commune_in("10126", "2023-11", "2025-07") == "10126"


def test_months_count_across_years() -> None:
    assert Period("2023-11").plus(3) == "2024-02"
    assert Period("2024-01").plus(-1) == "2023-12"
    assert Period("2024-02").months_since("2023-11") == 3
    assert str(Period("2024-02").last_day) == "2024-02-29"
    assert list(Period("2023-12").through("2024-01")) == ["2023-12", "2024-01"]
