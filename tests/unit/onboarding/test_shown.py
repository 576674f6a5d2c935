"""Who sees which accounts, and which fields of them."""

from services.kernel.web.auth import Caller
from services.onboarding.read_model import Place
from services.onboarding.shown import account_item, application_item, counts, in_area, places_seen

KNOWN = [Place("10114", "2023-11"), Place("10120", "2023-11"), Place("10177", "2023-11")]
ROW = {
    "account_id": "a1",
    "beneficiary_id": "b1",
    "name": "Nguyễn Thị An",
    "commune": "10114",
    "from_month": "2023-11",
    "holder": "OWN",
    "holder_name": "Nguyễn Thị An",
    "status": "OPEN",
    "opened_on": None,
    "closed_on": None,
    "reason": None,
    "bank_code": "VBA",
    "account_number": "2200205000137",
    "account_name": "NGUYEN THI AN",
}


def officer(area: str) -> Caller:
    return Caller("Hoa", "commune-officer", area)


def test_the_office_is_not_bound() -> None:
    assert places_seen(Caller("Lan", "district-officer", None), None, KNOWN, "2023-11") is None


def test_a_commune_sees_its_own_people() -> None:
    assert places_seen(officer("10114"), None, KNOWN, "2023-11") == [Place("10114", "2023-11")]


def test_a_merged_commune_sees_the_people_of_both() -> None:
    assert places_seen(officer("10174"), None, KNOWN, "2025-01") == [Place("10177", "2023-11")]


def test_police_of_the_district_see_it_whole_even_after_it_ended() -> None:
    assert places_seen(Caller("Sơn", "police", "278"), None, KNOWN, "2026-11") == KNOWN


def test_asking_for_a_commune_narrows() -> None:
    assert places_seen(Caller("Lan", "auditor", None), "10120", KNOWN, "2023-11") == [Place("10120", "2023-11")]


def test_a_commune_of_another_area_is_none_of_ones_business() -> None:
    assert in_area("10120", "10120", "2023-11")
    assert in_area("10120", "10126", "2026-11")
    assert not in_area("10120", "10114", "2026-11")


def test_account_numbers_are_for_the_office_the_bank_and_the_auditor() -> None:
    roles = ("district-officer", "district-approver", "auditor", "bank", "commune-officer", "police")
    with_number = [role for role in roles if "account_number" in account_item(ROW, Caller("x", role, None), "2023-11")]
    assert with_number == ["district-officer", "district-approver", "auditor", "bank"]


def test_outreach_learns_counts_by_todays_commune() -> None:
    rows = [
        {"commune": "10120", "from_month": "2023-11", "status": "OPEN", "accounts": 2},
        {"commune": "10126", "from_month": "2023-11", "status": "OPEN", "accounts": 3},
    ]
    assert counts(rows, "2026-11") == [{"commune": "10126", "status": "OPEN", "accounts": 5}]


def test_an_application_says_what_the_dossier_lacks() -> None:
    row = ROW | {
        "birth": "1941",
        "citizen_id": None,
        "phone": None,
        "relation": "GUARDIAN",
        "payee_name": "Hoàng Thị Mai",
        "payee_citizen_id": None,
        "refused": None,
    }
    item = application_item(row, "2023-11")
    assert item["lacks"] == ["citizen-id", "phone", "payee-citizen-id"]
    assert item["holder"] == "GUARDIAN"
