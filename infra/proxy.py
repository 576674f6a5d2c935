"""The proxy's file, from the table of who owns which address: `python -m infra.proxy` writes `infra/Caddyfile`."""

from collections.abc import Sequence
from pathlib import Path

from services.site import ADDRESSES, PARTED, PREFIXES

FILE = Path(__file__).with_name("Caddyfile")
PORT = 8000
REST = "portal"
_HEAD = """# Made by `python -m infra.proxy` from the table in services/site.py; a change is made there.
#
# ANSINH_SITE: the name under which people reach the site. ANSINH_TLS: `internal` (a certificate of the proxy's own),
# the paths of a certificate and its key, or an e-mail address to have one made by Let's Encrypt.
{$ANSINH_SITE:localhost} {
	tls {$ANSINH_TLS:internal}
	header Strict-Transport-Security max-age=31536000

	# For those who run the server, from inside only.
	@inside path /*/metrics
	handle @inside {
		respond 404
	}
"""


def caddyfile() -> str:
    """The file's text: each service's calls and pages go to its container, all else to the portal."""
    services = "".join(_service(one) for one in ADDRESSES if one != REST)
    return _HEAD + services + f"\n\thandle {{\n\t\treverse_proxy {REST}:{PORT}\n\t}}\n}}\n"


def _service(service: str) -> str:
    paths = " ".join(f"{path} {path}/*" for path in _paths(service))
    return f"""
	@{service} path {paths}
	handle @{service} {{
		reverse_proxy {service}:{PORT}
	}}
"""


def _paths(service: str) -> Sequence[str]:
    pages = [f"/{prefix}" for prefix, owner in PREFIXES.items() if owner == service]
    parts = [f"/{page}/{service}" for page in PARTED]
    return [f"/{service}", *parts, *pages]


if __name__ == "__main__":
    FILE.write_text(caddyfile(), encoding="utf-8")
