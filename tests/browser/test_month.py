"""One month in the browser: every role does its part from its own first page, from an empty system to printed forms.

Once with script and once without. Names and papers are made up; expected sums are counted from the papers.
"""

import csv
import io
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asyncpg
import openpyxl
import pytest
from playwright.async_api import Browser

from infra.sandbox import population, workbooks
from infra.stack import Connections
from services.kernel import clock
from services.kernel.period import Period
from services.portal import user_handlers
from services.portal.store import in_portal
from services.portal.user_handlers import First
from services.reference import access
from tests.browser.visitor import Visitor
from tests.examples.fresh import Systems, systems

PERIOD = Period("2023-11")
COMMUNES = {"10114": "Thị trấn Kim Bài", "10126": "Xã Bích Hòa", "10132": "Xã Cao Viên"}
PEOPLE, SEED = 90, 5
BANK = "VBA"
OFFICE: Sequence[tuple[str, str, str]] = (
    (access.DISTRICT_OFFICER, "chuyenvien", "Lê Thu Hằng"),
    (access.DISTRICT_APPROVER, "lanhdao", "Phạm Quốc Việt"),
    (access.BANK, "nganhang", "Ngô Văn Phúc"),
    (access.FINANCE, "taichinh", "Vũ Thị Hạnh"),
    (access.TREASURY, "khobac", "Bùi Văn Khoa"),
    (access.OUTREACH, "vanhoa", "Đặng Thị Thu"),
    (access.POLICE, "congan", "Hoàng Văn Dũng"),
    (access.AUDITOR, "kiemtra", "Dương Thị An"),
)


@dataclass
class Office:
    """The people of the month at their browsers; `mode` stands in the names of this run's users and pictures."""

    system: Systems
    browser: Browser
    pictures: Path
    papers: Path
    script: bool
    people: dict[str, Visitor]

    @property
    def mode(self) -> str:
        return "script" if self.script else "plain"

    async def enter(self, key: str, name: str) -> Visitor:
        self.people[key] = await Visitor.enter(self.browser, self.system.base, name, self.pictures, self.script)
        return self.people[key]

    def shot(self, name: str) -> str:
        return f"{self.mode}-{name}"


@pytest.fixture(scope="module")
async def shared(stack: Connections) -> AsyncIterator[Systems]:
    async with systems(stack) as found:
        yield found


@pytest.fixture(params=[True, False], ids=["script", "plain"])
async def office(
    request: pytest.FixtureRequest,
    shared: Systems,
    stack: Connections,
    chromium: Browser,
    pictures: Path,
    tmp_path: Path,
) -> AsyncIterator[Office]:
    await _forget(stack)
    await shared.fresh()
    clock.set_today(date(2023, 11, 3))
    papers = workbooks.write(tmp_path, population.make(PEOPLE, SEED, PERIOD), PERIOD)
    assert papers
    found = Office(shared, chromium, pictures, tmp_path, request.param, {})
    yield found
    for one in found.people.values():
        await one.leave()


async def _forget(stack: Connections) -> None:
    """The portal's users of a run before; their record of signing in stays, as it must."""
    connection = await asyncpg.connect(stack.owner_dsn["portal"], server_settings={"search_path": "portal"})
    try:
        await connection.execute("truncate users, sessions, attempts cascade")
    finally:
        await connection.close()


async def test_every_role_does_its_part_of_a_month(office: Office, stack: Connections) -> None:
    await administrator(office, stack)
    await first_commune(office)
    await second_commune(office)
    await third_commune(office)
    await approvals(office)
    await accounts(office)
    await reviews(office)
    await roll_and_run(office)
    await approver(office)
    await bank_answers(office)
    await open_answers(office)
    await cash(office)
    await forms(office)
    await who_watches(office)
    await sums(office)


async def administrator(office: Office, stack: Connections) -> None:
    """The operator makes the first administrator; everybody else gets in through the page."""
    async with in_portal(stack.dsn["portal"]) as connection:
        made = await user_handlers.add(connection, "test", f"Lý Văn Tài {office.mode}", "quantri", access.ADMIN, None)
    assert isinstance(made, First)
    admin = await office.enter("admin", made.user.name)
    await admin.sign_in("quantri", made.password)
    await admin.look(office.shot("01-home-admin"))
    passwords = {}
    communes = [(access.COMMUNE_OFFICER, f"xa.{code}", f"Công chức {name}", code) for code, name in COMMUNES.items()]
    for role, login, name, area in [*((*one, "") for one in OFFICE), *communes]:
        await admin.section("Người dùng")
        await admin.fill({"name": f"{name} {office.mode}", "login": login})
        await admin.page.select_option("main [name=role]", role)
        await admin.page.select_option("main [name=area]", area)
        await admin.press("Thêm người dùng")
        passwords[login] = await _first_password(admin)
    await admin.look(office.shot("02-users"))
    for role, login, name, area in [*((*one, "") for one in OFFICE), *communes]:
        visitor = await office.enter(area or role, f"{name} {office.mode}")
        await visitor.sign_in(login, passwords[login])


