"""Personal data stands only in `personal`, in every event of every service."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from services.disbursement.events import TYPES as DISBURSEMENT
from services.kernel.event_types import Event
from services.onboarding.events import TYPES as ONBOARDING
from services.registry.events import TYPES as REGISTRY
from services.reporting.events import TYPES as REPORTING

PERSONAL = {
    "name", "birth", "sex", "citizen_id", "old_id", "phone", "address", "account_number", "account_name",
    "holder_name", "holder_citizen_id", "payee_name", "payee", "bank_code", "rows",
}  # fmt: skip
# Figures of a frozen form are called rows too; they count people and name nobody.
NO_PERSON = {("ReportSubmitted", "rows")}
EVERY_EVENT = [event for types in (REGISTRY, ONBOARDING, DISBURSEMENT, REPORTING) for event in types]


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _fields_outside_personal(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if name == "personal":
            continue
        yield name
        for part in _models(field.annotation):
            yield from _fields_outside_personal(part)


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: event.type_name())
def test_no_field_outside_personal_can_hold_personal_data(event: type[Event]) -> None:
    found = {name for name in _fields_outside_personal(event) if name in PERSONAL}
    assert {name for name in found if (event.type_name(), name) not in NO_PERSON} == set()


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: event.type_name())
def test_an_event_can_be_read_without_its_personal_part(event: type[Event]) -> None:
    if "personal" in event.model_fields:
        assert not event.model_fields["personal"].is_required()
