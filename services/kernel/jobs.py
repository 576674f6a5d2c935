"""Long work asked for by a person: a row each, carried out once; where a process falls, another carries on."""

import asyncio
import hashlib
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import asyncpg
import orjson

from services.kernel import clock, progress
from services.kernel.commands import KeyUsedForOther
from services.kernel.consumer import WORLD
from services.kernel.progress import Progress
from services.kernel.telemetry import logger

TELL_SECONDS = 0.5
SWEEP_SECONDS = 3
# A job that nobody told of for so long has lost its process.
LOST_SECONDS = 15
# A job that ended that many processes is carried out no more.
TRIES_MAX = 3
KEPT_DAYS = 30
NEWEST_MAX = 100
State = Literal["waiting", "running", "done", "refused", "failed"]
log = logger("jobs")

_SHOWN = "job_id, person, kind, file_name, page, state, step, done, total, address, refusal, asked_at"
# One that was refused or failed is asked again under the same key: nothing of it was kept.
_ASK = """
insert into jobs (job_id, person, key, kind, input_hash, input, file, file_name, page)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (person, key) do update set input_hash = excluded.input_hash, input = excluded.input, file = excluded.file,
    file_name = excluded.file_name, page = excluded.page, state = 'waiting', tries = 0, step = '', done = 0, total = 0,
    refusal = null, seen = false, alive_at = now(), ended_at = null
where jobs.state in ('refused', 'failed')
returning job_id
"""
_TAKE = """
update jobs set state = 'running', tries = tries + 1, alive_at = now()
where job_id = $1 and (state = 'waiting' or state = 'running' and alive_at < now() - make_interval(secs => $2))
returning person, key, kind, input, file, file_name, page
"""
_LOST = """
select job_id from jobs
where state in ('waiting', 'running') and alive_at < now() - make_interval(secs => $1) and tries < $2
"""
_GIVE_UP = """
update jobs set state = 'failed', ended_at = now(), input = '{}', file = ''
where state in ('waiting', 'running') and alive_at < now() - make_interval(secs => $1) and tries >= $2
"""
_TELL = "update jobs set step = $2, done = $3, total = $4, alive_at = now() where job_id = $1 and state = 'running'"
_END = """
update jobs set state = $2, address = $3, refusal = $4, ended_at = now(), input = '{}', file = '' where job_id = $1
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for under a key: the kind of work, its input, its file, and the page to go back to."""

    person: str
    key: str
    kind: str
    input: Mapping[str, Any]
    file: bytes
    file_name: str
    page: str

    def digest(self) -> bytes:
        """What makes two presses of one button the same."""
        said = orjson.dumps([self.kind, self.input], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(said + b"\x00" + self.file).digest()


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work: how far it is, or what came of it (`address` of its result, or why it was refused)."""

    job_id: str
    person: str
    kind: str
    file_name: str
    page: str
    state: State
    step: str
    done: int
    total: int
    address: str | None
    refusal: Mapping[str, Any] | None
    asked_at: datetime

    @classmethod
    def of(cls, row: asyncpg.Record) -> "Job":
        return cls(**{**row, "refusal": orjson.loads(row["refusal"]) if row["refusal"] else None})

    @property
    def over(self) -> bool:
        return self.state in ("done", "refused", "failed")


class Refused(Exception):
    """The work was not done, for a reason that the person can do something about; `told` is kept as JSON."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__()
        self.told = told


CarryOut = Callable[[Asked], Awaitable[str]]
"""Does the work and gives the address of its result. Raises Refused. Done twice it has one effect: the key is the
person's, and a command under it answers as the first time."""


class Jobs:
    """The jobs of one service."""

    def __init__(self, pool: asyncpg.Pool, carry_out: CarryOut) -> None:
        self._pool = pool
        self._carry_out = carry_out
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._not_seen: Mapping[str, Sequence[Job]] = {}
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Forgets old jobs, and from now on finds those that lost their process."""
        await self._pool.execute("delete from jobs where ended_at < now() - make_interval(days => $1)", KEPT_DAYS)
        await self._refresh()
        self._sweeping = asyncio.create_task(self._sweep())

    async def stop(self) -> None:
        """Leaves what is under way to the next process."""
        tasks = [one for one in (self._sweeping, *self._under_way.values()) if one]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def ask(self, asked: Asked) -> str:
        """The job's id; asked twice under one key it is one job. Raises KeyUsedForOther."""
        job_id: str | None = await self._pool.fetchval(
            _ASK,
            clock.new_id(),
            asked.person,
            asked.key,
            asked.kind,
            asked.digest(),
            orjson.dumps(asked.input).decode(),
            asked.file,
            asked.file_name,
            asked.page,
        )
        if job_id:
            self._begin(job_id)
            return job_id
        known = await self._pool.fetchrow(
            "select job_id, input_hash from jobs where person = $1 and key = $2", asked.person, asked.key
        )
        if known["input_hash"] != asked.digest():
            raise KeyUsedForOther(asked.key)
        return str(known["job_id"])

    async def wait(self, job_id: str, seconds: float) -> Job:
        """The job as soon as it is over, or as it is after so many seconds."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            task, left = self._under_way.get(job_id), until - asyncio.get_running_loop().time()
            if task and left > 0:
                await asyncio.wait({task}, timeout=left)
            job = Job.of(await self._pool.fetchrow(f"select {_SHOWN} from jobs where job_id = $1", job_id))
            if job.over or left <= 0:
                return job
            # Another process does it.
            await asyncio.sleep(min(TELL_SECONDS, left))

    async def find(self, job_id: str, person: str) -> Job | None:
        """A person's own job."""
        row = await self._pool.fetchrow(f"select {_SHOWN} from jobs where job_id = $1 and person = $2", job_id, person)
        return Job.of(row) if row else None

    async def newest(self, person: str) -> Sequence[Job]:
        """A person's own jobs, as far as they are kept, the newest first."""
        query = f"select {_SHOWN} from jobs where person = $1 order by asked_at desc, job_id limit $2"
        return [Job.of(row) for row in await self._pool.fetch(query, person, NEWEST_MAX)]

    async def seen(self, job_id: str) -> None:
        """The person knows what came of it."""
        await self._pool.execute("update jobs set seen = true where job_id = $1", job_id)
        await self._refresh()

    def not_seen(self, person: str) -> Sequence[Job]:
        """A person's jobs under way, and those that ended while nobody looked, as they were some seconds ago."""
        return self._not_seen.get(person, ())

    def _begin(self, job_id: str) -> None:
        task = self._under_way[job_id] = asyncio.create_task(self._carry(job_id))
        task.add_done_callback(lambda _: self._under_way.pop(job_id, None))

    async def _carry(self, job_id: str) -> None:
        try:
            row = await self._pool.fetchrow(_TAKE, job_id, LOST_SECONDS)
            if row is None:
                return
            asked = Asked(**{**row, "input": orjson.loads(row["input"])})
            with progress.listening() as told:
                telling = asyncio.create_task(self._tell(job_id, told))
                try:
                    state, address, refusal = await self._outcome(job_id, asked)
                finally:
                    telling.cancel()
            await self._pool.execute(_END, job_id, state, address, refusal)
        except WORLD as why:
            # The database is away: the row stays as it is and is found again.
            log.warning("a job could not be carried out now", job=job_id, reason=type(why).__name__)

    async def _outcome(self, job_id: str, asked: Asked) -> tuple[State, str | None, str | None]:
        try:
            return "done", await self._carry_out(asked), None
        except Refused as why:
            return "refused", None, orjson.dumps(why.told).decode()
        except WORLD:
            raise
        except Exception as why:  # noqa: BLE001 - whatever it was, the person is told that it did not end well
            # Where, not what: the words of an exception may hold a person's data.
            where = [f"{one.name}:{one.lineno}" for one in traceback.extract_tb(why.__traceback__)[-5:]]
            log.error("a job failed", job=job_id, kind=asked.kind, reason=type(why).__name__, where=where)  # noqa: TRY400
            return "failed", None, None

    async def _tell(self, job_id: str, told: Progress) -> None:
        while True:
            await asyncio.sleep(TELL_SECONDS)
            with suppress(*WORLD):
                await self._pool.execute(_TELL, job_id, told.step, told.done, told.total)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            try:
                await self._pool.execute(_GIVE_UP, LOST_SECONDS, TRIES_MAX)
                for row in await self._pool.fetch(_LOST, LOST_SECONDS, TRIES_MAX):
                    if row["job_id"] not in self._under_way:
                        self._begin(row["job_id"])
                await self._refresh()
            except WORLD as why:
                log.warning("jobs could not be looked for now", reason=type(why).__name__)

    async def _refresh(self) -> None:
        found: dict[str, list[Job]] = {}
        for row in await self._pool.fetch(f"select {_SHOWN} from jobs where not seen order by asked_at"):
            found.setdefault(row["person"], []).append(Job.of(row))
        self._not_seen = found
