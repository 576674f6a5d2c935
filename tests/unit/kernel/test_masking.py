"""What an administrator sees of a record that could not be read: codes, and the length of everything else."""

import orjson
import pytest

from services.kernel.masking import Shown, header, ids_in, shown

PERSON = "0123456789abcdef0123456789abcdef"


def test_codes_days_and_ids_are_shown_and_their_paths() -> None:
    value = {"result": "SETTLED", "amount": 440000, "value_date": "2023-11-05", "lines": [{"item": None, "open": True}]}
    assert shown(orjson.dumps(value | {"person": PERSON})) == [
        Shown("result", "SETTLED", 7),
        Shown("amount", "440000", 6),
        Shown("value_date", "2023-11-05", 10),
        Shown("lines[0].item", "null", 4),
        Shown("lines[0].open", "true", 4),
        Shown("person", PERSON, 32),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"unheard_of": "Nguyễn Văn An"},
        {"unheard_of": "NGUYEN VAN AN"},
        {"unheard_of": "an"},
        {"unheard_of": "001088001234"},
        {"unheard_of": 1088001234},
        {"unheard_of": "0912 345 678"},
        {"unheard_of": "012345678"},
        {"unheard_of": "1903-4567-8901"},
        {"citizen_id": "0010"},
        {"account_number": "12"},
        {"personal": {"address": {"level": "3"}}},
        {"Nguyễn Văn An": "5"},
        ["Kim Bài"],
        "Kim Bài",
    ],
)
def test_whatever_may_be_of_a_person_is_its_length_only(value: object) -> None:
    (one,) = shown(orjson.dumps(value)) or []
    assert one.text is None
    assert one.letters > 0
    assert "Nguyễn" not in one.path


def test_what_is_no_json_shows_nothing_of_itself_and_a_long_one_ends() -> None:
    assert shown(b"Nguyen Van An") is None
    assert shown(None) is None
    assert len(shown(orjson.dumps(list(range(1000)))) or []) == 200


def test_headers_and_ids() -> None:
    assert header("2023-11-05T09:42:07+07:00").text == "2023-11-05T09:42:07+07:00"
    assert header("Nguyễn Văn An").text is None
    assert ids_in(f'{{"a":"{PERSON}","b":"beneficiary-{PERSON}","c":"{PERSON}0"}}'.encode()) == [PERSON]
    assert ids_in(None) == []
