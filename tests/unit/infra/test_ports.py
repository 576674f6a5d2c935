import socket
from pathlib import Path

from infra.ports import HOST, Ports


def test_a_port_is_remembered_by_name(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    database, broker = ports.of("database"), ports.of("broker")
    assert database != broker
    assert Ports(tmp_path / "ports.json").claim("database") == database


def test_a_port_that_somebody_took_is_changed_and_the_new_one_remembered(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    old = ports.of("database")
    with socket.create_server((HOST, old)):
        new = ports.claim("database")
    assert new != old
    assert ports.of("database") == new


def test_ports_lie_below_those_of_outgoing_connections(tmp_path: Path) -> None:
    ports = Ports(tmp_path / "ports.json")
    assert all(20_000 <= ports.of(str(number)) < 32_768 for number in range(50))
