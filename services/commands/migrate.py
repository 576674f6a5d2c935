"""`ansinh migrate`: every store's schema brought to this version, without starting a service."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from infra.accounts import SERVICES
from infra.stack import Connections
from services.commands.terminal import DATA, Data, out, servers
from services.disbursement.app import MIGRATIONS as DISBURSEMENT
from services.kernel.database import migrate as migrate_schema
from services.kernel.database import role_of
from services.onboarding.app import MIGRATIONS as ONBOARDING
from services.portal.app import MIGRATIONS as PORTAL
from services.registry.app import MIGRATIONS as REGISTRY
from services.reporting.app import MIGRATIONS as REPORTING

FOLDERS: Mapping[str, Sequence[Path]] = {
    "registry": [REGISTRY],
    "onboarding": [ONBOARDING],
    "disbursement": [DISBURSEMENT],
    "reporting": [REPORTING],
    "portal": [PORTAL],
}


def migrate(data: Data = DATA) -> None:
    """Đưa cấu trúc các kho lên phiên bản này. / Brings the schemas of all stores to this version."""
    with servers(data) as connections:
        done = asyncio.run(_migrate(connections))
    for service, names in done.items():
        out.print(f"{service}: {', '.join(names) or 'không có gì mới / nothing new'}")


async def _migrate(connections: Connections) -> dict[str, list[str]]:
    return {
        service: await migrate_schema(
            connections.owner_dsn[service], service, role_of(connections.dsn[service]), FOLDERS[service]
        )
        for service in SERVICES
    }
