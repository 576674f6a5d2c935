"""The last hour of a service's lag: one sample an interval, a failed one left out, the oldest forgotten."""

import asyncio

from services.kernel.samples import KEPT, Samples, waiting_of


async def test_samples_add_up_both_kinds_of_waiting_and_a_failure_ends_nothing() -> None:
    told = iter([{"unpublished": 2, "events_behind": 3, "dead_letters": 9}, None])
    enough = asyncio.Event()

    async def lag() -> dict[str, int]:
        found = next(told, {"unpublished": 0, "events_behind": 1, "dead_letters": 0})
        if found is None:
            raise OSError
        if len(samples.taken) >= KEPT:
            enough.set()
        return found

    samples = Samples(interval_seconds=0)
    assert samples.taken == ()
    samples.start(lag)
    while len(samples.taken) < 2:
        await asyncio.sleep(0)
    assert [one.waiting for one in samples.taken[:2]] == [5, 1]
    await asyncio.wait_for(enough.wait(), 5)
    await samples.stop()
    assert len(samples.taken) == KEPT
    assert {one.waiting for one in samples.taken} == {1}


def test_a_dead_letter_waits_for_people_not_for_the_service() -> None:
    assert waiting_of({"unpublished": 4, "events_behind": 1, "dead_letters": 7}) == 5
