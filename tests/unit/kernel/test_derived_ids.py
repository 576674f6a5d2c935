"""Ids that follow from what they stand for."""

from uuid import UUID, uuid5

import pytest

from services.kernel import clock

NAMESPACE = UUID("6f6b2d52-4f0e-5c53-9a43-0b8f5f3a7e11")


@pytest.mark.parametrize("parts", [("registry", "person-1", 3), ("Lê", 0), *((number,) for number in range(40))])
def test_the_same_parts_give_the_same_uuid_of_version_5(parts: tuple[object, ...]) -> None:
    wanted = uuid5(NAMESPACE, "\x1f".join(str(part) for part in parts))
    assert clock.derived_bytes(*parts) == wanted.bytes
    assert clock.derived_id(*parts) == wanted.hex
