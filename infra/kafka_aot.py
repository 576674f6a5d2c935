"""Prepares Kafka's start: one run in which the JVM notes what it loaded and linked, so that later starts need not.

It cuts a start from five seconds to one or two. The JRE of the wheel comes without any such archive.
"""

import tempfile
from pathlib import Path

from infra import jars
from infra.errors import StackError
from infra.kafka import Kafka, aot_file
from infra.ports import Ports
from infra.process import Command
from infra.server import Supervisor

_DUMP_SECONDS = 120.0


class _Rehearsal(Kafka):
    """A broker whose JVM writes the archive when it ends."""

    stop_seconds = _DUMP_SECONDS

    def __init__(self, folder: Path, ports: Ports, class_path: list[Path], archive: Path) -> None:
        super().__init__(folder, ports, class_path)
        self._archive = archive

    def command(self) -> Command:
        plain = super().command()
        java, *rest = plain.args
        return Command(
            (java, f"-XX:AOTCacheOutput={self._archive}", *rest), plain.env, plain.folder, plain.log, plain.settings
        )


def train(progress: jars.Progress) -> None:
    """Makes the archive beside the JARs if it is not there. Kafka starts without it too, only slower."""
    class_path = jars.ensure(progress)
    wanted = aot_file(class_path)
    if wanted.exists():
        return
    progress("Chuẩn bị cho Kafka khởi động nhanh (một lần, khoảng 15 giây)")
    with tempfile.TemporaryDirectory(dir=wanted.parent, prefix=".rehearsal-") as scratch:
        folder = Path(scratch)
        made = folder / "kafka.aot"
        rehearsal = Supervisor(_Rehearsal(folder, Ports(folder / "ports.json"), class_path, made))
        try:
            rehearsal.start()
        except StackError as error:
            progress(str(error))
        finally:
            rehearsal.stop()
        if made.exists():
            made.replace(wanted)
