from pathlib import Path

import pytest

from infra import proxy
from services.site import ADDRESSES, PARTED, PREFIXES, owner_of
from tests.journeys.composed import Routes


def test_the_committed_file_is_what_the_table_gives(repository: Path) -> None:
    assert (repository / "infra/Caddyfile").read_text(encoding="utf-8") == proxy.caddyfile()


@pytest.mark.parametrize(
    ("path", "container"),
    [
        ("/", "portal"),
        ("/dang-nhap", "portal"),
        ("/tinh/0123/ansinh.css", "portal"),
        ("/danh-sach", "registry"),
        ("/danh-sach/tai-len", "registry"),
        ("/danh-sach-khac", "portal"),
        ("/tai-khoan/ty-le", "onboarding"),
        ("/chi-tra/1", "disbursement"),
        ("/bao-cao", "reporting"),
        ("/van-hanh", "portal"),
        ("/van-hanh/reporting", "reporting"),
        ("/registry/change-lists", "registry"),
        ("/portal/users", "portal"),
        ("/reporting/metrics", None),
        ("/portal/metrics", None),
    ],
)
def test_a_path_goes_to_the_container_of_its_owner(path: str, container: str | None) -> None:
    assert Routes(proxy.caddyfile()).container(path) == container


def test_every_page_goes_to_its_owner_and_every_call_to_its_service() -> None:
    routes = Routes(proxy.caddyfile())
    for prefix in PREFIXES:
        assert routes.container(f"/{prefix}/x") == owner_of(f"/{prefix}/x")
    for service in ADDRESSES:
        assert routes.container(f"/{service}/lag") == service
        for page in PARTED:
            assert routes.container(f"/{page}/{service}") == owner_of(f"/{page}/{service}") == service