async def _first_password(admin: Visitor) -> str:
    """As the page tells it, once."""
    found = re.search(r"\b([a-z0-9]{4}(?:-[a-z0-9]{4}){3})\b", await admin.words())
    assert found
    return found[1]


async def first_commune(office: Office) -> None:
    """Uploads a file with a wrong number, mends the row on the page, hands in."""
    one = office.people["10114"]
    await _await(one, "Danh sách kỳ 11/2023 chưa nộp")
    await one.sees("Còn 2 ngày")
    await one.look(office.shot("03-home-commune"))
    await one.follow("Lập danh sách")
    await one.look(office.shot("04-list-empty"))
    file = office.papers / "tang-10114-2023-11.xlsx"
    number = _spoil(file)
    await one.choose_file(file)
    await one.press("Tải lên và kiểm tra")
    await one.sees("Số định danh phải đủ 12 chữ số")
    await one.look(office.shot("05-list-wrong"))
    await one.follow("Sửa dòng 2")
    await one.look(office.shot("06-row"))
    await one.page.locator("main [name=citizen_id]").first.fill(number)
    await one.press("Lưu dòng 2")
    await one.press("Nộp danh sách")
    await one.sees("Đã nộp danh sách", "Chờ duyệt")
    await one.look(office.shot("07-list-submitted"))


def _spoil(file: Path) -> str:
    """Cuts three digits off the first person's number, as a slip of the hand does; answers the right one."""
    book = openpyxl.load_workbook(file)
    sheet = book.active
    column = next(cell.column for cell in sheet[1] if cell.value == "Số định danh")
    right = str(sheet.cell(2, column).value)
    sheet.cell(2, column).value = right[:9]
    book.save(file)
    return right


