"""The pages of the portal."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

router = APIRouter()

SERVICES = (
    ("registry", "Sổ đối tượng", "danh sách tăng, giảm, điều chỉnh; sổ hằng tháng; rà soát"),
    ("onboarding", "Tài khoản", "hồ sơ và kết quả mở tài khoản nhận trợ cấp"),
    ("disbursement", "Chi trả", "đợt chi trả, lệnh chi, kết quả của ngân hàng, tiền mặt"),
    ("reporting", "Báo cáo", "biểu 1 và biểu 2 của xã và huyện"),
)
_ITEMS = "\n".join(f'<li><a href="/{service}/docs">{name}</a>: {what}.</li>' for service, name, what in SERVICES)
HOME = f"""<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>An Sinh</title>
</head>
<body>
<main>
<h1>An Sinh</h1>
<p>Chi trả chính sách an sinh xã hội không dùng tiền mặt.</p>
<h2>Các dịch vụ và giao diện lập trình</h2>
<ul>
{_ITEMS}
</ul>
</main>
</body>
</html>
"""


@router.get("/", response_class=HTMLResponse)
async def home() -> str:
    """What there is, with links to each service's description."""
    return HOME
