"""`ansinh token`: an access token for a person in a role."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from services.portal.oidc_settings import OidcMisconfigured, oidc_settings
from services.portal.tokens import TokenRefused, issue_token, token_key
from services.reference.access import ROLES


def token(
    role: Annotated[str, typer.Argument(help=" | ".join(ROLES))],
    area: Annotated[str | None, typer.Option(help="Mã đơn vị hành chính / area code, e.g. 10114")] = None,
    name: Annotated[str | None, typer.Option(help="Người dùng / the person (default: one per role and area)")] = None,
    data: Annotated[Path, typer.Option(help="Thư mục dữ liệu / data folder")] = Path(".data"),
) -> None:
    """In mã truy cập 12 giờ cho một người trong một vai trò. / Prints a bearer token, valid for 12 hours."""
    try:
        if oidc_settings():
            raise typer.BadParameter(
                "Hệ thống đăng nhập qua cổng định danh (OIDC), không cấp mã tại chỗ."
                " / Sign-in is by OIDC; no token is issued here."
            )
        sys.stdout.write(issue_token(token_key(data), role, area, name) + "\n")
    except (TokenRefused, OidcMisconfigured) as why:
        raise typer.BadParameter(str(why)) from why
