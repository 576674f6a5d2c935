"""htmx, taken from a locked package at install: `python -m infra.htmx` puts it beside the pages' other static files.

The package `django-htmx` carries the library's own file; nothing else of it is installed. Where it cannot be fetched,
pages work all the same: every task can be done without script.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

LOCK = Path(__file__).with_name("htmx.lock")
MEMBER = "django_htmx/static/django_htmx/htmx.min.js"
TARGET = Path(__file__).parent.parent / "services/kernel/web/pages/static/htmx.min.js"


def fetch() -> bytes:
    """The file out of the package, whose digest the lock names. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        exact = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--requirement", str(LOCK)]
        subprocess.run([*pip, *exact, "--dest", folder], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as content:
            return content.read(MEMBER)


def main() -> None:
    """Puts the file where it belongs, or says that pages will do without."""
    try:
        TARGET.write_bytes(fetch())
    except subprocess.CalledProcessError:
        print(
            "Chưa tải được htmx: các trang vẫn dùng được, chỉ thiếu phần cập nhật tại chỗ."
            " / htmx could not be fetched: pages work without it.",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
