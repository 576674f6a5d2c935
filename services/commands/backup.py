"""`ansinh backup`: a copy of all stores."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from infra.backup import backup as copy_stores
from infra.copied import MANIFEST, Manifest, digest_of
from services.commands.terminal import DATA, Data, bars, out, servers
from services.reporting.layout import number

NOT_IN_IT = (
    "Không có trong bản sao lưu: khóa ký mã truy cập, mật khẩu cơ sở dữ liệu, phiên đăng nhập."
    " / Not in it: the token key, the database's passwords, sessions."
)


def backup(
    folder: Annotated[Path, typer.Argument(help="Thư mục mới hoặc rỗng / a new or empty folder")], data: Data = DATA
) -> None:
    """Sao lưu mọi kho tại một thời điểm, kể cả khi đang chạy. / Copies all stores as of one moment, running or not."""
    with servers(data) as connections, bars() as progress:
        manifest = asyncio.run(copy_stores(folder, connections.owner_dsn, progress))
    tell_copy(folder, manifest, "Đã sao lưu / copied")
    out.print(NOT_IN_IT)
    out.print("Bản sao lưu có dữ liệu cá nhân: giữ kín như hệ thống. / It holds personal data: guard it likewise.")


def tell_copy(folder: Path, manifest: Manifest, title: str) -> None:
    """What a copy holds, store by store, and what to write down of it elsewhere."""
    table = Table(title=title)
    table.add_column("Kho / store")
    table.add_column("Dòng / rows", justify="right")
    table.add_column("Sự kiện / events", justify="right")
    table.add_column("Niêm phong cuối / last seal", no_wrap=True)
    for service, store in manifest.stores.items():
        table.add_row(service, number(store.rows), number(store.events), store.seal)
    out.print(table)
    out.print(f"Thời điểm / as of: {manifest.made_at.isoformat(timespec='seconds')}; An Sinh {manifest.version}")
    out.print(f"SHA-256 {MANIFEST}: {digest_of(folder / MANIFEST)}", soft_wrap=True)
