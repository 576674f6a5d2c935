"""Makes the topics that `topics.toml` names, and holds those that exist against it."""

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from infra.errors import StackError

FILE = Path(__file__).with_name("topics.toml")
_ALREADY_THERE = 36
_OK = 0
_MOST_COPIES = 3
_SEEN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as it must be."""

    name: str
    partitions: int
    config: Mapping[str, str]


def wanted(file: Path = FILE) -> tuple[Topic, ...]:
    """The topics of the file."""
    return tuple(Topic(**entry) for entry in tomllib.loads(file.read_text())["topic"])


async def ensure(bootstrap: str, topics: tuple[Topic, ...] | None = None, **security: Any) -> None:
    """Makes what is missing; several processes may do so at once.

    `security` is as aiokafka's clients take it. Raises StackError where a topic exists and is not as the file says;
    nothing that exists is changed.
    """
    asked = wanted() if topics is None else topics
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, **security)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [topic for topic in asked if topic.name not in present]
        if missing:
            await _create(admin, missing)
        differences = [*await _partition_differences(admin, asked), *await _config_differences(admin, asked)]
    finally:
        await admin.close()
    if differences:
        listed = "; ".join(differences)
        raise StackError(
            f"Topic trên Kafka khác với {FILE.name}: {listed}. Sửa trên Kafka hoặc sửa tệp.",
            f"Topics on Kafka differ from {FILE.name}: {listed}. Mend them there or change the file.",
        )


async def _create(admin: AIOKafkaAdminClient, topics: list[Topic]) -> None:
    brokers = (await admin.describe_cluster())["brokers"]
    copies = min(_MOST_COPIES, len(brokers))
    new = [
        NewTopic(
            topic.name, num_partitions=topic.partitions, replication_factor=copies, topic_configs=dict(topic.config)
        )
        for topic in topics
    ]
    answer = await admin.create_topics(new)
    for name, code, *words in answer.topic_errors:
        if code not in (_OK, _ALREADY_THERE):
            raise StackError(
                f"Không tạo được topic {name}: {for_code(code).__name__} {words}.",
                f"The topic {name} can't be made: {for_code(code).__name__}.",
            )


async def _partition_differences(admin: AIOKafkaAdminClient, topics: tuple[Topic, ...]) -> list[str]:
    """Waits for topics just made to be known everywhere."""
    deadline = asyncio.get_running_loop().time() + _SEEN_SECONDS
    while True:
        found = await admin.describe_topics([topic.name for topic in topics])
        counts = {one["topic"]: len(one["partitions"]) for one in found if one["error_code"] == _OK}
        if len(counts) == len(topics) or asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(0.05)
    return [
        f"{topic.name}: {counts.get(topic.name, 0)} partitions, not {topic.partitions}"
        for topic in topics
        if counts.get(topic.name) != topic.partitions
    ]


async def _config_differences(admin: AIOKafkaAdminClient, topics: tuple[Topic, ...]) -> list[str]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, topic.name) for topic in topics]
    found: dict[str, dict[str, str]] = {}
    for answer in await admin.describe_configs(resources):
        for _, _, _, name, entries in answer.resources:
            found[name] = {entry[0]: entry[1] for entry in entries}
    return [
        f"{topic.name}: {key} = {found.get(topic.name, {}).get(key)}, not {value}"
        for topic in topics
        for key, value in topic.config.items()
        if found.get(topic.name, {}).get(key) != value
    ]
