"""Every benchmark runs and prints one JSON line, alone on standard output, with what the contract names."""

import json
import subprocess
import sys

import pytest

NAMED = {"name", "rate", "unit", "baseline_rate", "ratio", "n", "peak_rss_mb"}
COMMAND = "from infra.bench.command import app; app()"


@pytest.mark.parametrize(
    ("name", "option", "unit", "stages"),
    [
        (
            "append",
            "--n",
            "events/s",
            {"commit", "insert into seals", "rows and seal (Python), while COPY writes them"},
        ),
        ("month", "--n", "payments/s", {"instructed", "relayed (instructed)", "answered", "projected"}),
        ("readers", "--n", "events/s", {"started", "read and projected"}),
        ("rules", "--people", "people/s", {"bills and payments"}),
    ],
)
def test_a_benchmark_prints_one_line_of_json(name: str, option: str, unit: str, stages: set[str]) -> None:
    wanted = [sys.executable, "-c", COMMAND, name, option, "300", "--profile"]
    ended = subprocess.run(wanted, capture_output=True, text=True, timeout=200, check=False)
    assert ended.returncode == 0, ended.stderr[-2_000:]
    (text,) = ended.stdout.splitlines()
    line = json.loads(text)
    assert line.keys() >= NAMED
    assert (line["name"], line["unit"], line["n"]) == (name, unit, 300)
    assert line["rate"] > 0
    assert line["peak_rss_mb"] > 20
    assert (line["ratio"] is None) == (line["baseline_rate"] is None) == (name == "rules")
    assert line["stages"].keys() >= stages
