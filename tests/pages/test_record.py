"""The auditor's record, the settings, and the made-up months of a new system."""

from tests.pages.conftest import Office, press, text_of


async def test_the_auditor_finds_who_looked_at_a_person_and_nobody_else_may(office: Office) -> None:
    people = [one async for one in office.client.items("/registry/beneficiaries", "auditor", status="ACTIVE")]
    whom = people[5]["beneficiary_id"]
    await office.browser("district-approver", name="Phạm Quốc Việt").get(f"/doi-tuong/{whom}")
    auditor = office.browser("auditor")
    page = text_of(await auditor.get("/so-ghi/registry", params={"subject": whom, "person": "Phạm Quốc Việt"}))
    assert "hồ sơ một người" in page
    assert whom[:12] in page
    overview = await auditor.get("/so-ghi", params={"subject": whom})
    assert f'hx-get="/so-ghi/disbursement?subject={whom}"' in overview.text
    part = await auditor.get("/so-ghi/registry", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert (await auditor.get("/so-ghi/registry", params={"from": "hôm qua"})).status_code == 422
    for role in ("district-officer", "admin", "bank"):
        assert (await office.browser(role).get("/so-ghi/registry")).status_code == 403
        assert (await office.browser(role).get("/so-ghi")).status_code == 403


async def test_what_happened_at_the_door_is_for_auditor_and_administrator(office: Office) -> None:
    for address in ("/so-ghi/dang-nhap", "/so-ghi/nguoi-dung"):
        for role, status in (("auditor", 200), ("admin", 200), ("district-officer", 403)):
            assert (await office.browser(role).get(address)).status_code == status


async def test_settings_are_the_administrators_and_a_system_in_use_is_not_filled(office: Office) -> None:
    page = text_of(await office.browser("admin").get("/thiet-lap"))
    assert "03/01/2024" in page
    assert "Điền hai tháng mẫu" not in page
    assert (await press(office.browser("admin"), "/thiet-lap/thang-mau")).status_code == 404
    assert (await office.browser("district-officer").get("/thiet-lap")).status_code == 403
