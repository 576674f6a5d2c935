"""The roll of a month: its sums by commune and programme, who is still to send a list."""

from typing import Any

import orjson

from services.kernel.period import Period
from services.registry import roll

NOVEMBER, JULY_2025 = Period("2023-11"), Period("2025-07")
# Thanh Thùy bore 10144 until June 2025; from July on Tam Hưng bears it, made of these four.
JOINED = ["10129", "10138", "10144", "10150"]
COMMUNES_IN_2023 = 21


class Tables:
    """What the registry's tables would answer."""

    def __init__(
        self,
        sums: list[tuple[str, str, str, int, int]],
        approved: tuple[str, ...] = (),
        closed: Any = None,
        halves: list[dict[str, Any]] | None = None,
    ) -> None:
        columns = ("commune", "from_month", "programme", "people", "amount")
        self.sums = [dict(zip(columns, row, strict=True)) for row in sums]
        self.approved = [{"commune": code} for code in approved]
        self.closed = closed
        self.halves = halves or []

    async def fetch(self, sql: str, *_: object) -> list[dict[str, Any]]:
        if sql == roll.SUMS:
            return self.sums
        return self.halves if "open_halves" in sql else self.approved

    async def fetchrow(self, *_: object) -> Any:
        return self.closed


async def test_people_and_money_stand_by_commune_and_programme() -> None:
    tables = Tables(
        [
            ("10129", "2023-11", "BTXH", 2, 880_000),
            ("10129", "2023-11", "NCC", 1, 2_055_000),
            ("10114", "2023-11", "BTXH", 1, 1_100_000),
        ]
    )

    sums = await roll.totals(tables, NOVEMBER)

    assert {commune: {name: (one.people, one.amount) for name, one in by.items()} for commune, by in sums.items()} == {
        "10114": {"BTXH": (1, 1_100_000)},
        "10129": {"BTXH": (2, 880_000), "NCC": (1, 2_055_000)},
    }


async def test_people_of_one_commune_from_different_months_are_added_up() -> None:
    tables = Tables([("10129", "2023-11", "BTXH", 2, 880_000), ("10129", "2023-12", "BTXH", 3, 1_320_000)])

    total = (await roll.totals(tables, Period("2023-12")))["10129"]["BTXH"]

    assert (total.people, total.amount) == (5, 2_200_000)


async def test_after_a_merger_the_sums_stand_at_the_commune_that_took_over() -> None:
    tables = Tables([("10129", "2023-11", "BTXH", 2, 1_300_000), ("10150", "2024-01", "BTXH", 1, 650_000)])

    sums = await roll.totals(tables, JULY_2025)

    assert list(sums) == ["10144"]
    assert (sums["10144"]["BTXH"].people, sums["10144"]["BTXH"].amount) == (3, 1_950_000)


async def test_a_commune_without_an_approved_list_is_outstanding() -> None:
    shown = await roll.shown(Tables([], approved=("10114", "10129")), NOVEMBER)

    assert len(shown["outstanding"]) == COMMUNES_IN_2023 - 2
    assert not {"10114", "10129"} & set(shown["outstanding"])


async def test_an_open_roll_shows_what_stands_now() -> None:
    shown = await roll.shown(Tables([("10129", "2023-11", "BTXH", 1, 440_000)]), NOVEMBER)

    assert (shown["closed"], shown["sequence"]) == (False, 0)
    assert shown["totals"] == {"10129": {"BTXH": {"people": 1, "amount": 440_000}}}


async def test_halves_of_moves_that_stand_alone_are_shown() -> None:
    half = {"beneficiary_id": "van", "half": "OUT", "commune": "10120"}

    shown = await roll.shown(Tables([], halves=[half]), NOVEMBER)

    assert shown["open_moves"] == [half]


async def test_a_closed_roll_keeps_its_sums_and_shows_what_was_approved_since_beside_them() -> None:
    kept = {"10129": {"BTXH": {"people": 1, "amount": 440_000}}}
    lapsed = [{"beneficiary_id": "van", "kind": "move-in-lapsed"}]
    closed = {"sequence": 2, "totals": orjson.dumps(kept), "applied": orjson.dumps(lapsed)}

    shown = await roll.shown(Tables([("10129", "2023-11", "BTXH", 2, 880_000)], closed=closed), NOVEMBER)

    assert (shown["closed"], shown["sequence"], shown["totals"]) == (True, 2, kept)
    assert shown["now"] == {"10129": {"BTXH": {"people": 2, "amount": 880_000}}}
    assert shown["applied"] == lapsed
