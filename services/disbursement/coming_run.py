"""What can be paid next in a month: each programme of the closed roll, free or held up. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.reference.programmes import PROGRAMMES


@dataclass(frozen=True, slots=True)
class Choice:
    """A programme of a closed roll: its pairs and the đồng due to them for that month.

    `open_run`: a run of it that is not sent yet; `passed`: a later month of which one was sent; `sent`: how many of
    this month were sent.
    """

    programme: str
    people: int
    amount: int
    open_run: str = ""
    passed: str = ""
    sent: int = 0

    @property
    def free(self) -> bool:
        """Whether a run of it can be made."""
        return not self.open_run and not self.passed


def choices(
    period: str, totals: Mapping[str, Any], runs: Iterable[Mapping[str, Any]], newest: Mapping[str, str]
) -> Sequence[Choice]:
    """The programmes of a roll. `totals`: as it was closed; `runs`: of this month, and all that are not sent;
    `newest`: programme → the last month of which a run was sent."""
    rows = list(runs)
    found = []
    for programme in PROGRAMMES:
        sums = [told[programme] for told in totals.values() if programme in told]
        own = [run for run in rows if programme in run["programmes"]]
        found.append(
            Choice(
                programme=programme,
                people=sum(one["people"] for one in sums),
                amount=sum(one["amount"] for one in sums),
                open_run=next((run["run_id"] for run in own if run["status"] in ("PREPARED", "APPROVED")), ""),
                passed=newest[programme] if newest.get(programme, "") > period else "",
                sent=sum(run["status"] == "SENT" and run["period"] == period for run in own),
            )
        )
    return [one for one in found if one.people]
