"""Rows in binary COPY, byte by byte as PostgreSQL's manual has them (COPY, "Binary Format")."""

from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from services.kernel.copy_rows import CHUNK_BYTES, EVENT_BYTES_MAX, EventTooLong, RowPacker, chunks

SAIGON = timezone(timedelta(hours=7))
ID = bytes(range(16))


def _row(data: bytes = b"{}", recorded_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)) -> bytes:
    return RowPacker(b'{"a":"\xc3\xa9"}', recorded_at).row("Lê", 258, ID, "Came", 2, data)


def test_a_row_has_eight_values_each_behind_its_length() -> None:
    assert _row('{"t":"Ế"}'.encode()).hex(" ") == (
        "00 08"
        " 00 00 00 03 4c c3 aa"  # Lê in UTF-8
        " 00 00 00 04 00 00 01 02"  # 258
        " 00 00 00 10 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
        " 00 00 00 04 43 61 6d 65"  # Came
        " 00 00 00 04 00 00 00 02"
        " 00 00 00 0b 7b 22 74 22 3a 22 e1 ba be 22 7d"
        " 00 00 00 0a 7b 22 61 22 3a 22 c3 a9 22 7d"
        " 00 00 00 08 00 00 00 00 00 00 00 00"
    )


@pytest.mark.parametrize(
    ("recorded_at", "microseconds"),
    [
        (datetime(2000, 1, 1, 0, 0, 0, 1, tzinfo=UTC), "00 00 00 00 00 00 00 01"),
        (datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "ff ff ff ff ff ff ff ff"),
        (datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC), "ff ff ff ff ff f0 bd c0"),
        (datetime(2000, 1, 1, 7, 0, 1, tzinfo=SAIGON), "00 00 00 00 00 0f 42 40"),
        # 8,705 days and 3 µs.
        (datetime(2023, 11, 1, 0, 0, 0, 3, tzinfo=UTC), "00 02 ac 0a b8 97 60 03"),
    ],
)
def test_an_instant_is_the_microseconds_since_2000_in_utc(recorded_at: datetime, microseconds: str) -> None:
    assert _row(recorded_at=recorded_at)[-8:].hex(" ") == microseconds


def test_no_rows_are_a_header_and_a_trailer() -> None:
    (only,) = chunks([])
    assert only.hex(" ") == "50 47 43 4f 50 59 0a ff 0d 0a 00 00 00 00 00 00 00 00 00 ff ff"


def test_rows_come_in_pieces_none_lost_or_turned_round() -> None:
    rows = [_row(b'{"n":%d}' % number + b" " * 1_000) for number in range(300)]
    made = list(chunks(rows))
    whole = b"".join(made)
    assert sha256(whole[19:-2]).digest() == sha256(b"".join(rows)).digest()
    assert len(made) > 2
    assert all(CHUNK_BYTES <= len(one) < CHUNK_BYTES + 2_000 for one in made[:-1])


def test_half_a_surrogate_pair_is_no_stream() -> None:
    with pytest.raises(UnicodeEncodeError):
        RowPacker(b"{}", datetime(2000, 1, 1, tzinfo=UTC)).row("a\ud800", 1, ID, "Came", 1, b"{}")


def test_an_event_that_no_topic_would_take_is_refused_before_it_is_stored() -> None:
    assert len(_row(b" " * EVENT_BYTES_MAX)) > EVENT_BYTES_MAX
    with pytest.raises(EventTooLong):
        _row(b" " * (EVENT_BYTES_MAX + 1))
