"""`ansinh restore`: all stores back from a copy."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from infra.restore import restore as load_stores
from services.commands.backup import tell_copy
from services.commands.migrate import FOLDERS
from services.commands.terminal import DATA, Data, bars, servers


def restore(
    folder: Annotated[Path, typer.Argument(help="Thư mục của bản sao lưu / the copy's folder")], data: Data = DATA
) -> None:
    """Phục hồi bản sao lưu vào hệ thống rỗng. / Brings a copy back into an empty system."""
    with servers(data) as connections, bars() as progress:
        manifest = asyncio.run(load_stores(folder, connections, FOLDERS, progress))
    tell_copy(folder, manifest, "Đã phục hồi, niêm phong nguyên vẹn / restored, seals intact")
