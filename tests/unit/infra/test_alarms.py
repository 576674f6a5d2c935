"""The alarms ask for numbers that the services tell, by labels that those have."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from services.kernel.web.measures import GAUGES, Measures

WORDS = {"sum", "by", "rate", "or", "predict_linear", "histogram_quantile"}
OF_PROMETHEUS = {"up": {"job", "instance"}}


@pytest.fixture(scope="module")
def rules(repository: Path) -> list[dict[str, Any]]:
    file = yaml.safe_load((repository / "infra/alarms.yaml").read_text(encoding="utf-8"))
    return [rule for group in file["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module")
def told() -> dict[str, set[str]]:
    """Names of what a service tells, with their labels."""
    measures = Measures("registry")
    measures.answered("GET", "/registry/lag", 200, 0.1)
    text = measures.text(dict.fromkeys(GAUGES, 1)).decode()
    return OF_PROMETHEUS | {
        sample.name: set(sample.labels) for family in text_string_to_metric_families(text) for sample in family.samples
    }


def test_every_name_is_told_with_the_labels_asked_for(rules: list[dict[str, Any]], told: dict[str, set[str]]) -> None:
    for rule in rules:
        plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\b[\d.e]+\b', "", rule["expr"])
        names = set(re.findall(r"[a-z_]+", re.sub(r"\{[^}]*\}|by \([^)]*\)", "", plain))) - WORDS
        labels = set(re.findall(r"([a-z]+)(?==|!=|=~)", plain)) | set(
            re.findall(r"[a-z]+", " ".join(re.findall(r"by \(([^)]*)\)", plain)))
        )
        assert len(names) == 1, rule
        (name,) = names
        assert name in told, rule
        assert labels <= told[name], rule


def test_what_must_wake_somebody_does(rules: list[dict[str, Any]]) -> None:
    asked = " ".join(rule["expr"] for rule in rules)
    for name in ("oldest_unpublished_seconds", "oldest_unread_seconds", "dead_letters", "disk_free_bytes"):
        assert f"ansinh_{name}" in asked


def test_each_says_in_both_languages_what_it_is_and_what_to_do(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        assert all(" / " in rule["annotations"][name] for name in ("summary", "description")), rule["alert"]
