from infra.topics import wanted


def test_events_are_kept_for_ever_and_tasks_only_as_last_counted() -> None:
    topics = {topic.name: topic for topic in wanted()}
    assert set(topics) == {
        "registry.events",
        "onboarding.events",
        "disbursement.events",
        "reporting.events",
        "bank.account-results",
        "bank.payment-results",
        "tasks",
    }
    assert all(topic.partitions == 12 for topic in topics.values())
    assert topics.pop("tasks").config == {"cleanup.policy": "compact"}
    for topic in topics.values():
        assert (topic.config["retention.ms"], topic.config["retention.bytes"]) == ("-1", "-1")
        assert topic.config["cleanup.policy"] == "delete"
