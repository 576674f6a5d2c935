"""Use case of the catalogue: a level is entered, and what it makes due is told."""

from services.kernel.commands import Answer, Work
from services.kernel.period import Period
from services.kernel.web.auth import Caller
from services.kernel.web.problems import Problem
from services.registry import levels, people
from services.registry.catalogue import Catalogue, Level, load, with_levels
from services.registry.events import LevelSet, beneficiary_stream, level_stream
from services.registry.person import UNREAD

SCOPES = ("national", "area 01")


async def enter(work: Work, caller: Caller, level: Level) -> Answer:
    """Enters a figure and tells what is due to everyone whose right follows it. Raises Problem 422."""
    _refuse_unusable(level)
    await work.connection.execute("lock table levels in share row exclusive mode")
    before = await levels.entered(work.connection)
    number = len(before) + 1
    said = LevelSet(
        number=number,
        programme=level.programme,
        scope=level.scope,
        code=level.code,
        amount=level.amount,
        since=Period(level.since),
        basis=level.basis,
        set_by=caller.name,
    )
    work.append(level_stream(number), 0, [said])
    await work.connection.execute(
        "insert into levels (number, programme, scope, code, amount, since, basis) values ($1, $2, $3, $4, $5, $6, $7)",
        number,
        level.programme,
        level.scope,
        level.code,
        level.amount,
        level.since,
        level.basis,
    )
    whom = await work.connection.fetch(
        "select distinct beneficiary_id from entitlements where programme = $1 and ($2::text is null or code = $2)",
        level.programme,
        level.code,
    )
    streams = await work.load((beneficiary_stream(row["beneficiary_id"]) for row in whom), without=UNREAD)
    changed = await people.say_due_again(work, streams, *_two_catalogues(before, level))
    return Answer.json({"number": number, "people": changed}, 201)


def _two_catalogues(before: tuple[Level, ...], level: Level) -> tuple[Catalogue, Catalogue]:
    opening = levels.opening_period()
    return with_levels(before, opening), with_levels((*before, level), opening)


def _refuse_unusable(level: Level) -> None:
    if level.programme == "BTXH" and level.scope in SCOPES and level.code is None:
        return
    code = level.code or ""
    if level.programme == "NCC" and level.scope is None and load().knows(code) and load().programme_of(code) == "NCC":
        return
    raise Problem(
        422,
        "level-unusable",
        "BTXH cần scope (national hoặc area 01); NCC cần code trong danh mục. Chương trình khác không có mức chung.",
        "BTXH wants a scope (national or area 01), NCC a code of the catalogue; other programmes have no levels.",
    )
