import socket
import struct
import threading

import pytest

from infra import kafka
from infra.kafka import cluster_at
from infra.ports import HOST


def answering(answer: bytes) -> int:
    """A port that gives this answer to one request."""
    server = socket.create_server((HOST, 0))

    def serve() -> None:
        connection, _ = server.accept()
        with connection, server:
            connection.recv(1024)
            connection.sendall(struct.pack(">i", len(answer)) + answer)

    threading.Thread(target=serve, daemon=True).start()
    return int(server.getsockname()[1])


BROKER = struct.pack(">ih", 1, 9) + b"127.0.0.1" + struct.pack(">i", 20000) + struct.pack(">h", 2) + b"r1"
CLUSTER = struct.pack(">h", 4) + b"abcd"


def test_the_cluster_is_read_behind_its_brokers() -> None:
    assert cluster_at(answering(struct.pack(">ii", 1, 2) + BROKER + BROKER + CLUSTER)) == "abcd"


def test_a_broker_not_let_in_yet_is_no_answer() -> None:
    assert cluster_at(answering(struct.pack(">ii", 1, 0) + CLUSTER)) is None


def test_something_else_on_the_port_is_no_answer() -> None:
    assert cluster_at(answering(b"HTTP/1.1 400")) is None


def test_nobody_on_the_port_is_no_answer() -> None:
    with socket.create_server((HOST, 0)) as closed:
        port = int(closed.getsockname()[1])
    assert cluster_at(port) is None


@pytest.mark.parametrize("random", ["f8" * 16, "ff" * 16, "00" * 16])
def test_a_cluster_id_never_looks_like_an_option(random: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka, "new_id", lambda: random)
    made = kafka.new_cluster_id()
    assert len(made) == 22
    assert made[0] not in "-_"
