"""The worked examples over HTTP on the real stack: everything that each says must hold."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.stack import Connections
from tests.examples.fresh import Systems, systems
from tests.examples.over_http import Play

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))


@pytest.fixture(scope="module")
async def shared(stack: Connections) -> AsyncIterator[Systems]:
    async with systems(stack) as running:
        yield running


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
async def test_example_over_http(case: Path, shared: Systems) -> None:
    play = Play(json.loads(case.read_text("utf-8")), await shared.fresh(), shared.stack)
    await play.play()
    assert play.differences == []