async def second_commune(office: Office) -> None:
    """Pastes rows out of Excel."""
    one = office.people["10126"]
    await one.section("Danh sách")
    await one.follow("Nhập dòng đầu tiên")
    sheet = openpyxl.load_workbook(office.papers / "tang-10126-2023-11.xlsx").active
    rows = ["\t".join("" if cell is None else str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    await one.fill({"rows": "\n".join(rows)})
    await one.look(office.shot("08-rows-pasted"))
    await one.press("Thêm các dòng đã dán")
    if "them" in one.page.url:
        await one.follow("Xong, về danh sách")
    await one.press("Nộp danh sách")
    await one.sees("Đã nộp danh sách")


async def third_commune(office: Office) -> None:
    one = office.people["10132"]
    await one.section("Danh sách")
    await one.choose_file(office.papers / "tang-10132-2023-11.xlsx")
    await one.press("Tải lên và kiểm tra")
    await one.press("Nộp danh sách")
    await one.sees("Đã nộp danh sách")


async def approvals(office: Office) -> None:
    """The office finds three lists waiting, gives one back, approves all."""
    officer = office.people[access.DISTRICT_OFFICER]
    await office.system.client.quiet()
    await _await(officer, "Danh sách kỳ 11/2023 chờ duyệt")
    await officer.look(office.shot("09-home-office"))
    await officer.follow("Kiểm tra và duyệt")
    await officer.look(office.shot("10-lists"))
    await officer.follow("Xem và duyệt")
    await officer.look(office.shot("11-approve"))
    await officer.fill({"return_reason": "Dòng 2: kiểm tra lại số điện thoại."})
    await officer.press("Trả lại")
    await officer.sees("Đã trả lại xã")
    returned = office.people["10114"]
    await returned.section("Danh sách")
    await returned.sees("Trả lại")
    await returned.page.locator("main a[href^='/danh-sach/']", has_text="Mở").first.click()
    await returned.settled()
    await returned.sees("Phòng trả lại danh sách này", "kiểm tra lại số điện thoại")
    await returned.press("Nộp danh sách")
    for _ in COMMUNES:
        await officer.section("Danh sách")
        await officer.follow("Xem và duyệt")
        await officer.tick("main input[name=accept]")
        if await officer.page.locator("main [name=reason]").count():
            await officer.fill({"reason": "Đã đối chiếu hồ sơ giấy."})
        await officer.press("Duyệt danh sách")
        await officer.sees("Đã duyệt danh sách")
    await officer.look(office.shot("12-approved"))


async def _await(visitor: Visitor, words: str) -> None:
    """Looks at the first page until the counts have come."""
    for _ in range(60):
        await visitor.home()
        if words in await visitor.words():
            return
        await visitor.page.wait_for_timeout(300)
    await visitor.sees(words)


async def accounts(office: Office) -> None:
    """The bank takes the dossiers and hands in what it opened; one account bears another name."""
    clock.set_today(date(2023, 11, 6))
    await office.system.client.quiet()
    bank = office.people[access.BANK]
    await bank.section("Tài khoản")
    await bank.look(office.shot("13-accounts-bank"))
    sheet = openpyxl.load_workbook(io.BytesIO(await bank.download("XLSX"))).active
    heads, *rows = list(sheet.iter_rows(values_only=True))
    assert rows
    wanting = [one async for one in office.system.client.items("/onboarding/applications", access.BANK)]
    file = office.papers / "ket-qua-tai-khoan.csv"
    file.write_text(_opened(wanting), encoding="utf-8")
    await bank.follow("Nộp kết quả")
    await bank.choose_file(file)
    await bank.press("Tải lên và ghi kết quả")
    await bank.sees(f"Đã đọc {len(_openable(wanting))} dòng")
    await bank.look(office.shot("14-account-results"))
    del heads


def _openable(wanting: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return [one for one in wanting if one["citizen_id"] and one["holder"] == "OWN"]


def _opened(wanting: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    names = ("beneficiary_id", "holder", "bank_code", "account_number", "account_name", "result", "opened_on")
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for number, one in enumerate(_openable(wanting)):
        name = one["name"] if number else "NGUYEN THI KHAC"
        told = (one["beneficiary_id"], "OWN", BANK, f"1500{number:08d}", name, "OPENED", "2023-11-06")
        writer.writerow(dict(zip(names, told, strict=True)))
    return out.getvalue()


async def reviews(office: Office) -> None:
    one = office.people["10114"]
    await one.section("Rà soát")
    await one.tick("main input[name=beneficiary_id]")
    await one.look(office.shot("15-reviews"))
    await one.press("Ghi đã rà soát những người đã tích")
    await one.sees("Đã ghi rà soát")


async def roll_and_run(office: Office) -> None:
    """Confirms the other name, closes the roll, prepares the run."""
    clock.set_today(date(2023, 11, 8))
    officer = office.people[access.DISTRICT_OFFICER]
    await office.system.client.quiet()
    await officer.section("Danh sách")
    await officer.follow("Khóa sổ kỳ 11/2023")
    await officer.look(office.shot("16-roll"))
    await officer.follow("Khóa sổ kỳ 11/2023:")
    await officer.look(office.shot("17-roll-confirm"))
    await officer.press("Khóa sổ")
    await officer.sees("Đã khóa sổ")
    await office.system.client.quiet()
    await officer.section("Chi trả")
    await officer.look(office.shot("18-runs"))
    await officer.press("Lập đợt chi trả kỳ 11/2023")
    await officer.sees("Vì sao khác kỳ 10/2023", "Chờ lãnh đạo duyệt")
    await officer.look(office.shot("19-run-prepared"))


async def approver(office: Office) -> None:
    """The password again, then approval; sending is a step of its own."""
    one = office.people[access.DISTRICT_APPROVER]
    await office.system.client.quiet()
    await _await(one, "Đợt chi trả kỳ 11/2023 chờ duyệt")
    await one.look(office.shot("20-home-approver"))
    await one.follow("Kiểm tra và duyệt")
    await one.follow("Đợt chi trả")
    await one.follow("Duyệt chi")
    await one.look(office.shot("21-run-approve"))
    await one.press("Duyệt chi")
    await one.sees("Đã duyệt")
    await one.follow("Chuyển lệnh")
    await one.look(office.shot("22-run-send"))
    await one.press("Chuyển lệnh")
    await one.sees("Đã chuyển lệnh")
    await one.look(office.shot("23-run-sent"))


async def bank_answers(office: Office) -> None:
    """Downloads the orders; answers all but two: one refused, one under a reference that nobody knows."""
    clock.set_today(date(2023, 11, 14))
    bank = office.people[access.BANK]
    await bank.section("Chi trả")
    await bank.follow("Đợt chi trả")
    await bank.look(office.shot("24-run-bank"))
    assert (await bank.download("CSV")).count(b"\n") > 2
    instructed = {"status": "INSTRUCTED"}
    orders = [one async for one in office.system.client.items("/disbursement/payments", access.BANK, **instructed)]
    out = io.StringIO()
    names = ("end_to_end_id", "result", "amount", "value_date", "bank_reference", "reason")
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    for number, one in enumerate(orders):
        refused = number == 0
        told = ("REJECTED" if refused else "SETTLED", one["amount"], "2023-11-13", f"FT{number}", "AC04" * refused)
        writer.writerow(dict(zip(names, (one["end_to_end_id"], *told), strict=True)))
    writer.writerow(dict(zip(names, ("KHONGAIBIET", "SETTLED", 440_000, "2023-11-13", "FTX", ""), strict=True)))
    file = office.papers / "ket-qua-chi.csv"
    file.write_text(out.getvalue(), encoding="utf-8")
    await bank.section("Chi trả")
    await bank.follow("Nhận tệp kết quả")
    await bank.choose_file(file)
    await bank.press("Tải lên và ghi kết quả")
    await bank.sees(f"Đã đọc {len(orders) + 1} dòng", "Chưa khớp")
    await bank.look(office.shot("25-bank-results"))


async def open_answers(office: Office) -> None:
    officer = office.people[access.DISTRICT_OFFICER]
    await officer.section("Chi trả")
    await officer.follow("So và xử lý")
    await officer.look(office.shot("26-open-answers"))
    await officer.follow("So và")
    await officer.look(office.shot("27-open-answer"))
    await officer.fill({"reason": "Ngân hàng xác nhận ghi nhầm đơn vị khác."})
    await officer.press("Bỏ qua kết quả này")
    await officer.section("Chi trả")
    await officer.follow("Đợt chi trả")
    await officer.sees("Chênh lệch 0")
    await officer.look(office.shot("28-run-answered"))


async def cash(office: Office) -> None:
    """Each commune records who signed for their cash; the last of a list does not come."""
    for code in COMMUNES:
        one = office.people[code]
        await one.section("Tiền mặt")
        of_run = one.page.locator("main a[href^='/tien-mat/']")
        if await of_run.count() and not await one.page.locator("main input[name=payment]").count():
            await of_run.first.click()
            await one.settled()
        await one.look(office.shot(f"29-cash-{code}"))
        boxes = one.page.locator("main input[type=checkbox][name=payment]")
        if not await boxes.count():
            continue
        for box in (await boxes.all())[: max(1, await boxes.count() - 1)]:
            await box.check()
        await one.fill({"day": "14/11/2023"})
        await one.press("Ghi")
        if await boxes.count():
            await one.follow("không đến nhận")
            await one.look(office.shot(f"30-cash-left-{code}"))
            await one.press("không đến nhận")
        await one.sees("Mọi người trong danh sách đã có kết quả")


async def forms(office: Office) -> None:
    """A commune and the office hand in; the PDF to sign comes."""
    clock.set_today(date(2023, 12, 2))
    await office.system.client.quiet()
    for key, name in (("10114", "commune"), (access.DISTRICT_OFFICER, "district")):
        one = office.people[key]
        await one.section("Báo cáo")
        await one.page.goto("/bao-cao?period=2023-11")
        await one.settled()
        await one.look(office.shot(f"31-reports-{name}"))
        row = one.page.locator("main tbody tr", has_text=COMMUNES["10114"] if key == "10114" else "Huyện")
        await row.locator("a").first.click()
        await one.settled()
        await one.look(office.shot(f"32-form-1-{name}"))
        await one.follow("Nộp biểu")
        await one.look(office.shot(f"33-hand-in-{name}"))
        await one.press("Nộp và chốt Biểu 1")
        await one.sees("Đã chốt")
        assert (await one.download("PDF")).startswith(b"%PDF")


async def who_watches(office: Office) -> None:
    """Those who follow: auditor, finance, treasury, outreach, police."""
    for role, entries in (
        (access.AUDITOR, ("Danh sách", "Đối tượng", "Tài khoản", "Chi trả", "Báo cáo", "Sổ ghi")),
        (access.FINANCE, ("Chi trả", "Dự toán", "Báo cáo")),
        (access.TREASURY, ("Lệnh chi",)),
        (access.OUTREACH, ("Tỷ lệ tài khoản", "Báo cáo")),
        (access.POLICE, ("Xác thực", "Rà soát", "Đối tượng")),
        (access.ADMIN, ("Danh mục", "Thiết lập", "Vận hành")),
    ):
        one = office.people["admin" if role == access.ADMIN else role]
        await one.home()
        await one.look(office.shot(f"40-home-{role}"))
        for number, entry in enumerate(entries, 41):
            await one.section(entry)
            await one.look(office.shot(f"{number}-{role}"))


async def sums(office: Office) -> None:
    """What the form says is what the bank kept, to the đồng."""
    client = office.system.client
    form = await client.get("/reporting/forms/form-1", access.AUDITOR, period=PERIOD, area="278")
    kept = 0
    async for one in client.items("/disbursement/payments", access.AUDITOR, period=PERIOD):
        assert one["status"] not in ("INSTRUCTED", "CASH_LISTED")
        kept += one["amount"] if one["status"] == "SETTLED" else 0
    assert form["dong"]["III.2"]["4"] == kept > 0
