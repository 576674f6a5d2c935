"""The line that a benchmark prints: rates of the median round, the ratio to the baseline, what is null."""

from infra.bench.report import Result, Stages, peak_rss_mb, rounds_for


def _round(**seconds: float) -> Stages:
    stages = Stages()
    for name, took in seconds.items():
        stages.add(name, took)
    return stages


ROUNDS = [_round(write=3.0, read=1.0), _round(write=1.0, read=1.0), _round(write=9.0, read=0.0)]
BASELINE = [_round(copy=1.0), _round(copy=0.5), _round(copy=2.0)]


def test_rates_are_those_of_the_median_rounds_and_the_ratio_is_theirs() -> None:
    line = Result("month", "payments/s", 1_000, ROUNDS, "COPY", BASELINE).line(100, profile=False)
    assert line == {
        "name": "month",
        "rate": 250.0,
        "unit": "payments/s",
        "baseline_rate": 1_000.0,
        "ratio": 0.25,
        "n": 1_000,
        "peak_rss_mb": 100,
        "rounds": 3,
        "baseline": "COPY",
    }


def test_without_a_baseline_its_rate_and_the_ratio_are_null() -> None:
    line = Result("rules", "people/s", 10, ROUNDS).line(1, profile=True)
    assert (line["baseline_rate"], line["ratio"], line["baseline_stages"]) == (None, None, None)


def test_the_profile_tells_the_stages_of_a_round_that_was_measured() -> None:
    line = Result("month", "payments/s", 1_000, ROUNDS, "COPY", BASELINE).line(1, profile=True)
    assert line["stages"] == {"write": 3.0, "read": 1.0}
    assert line["baseline_stages"] == {"copy": 1.0}


def test_further_figures_stand_in_the_line() -> None:
    line = Result("append", "events/s", 1, ROUNDS, more={"eventsourcing_rate": None}).line(1, profile=False)
    assert line["eventsourcing_rate"] is None


def test_a_stage_that_runs_twice_adds_up() -> None:
    stages = Stages()
    stages.add("write", 1.0)
    with stages.stage("read"):
        stages.add("write", 2.0)
    assert stages.seconds["write"] == 3.0
    assert list(stages.seconds) == ["write", "read"]


def test_many_rounds_only_where_they_are_cheap() -> None:
    assert (rounds_for(13_463), rounds_for(500_000)) == (3, 1)


def test_the_memory_of_this_process_is_in_megabytes() -> None:
    assert 20 < peak_rss_mb() < 20_000
