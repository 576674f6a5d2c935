"""An example's steps over HTTP on a running system, and what differs from its `then`."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from aiokafka import AIOKafkaProducer

from infra.sandbox.client import Client, Refused
from infra.stack import Connections
from services.kernel import clock
from services.kernel.names import search_key
from services.registry.headings import HEADINGS
from tests.examples.fresh import CAMT, table

OFFICER, APPROVER, COMMUNE, BANK, AUDITOR = (
    "district-officer",
    "district-approver",
    "commune-officer",
    "bank",
    "auditor",
)
ANSWER = ("end_to_end_id", "result", "amount", "value_date", "bank_reference", "reason")
STANDINGS = ("ACTIVE", "SUSPENDED", "ENDED")
Json = Any
Lines = dict[tuple[str, str | None], tuple[frozenset[str], int]]


def merged(lines: Iterable[Json]) -> Lines:
    """Lines added up by purpose and item: union of the months, sum of the amounts."""
    months: dict[tuple[str, str | None], set[str]] = defaultdict(set)
    amounts: dict[tuple[str, str | None], int] = defaultdict(int)
    for line in lines:
        key = line["purpose"], line["item"]
        months[key] |= set(line["months"] or [])
        amounts[key] += line["amount"]
    return {key: (frozenset(months[key]), amounts[key]) for key in amounts}


class Play:
    """One example on one fresh system: what its handles stand for there, and what differs."""

    def __init__(self, example: Json, client: Client, stack: Connections) -> None:
        self.people, self.given, self.then = example["people"], example["given"], example["then"]
        self.client, self.stack = client, stack
        self.ids: dict[str, str] = {}
        self.runs: dict[str, str] = {}
        self.differences: list[str] = []

    def compare(self, what: str, wanted: object, found: object) -> None:
        if wanted != found:
            self.differences.append(f"{what}: wanted {wanted}, found {found}")

    async def play(self) -> None:
        """All steps, each on its day, then everything of `then`."""
        for number, step in enumerate(self.given):
            await getattr(self, step["step"])(step)
            later = {one["period"] for one in self.given[number + 1 :] if one["step"] == "run"}
            if step["step"] == "run" and step["period"] not in later:
                await self._people(step["period"])
        await self.client.quiet()
        for handle in self.people:
            await self.person(handle)
        await self._payments()
        await self._claims()
        await self.cells(self.then["cells"] + [one | {"value": one["now"]} for one in self.then.get("frozen", [])])
        await self._frozen()
        for place in self.then.get("refused", []):
            self.compare(
                f"{place}", 422, await self._status("GET", f"/reporting/forms/{place['form']}", AUDITOR, place)
            )

    async def _status(self, method: str, path: str, role: str, query: Json, home: str | None = None) -> int:
        headers = {"Authorization": f"Bearer {self.client._token(role, home)}", "Idempotency-Key": clock.new_id()}
        params = {key: query[key] for key in ("period", "area") if key in query}
        return (await self.client.http.request(method, path, headers=headers, params=params)).status_code

    # Steps

    async def change_list(self, step: Json) -> None:
        wanted: Json = next((one for one in self.then.get("lists", []) if one["list"] == step["id"]), {})
        commune, rows = step["commune"], step["rows"]
        clock.set_today(date.fromisoformat(step["submitted_on"]))
        fields = {"commune": commune, "period": step["period"]}
        file = (f"{step['id']}.csv", table(HEADINGS, rows))
        draft = await self.client.upload("/registry/change-lists", COMMUNE, commune, file, fields)
        path = f"/registry/change-lists/{draft['id']}"
        found = {kind: {(one["row"] - 1, one["column"]) for one in draft[kind]} for kind in ("errors", "warnings")}
        named = {kind: {(one["row"], one["column"]) for one in wanted.get(kind, [])} for kind in found}
        self.compare(f"{step['id']} errors", named["errors"], found["errors"])
        self.compare(f"{step['id']} warnings lacking", set(), named["warnings"] - found["warnings"])
        if bad := {row for row, _ in found["errors"]}:
            self.compare("submit", 409, await self._status("POST", f"{path}/submit", COMMUNE, {}, commune))
            for row in bad:
                await self.client.call("DELETE", f"{path}/rows/{row + 1}", COMMUNE, commune)
            if len(bad) == len(rows):
                await self.client.post(f"{path}/withdraw", COMMUNE, commune)
                return
        submitted = await self.client.post(f"{path}/submit", COMMUNE, commune)
        self.compare(f"{step['id']} late", step["late"], submitted["late"])
        await self._approve(step, path, wanted.get("takes_effect"))

    async def _approve(self, step: Json, path: str, effective: str | None) -> None:
        clock.set_today(date.fromisoformat(step["approved_on"]))
        body = {"allow_late": bool(step.get("allow_late")), "reason": "Ví dụ mẫu"}
        if step.get("accept_warnings"):
            with suppress(Refused):
                await self.client.post(f"{path}/approve", OFFICER, body=body)
                self.differences.append(f"{step['id']} approved without accept_warnings")
            body["accept_warnings"] = True
        approved = await self.client.post(f"{path}/approve", OFFICER, body=body)
        self.compare(f"{step['id']} status", "APPROVED", approved["status"])
        if effective or not step["late"]:
            self.compare(f"{step['id']} takes effect", effective or step["period"], approved["effective_period"])

    async def account_result(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["on"]))
        await self.client.quiet()
        rows = []
        for one in step["results"]:
            row = {key: one[key] for key in one if key not in ("beneficiary", "then")}
            rows.append(row | {"beneficiary_id": await self.person(one["beneficiary"])})
        results = (await self.client.post("/onboarding/account-results", BANK, body=rows))["results"]
        wanted = [one["then"] for one in step["results"]]
        self.compare(f"accounts of {step['on']}", wanted, [one["outcome"] for one in results])

    async def review(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["reviewed_on"]))
        body = {key: step[key] for key in ("reviewed_on", "commune")}
        if step["beneficiaries"] == "all":
            body["all"] = True
        else:
            body["beneficiary_ids"] = [await self.person(one) for one in step["beneficiaries"]]
        await self.client.post("/registry/reviews", COMMUNE, step["commune"], body=body)

    async def run(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["prepared_on"]))
        await self.client.quiet()
        await self.client.post(f"/registry/rolls/{step['period']}/close", OFFICER)
        await self.client.quiet()
        body = {key: step[key] for key in ("period", "programmes")}
        self.runs[step["id"]] = (await self.client.post("/disbursement/runs", OFFICER, body=body))["id"]
        path = f"/disbursement/runs/{self.runs[step['id']]}"
        await self.client.post(f"{path}/approve", APPROVER)
        clock.set_today(date.fromisoformat(step["sent_on"]))
        await self.client.post(f"{path}/send", APPROVER)

    async def bank_answer(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["on"]))
        answer = {key: step[key] for key in ANSWER if key in step}
        if ours := step.get("payment"):
            query = {"run": self.runs[ours["run"]], "beneficiary_id": await self.person(ours["beneficiary"])}
            paid = [one async for one in self.client.items("/disbursement/payments", AUDITOR, **query)]
            answer["end_to_end_id"] = {one["programme"]: one["end_to_end_id"] for one in paid}[ours["programme"]]
        outcomes = await self._answered(answer, step.get("channel"))
        wanted = [one["outcome"] for one in self.then.get("answers", []) if one["answer"] == step["id"]]
        if outcomes is not None and wanted:
            self.compare(f"answer {step['id']}", wanted, outcomes)

    async def _answered(self, answer: Json, channel: str | None) -> list[str] | None:
        """The words for the answer; None where its channel has none: what became of it shows in the payment."""
        if channel == "kafka":
            producer = AIOKafkaProducer(bootstrap_servers=self.stack.kafka_bootstrap, **self.stack.kafka_security)
            await producer.start()
            await producer.send_and_wait("bank.payment-results", json.dumps(answer).encode())
            await producer.stop()
            return None
        more: dict[str, Any] = {"json": [answer]}
        if channel == "camt.054":
            message = CAMT.format_map(answer).encode()
            more = {"content": message, "headers": {"Content-Type": "application/xml"}}
        results = await self.client.call("POST", "/disbursement/bank-results", BANK, **more)
        return [one["outcome"] for one in results.json()["results"]]

    async def cash_result(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["on"]))
        days = {
            (await self.person(one["beneficiary"]), one["programme"]): one["collected_on"] for one in step["collected"]
        }
        rows = []
        query = {"run": self.runs[step["run"]], "status": "CASH_LISTED"}
        async for payment in self.client.items("/disbursement/payments", AUDITOR, **query):
            if payment["commune"] == step["commune"]:
                day = days.pop((payment["beneficiary_id"], payment["programme"]), None)
                said = {"collected_on": day} if day else {"uncollected": True}
                rows.append({"payment_id": payment["payment_id"]} | said)
        self.compare("collected, but not on the cash list", {}, days)
        path = f"/disbursement/runs/{self.runs[step['run']]}/cash-results"
        results = (await self.client.post(path, COMMUNE, step["commune"], body=rows))["results"]
        self.compare(f"cash of {step['on']}", {"applied"}, {one["outcome"] for one in results})

    async def report_submission(self, step: Json) -> None:
        clock.set_today(date.fromisoformat(step["on"]))
        await self.client.quiet()
        place = {key: step[key] for key in ("form", "period", "area")}
        frozen = [one for one in self.then.get("frozen", []) if place.items() <= one.items()]
        await self.cells([one | {"value": one["frozen"]} for one in frozen])
        role, home = (COMMUNE, step["area"]) if len(step["area"]) == 5 else (OFFICER, None)
        await self.client.post("/reporting/submissions", role, home, body=place)

    # Then

    async def person(self, handle: str) -> str:
        """The id of a person, by citizen id, else by name and year; two of one name in the order of their list."""
        if handle not in self.ids:
            name, birth, number = (self.people[handle].get(key) for key in ("name", "birth", "citizen_id"))
            found = []
            for asked in (number, name) if number else (name,):
                found += [one async for one in self.client.items("/registry/beneficiaries", AUDITOR, q=asked)]
            for one in found:
                known = one["beneficiary_id"] in self.ids.values()
                if one["citizen_id"] in (number, None) and birth[-4:] in str(one["birth"]) and not known:
                    self.ids[handle] = one["beneficiary_id"]
                    break
        return self.ids.get(handle, f"no-{handle}")

    async def _people(self, period: str) -> None:
        for wanted in (one for one in self.then.get("people", []) if one["period"] == period):
            person = await self.person(wanted["beneficiary"])
            shown = await self.client.get(f"/registry/beneficiaries/{person}", AUDITOR, period=period)
            rights = {one["status"] for one in shown["entitlements"] if one["programme"] == wanted["programme"]}
            standing = next((one for one in STANDINGS if one in rights), "no right")
            found = {"status": standing, "commune": shown["commune"]}
            said = {key: wanted[key] for key in found if key in wanted}
            self.compare(f"{wanted['beneficiary']} in {period}", said, {key: found[key] for key in said})

    async def _payments(self) -> None:
        handles = {person: handle for handle, person in self.ids.items()}
        found: dict[tuple[str, str, str], Json] = {}
        for run, run_id in self.runs.items():
            async for one in self.client.items("/disbursement/payments", AUDITOR, run=run_id):
                key = run, handles.get(one["beneficiary_id"], "nobody"), one["programme"]
                self.compare(f"second payment {key}", False, key in found)
                found[key] = one
        runs = {one["payment_id"]: key[0] for key, one in found.items()}
        wanted = {(one["run"], one["beneficiary"], one["programme"]): one for one in self.then["payments"]}
        self.compare("payments", set(wanted), set(found))
        for key in wanted.keys() & found.keys():
            self.compare(f"payment {key}", *_payment(wanted[key], found[key], runs))

    async def _claims(self) -> None:
        handles = {person: handle for handle, person in self.ids.items()}
        shown = [one async for one in self.client.items("/disbursement/claims", AUDITOR)]
        names = ("programme", "item", "month", "amount")
        found = {(handles.get(one["beneficiary_id"]), *(one[name] for name in names)) for one in shown}
        wanted = {(one["beneficiary"], *(one[name] for name in names)) for one in self.then.get("claims", [])}
        self.compare("claims", wanted, found)

    async def cells(self, wanted: Sequence[Json]) -> None:
        """Each form is asked once."""
        forms: dict[tuple[str, str, str], Json] = {}
        for one in wanted:
            key = one["form"], one["period"], one["area"]
            if key not in forms:
                query = {"period": one["period"], "area": one["area"]}
                forms[key] = await self.client.get(f"/reporting/forms/{one['form']}", AUDITOR, **query)
            cell = forms[key]["rows"].get(one["row"], {}).get(one["column"])
            self.compare(f"{key} row {one['row']} column {one['column']}", one["value"], cell)

    async def _frozen(self) -> None:
        shown = [one async for one in self.client.items("/reporting/submissions", AUDITOR)]
        for cell in self.then.get("frozen", []):
            of = [one for one in shown if all(one[key] == cell[key] for key in ("form", "period", "area"))]
            differing = [
                (one["frozen"], one["now"])
                for each in of
                for one in each["differences"]
                if (one["row"], one["column"]) == (cell["row"], cell["column"])
            ]
            changed = [(cell["frozen"], cell["now"])] if cell["frozen"] != cell["now"] else []
            self.compare(f"frozen {cell}", (1, changed), (len(of), differing))


def _payment(wanted: Json, found: Json, runs: dict[str, str]) -> tuple[Json, Json]:
    """What an example says of a payment, and the same of the one found."""
    said: Json = {key: wanted[key] for key in ("commune", "amount", "method")}
    shown: Json = {key: found[key] for key in said}
    said |= {"lines": merged(wanted["lines"]), "replaces": sorted(wanted.get("replaces", []))}
    shown |= {"lines": merged(found["lines"]), "replaces": sorted(runs[one] for one in found["replaces"])}
    if "status_at_end" in wanted:
        said["status"], shown["status"] = wanted["status_at_end"], found["status"]
    if "payee_name" in wanted:
        said["payee"], shown["payee"] = (search_key(one["payee_name"]) for one in (wanted, found))
    shown["sum"], said["sum"] = sum(line["amount"] for line in found["lines"]), wanted["amount"]
    return said, shown
