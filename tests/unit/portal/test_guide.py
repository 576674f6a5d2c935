"""The guide of each role: every step has words, and pictures are those that the browser tests take."""

import re
from pathlib import Path

from docs.guide import STEPS
from services.portal.pages_guide import PAGES, steps
from services.reference import access


def test_every_role_has_a_guide_whose_steps_are_those_with_pictures() -> None:
    assert set(STEPS) == set(access.ROLES)
    for role, pages in STEPS.items():
        assert len(steps(role)) == len(pages)
        assert [bool(picture) for _, picture in steps(role)] == [bool(page) for page in pages], role
        assert all(f"guide.{role}.text_{number}" in PAGES.texts for number, _ in steps(role))


def test_every_picture_is_of_a_page_that_the_walk_through_the_browser_looks_at(repository: Path) -> None:
    walk = (repository / "tests/browser/test_month.py").read_text(encoding="utf-8")
    taken = set(re.findall(r'shot\(f?"(\d\d-[^"]+)"\)', walk))
    # Names with a value in them: the commune, the role, the kind of area.
    patterns = [re.compile(re.escape(one).replace(r"\{code\}", r"\d+").replace(r"\{name\}", r"\w+")) for one in taken]
    for page in (page for pages in STEPS.values() for page in pages if page):
        watched = re.fullmatch(r"4\d-[a-z-]+", page) is not None
        assert watched or any(one.fullmatch(page) for one in patterns), page
