"""What is published is what `docs/contracts/` says, and no change of it breaks those who hold the events."""

from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest
from pydantic import BaseModel

from docs.build import broken, contracts, main, schema_of, schemas, written_schemas
from services.kernel.event_types import Event
from services.kernel.period import Period


def test_the_written_contracts_are_those_of_the_code(repository: Path) -> None:
    """If not: run `make docs` and look at the difference before it lands."""
    folder = repository / "docs/contracts"
    files = (file for file in folder.rglob("*") if file.is_file())
    assert {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in files} == contracts()


def test_no_event_changed_in_a_way_that_breaks_its_readers() -> None:
    assert broken(written_schemas(), schemas()) == []


def test_make_docs_writes_nothing_over_a_schema_that_would_break(monkeypatch: pytest.MonkeyPatch) -> None:
    now = schemas()
    name = "schemas/disbursement/PaymentSettled.v1.json"
    before = {**now, name: {**now[name], "properties": {**now[name]["properties"], "fee": {"type": "integer"}}}}
    monkeypatch.setattr("docs.build.written_schemas", lambda: before)
    monkeypatch.setattr("docs.build.CONTRACTS", Path("/nowhere"))
    with pytest.raises(SystemExit, match=r"PaymentSettled.v1.json: fee: field removed"):
        main()


class Inner(BaseModel):
    month: Period
    amount: int


class Paid(Event):
    """The event that the cases below change."""

    who: str
    method: Literal["ACCOUNT", "CASH"]
    lines: tuple[Inner, ...]
    by_commune: dict[str, Inner]
    note: str | None = None
    personal: Inner | None = None


class InnerWithoutMonth(BaseModel):
    amount: int


class InnerWithMore(BaseModel):
    month: Period
    amount: int
    item: str | None = None


class InnerWithRequired(BaseModel):
    month: Period
    amount: int
    item: str


class PlainMonth(BaseModel):
    month: str
    amount: int


def _paid(**changed: Any) -> dict[str, Any]:
    """Today's schema of Paid, some fields declared otherwise: (type, default) or a type; None takes one away."""
    fields: dict[str, Any] = {
        "who": str,
        "method": Literal["ACCOUNT", "CASH"],
        "lines": tuple[Inner, ...],
        "by_commune": dict[str, Inner],
        "note": (str | None, None),
        "personal": (Inner | None, None),
    } | changed
    space: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for name, kind in fields.items():
        if kind is not None:
            space["__annotations__"][name] = kind[0] if isinstance(kind, tuple) else kind
            if isinstance(kind, tuple):
                space[name] = kind[1]
    return schema_of(type("Paid", (Event,), space))


def _breaks(now: dict[str, Any]) -> list[str]:
    return broken({"Paid": schema_of(Paid)}, {"Paid": now})


@pytest.mark.parametrize(
    "now",
    [
        _paid(),
        _paid(reference=(str | None, None)),
        _paid(lines=tuple[InnerWithMore, ...]),
        _paid(personal=(InnerWithMore | None, None)),
        _paid(who=(str, "nobody")),
    ],
    ids=["nothing", "a new optional field", "one within a list", "one within personal", "a default where none was"],
)
def test_what_only_adds_breaks_nobody(now: dict[str, Any]) -> None:
    assert _breaks(now) == []


@pytest.mark.parametrize(
    ("now", "fault"),
    [
        (_paid(note=None), "note: field removed"),
        (_paid(who=int), "who: type changed"),
        (_paid(who=(str | None, None)), "who: type changed"),
        (_paid(note=(str, "")), "note: type changed"),
        (_paid(reference=str), "reference: must now be there"),
        (_paid(note=str | None), "note: must now be there"),
        (_paid(method=Literal["ACCOUNT"]), "method: type changed"),
        (_paid(method=Literal["ACCOUNT", "CASH", "CARD"]), "method: type changed"),
        (_paid(lines=tuple[InnerWithoutMonth, ...]), "lines[].month: field removed"),
        (_paid(lines=tuple[InnerWithRequired, ...]), "lines[].item: must now be there"),
        (_paid(lines=tuple[PlainMonth, ...]), "lines[].month: type changed"),
        (_paid(lines=Inner), "lines: type changed"),
        (_paid(by_commune=dict[str, PlainMonth]), "by_commune.month: type changed"),
        (_paid(personal=(InnerWithoutMonth | None, None)), "personal.month: field removed"),
    ],
)
def test_a_change_that_breaks_readers_is_named_by_its_field(now: dict[str, Any], fault: str) -> None:
    assert f"Paid: {fault}" in _breaks(now)


def test_an_event_taken_away_breaks_its_readers() -> None:
    assert broken({"Paid": schema_of(Paid)}, {}) == ["Paid: no such event any more"]


def test_a_new_version_stands_beside_the_old_one() -> None:
    class PaidAnew(Event):
        VERSION: ClassVar[int] = 2
        who: int

    old = schema_of(Paid)
    assert broken({"Paid.v1": old}, {"Paid.v1": old, "Paid.v2": schema_of(PaidAnew)}) == []
