"""The AsyncAPI 3.0 document of a service, from the register of its events (CloudEvents headers, key = stream id)."""

from typing import Any

from services.kernel.event_types import Event, EventTypes

HEADERS = {
    "ce_specversion": "always 1.0",
    "ce_id": "the event's id; the same event said twice has the same",
    "ce_type": "the event's name",
    "ce_source": "the service",
    "ce_subject": "the stream's id, also the record's key",
    "ce_time": "when the store recorded it (ISO 8601)",
    "ce_schemaversion": "version of the event's schema",
    "ce_streamversion": "number of the event in its stream, from 1",
    "ce_correlationid": "what belongs to one request",
    "ce_causationid": "the key of the write that caused it",
}


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of an event's data."""
    schema = event.model_json_schema(ref_template=f"#/components/schemas/{event.type_name()}/$defs/{{model}}")
    return {**schema, "x-version": event.VERSION}


def document(service: str, types: EventTypes) -> dict[str, Any]:
    """The whole document; `personal` is taken out of a record before a reader that does not declare it sees it."""
    events = sorted(types, key=lambda one: one.type_name())
    topic = f"{service}.events"
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"An Sinh {service}", "version": "1", "license": {"name": "Apache-2.0"}},
        "defaultContentType": "application/json",
        "channels": {
            topic: {
                "address": topic,
                "messages": {one.type_name(): {"$ref": f"#/components/messages/{one.type_name()}"} for one in events},
            }
        },
        "operations": {"publish": {"action": "send", "channel": {"$ref": f"#/channels/{topic}"}}},
        "components": {
            "messages": {one.type_name(): _message(one) for one in events},
            "schemas": {one.type_name(): schema_of(one) for one in events},
        },
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type_name(),
        "summary": (event.__doc__ or "").strip().split("\n")[0],
        "headers": {
            "type": "object",
            "properties": {name: {"type": "string", "description": text} for name, text in HEADERS.items()},
        },
        "payload": {"$ref": f"#/components/schemas/{event.type_name()}"},
        "bindings": {"kafka": {"key": {"type": "string", "description": "the stream's id"}}},
    }
