"""The pictures of the guide and of the README, out of the last walk through the browser: `make guide`.

The walk (`tests/browser/test_month.py`) leaves a picture of every page in `out/pages`; here stands which of them shows
which step of a role.
"""

import shutil
from pathlib import Path

HERE = Path(__file__).parent
WALKED = HERE.parent / "out" / "pages"
GUIDE = HERE.parent / "services" / "portal" / "pictures"
README = HERE / "pictures"

# Role → the page that shows each step of its guide (services/portal/texts/guide.toml); "" where none does.
STEPS: dict[str, tuple[str, ...]] = {
    "district-officer": ("11-approve", "16-roll", "19-run-prepared", "27-open-answer", "32-form-1-district"),
    "district-approver": ("21-run-approve", "22-run-send", ""),
    "commune-officer": ("04-list-empty", "05-list-wrong", "29-cash-10114", "15-reviews", "32-form-1-commune"),
    "police": ("43-police", "42-police"),
    "finance": ("41-finance", "43-finance"),
    "treasury": ("41-treasury",),
    "outreach": ("41-outreach",),
    "bank": ("13-accounts-bank", "25-bank-results"),
    "auditor": ("45-auditor", "46-auditor"),
    "admin": ("02-users", "41-admin", "43-admin"),
}
SHOWN = {"home": "09-home-office", "list": "05-list-wrong", "run": "28-run-answered"}


def taken(page: str) -> Path:
    """The picture of a page, as one sees it without scrolling."""
    return WALKED / f"script-{page}-view.png"


def main() -> None:
    """Puts the pictures where the guide and the README have them."""
    GUIDE.mkdir(exist_ok=True)
    for old in GUIDE.glob("*.png"):
        old.unlink()
    for role, pages in STEPS.items():
        for number, page in enumerate(pages, 1):
            if page:
                shutil.copyfile(taken(page), GUIDE / f"{role}-{number}.png")
    for name, page in SHOWN.items():
        shutil.copyfile(taken(page), README / f"{name}.png")


if __name__ == "__main__":
    main()
