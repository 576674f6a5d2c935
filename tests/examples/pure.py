"""A district in memory: the pure rules of all services, driven by an example's steps, without servers or HTTP."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.disbursement import payment as payments
from services.disbursement import preparing
from services.disbursement.money_rule import Earlier, excess
from services.disbursement.payee import Account, Payee
from services.disbursement.picture import FATES, Picture
from services.kernel.names import fold
from services.kernel.period import Period
from services.onboarding.account import CloseAccount, Open, OpenAccount, account, account_id_of
from services.onboarding.account import State as AccountState
from services.onboarding.events import AccountDetails
from services.reference import areas
from services.reference.programmes import PROGRAMMES, Programme
from services.registry import closing, following, row_against_catalogue
from services.registry.beneficiary import beneficiary
from services.registry.catalogue import load
from services.registry.change_list import effective_period
from services.registry.commands import Frame
from services.registry.due import due_changed
from services.registry.entitlement import View
from services.registry.person import State
from services.registry.register import Known, Register
from services.registry.spreadsheet import check_rows

START = datetime(2023, 1, 1, tzinfo=UTC)
FAR = date(2030, 1, 1)


@dataclass
class Paid:
    """A payment and where it stands, with the run that made it."""

    run: str
    prepared: preparing.Prepared
    state: payments.State
    failed_at: datetime | None = None


@dataclass
class World:
    """Everybody's state, the payments, and a clock that only counts."""

    people: dict[str, State] = field(default_factory=dict)
    accounts: dict[str, tuple[AccountState, datetime]] = field(default_factory=dict)
    payments: dict[str, Paid] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    ticks: int = 0

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    # Registry

    def register(self, commune: str, period: Period) -> Register:
        by_id: dict[str, Known] = {}
        by_name: dict[str, list[Known]] = defaultdict(list)
        arriving: dict[str, list[Known]] = defaultdict(list)
        for person, state in self.people.items():
            assert state.personal
            known = Known(
                person, self.commune(state, period), state.personal.citizen_id, state.personal.name,
                state.personal.birth, state, 1,
            )  # fmt: skip
            if known.citizen_id:
                by_id[known.citizen_id] = known
            if known.commune == commune:
                by_name[fold(known.name)].append(known)
            elif state.half("OUT"):
                arriving[fold(known.name)].append(known)
        return Register(by_id, by_name, arriving)

    @staticmethod
    def commune(state: State, month: Period) -> str:
        homes = [home for home in state.residences if home.from_month <= month] or list(state.residences[:1])
        return areas.commune_in(homes[-1].commune, homes[-1].from_month, month)

    def take_list(
        self, step: dict[str, Any], dropped: Collection[int] = ()
    ) -> tuple[Period, set[tuple[int, str]], set[tuple[int, str]]]:
        """Checks the list and, if it has no errors, lets it take effect: L, errors and warnings by row and column."""
        period = Period(step["period"])
        effective = effective_period(period, step["late"], step.get("allow_late", False), self.closed)
        frame = Frame(step["id"], step["commune"], effective)
        raw = [(number, row) for number, row in enumerate(step["rows"], 1) if number not in dropped]
        parsed = check_rows(raw, period, date.fromisoformat(step["submitted_on"]))
        judged = [one for row in parsed.rows for one in row_against_catalogue.check(row, load(), effective)]
        split = following.split(parsed.rows, self.register(frame.commune, effective), load(), frame)
        followed = [following.follow(part, load(), frame) for part in split.parts]
        judged += [*split.judged, *(one for each in followed for one in each.judged)]
        wrong, doubtful = following.sorted_out(judged)
        errors = {(one.row, one.column) for one in (*parsed.errors, *wrong)}
        warnings = {(one.row, one.column) for one in (*parsed.warnings, *doubtful)}
        if not errors:
            self.people |= {one.beneficiary_id: one.after for one in followed}
        return effective, errors, warnings

    def close(self, period: Period) -> None:
        """Closes the roll, with what lapses and what nobody collected."""
        frame = Frame(f"roll-{period}", "", period)
        missed = self._uncollected(period)
        for person, state in self.people.items():
            halves = [{"half": half.half, "effective_period": half.effective_period} for half in state.halves]
            asked = [one for row in halves for one in closing._lapse(row, period, frame)]
            for programme, since in missed.get(person, {}).items():
                asked += closing._suspend({"programme": programme, "since": since}, period, frame, state)
            for programme in {right.programme for right in state.running}:
                asked += closing._end({"programme": programme}, period, frame, state)
            for command, _ in asked:
                self.people[person] = beneficiary.fold(
                    beneficiary.decide(command, self.people[person]), self.people[person]
                )
        self.closed.add(period)

    def _uncollected(self, period: Period) -> dict[str, dict[str, str]]:
        made: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for one in self.payments.values():
            paid = one.prepared.payment
            if one.state.status != "NETTED" and paid.period < period:
                made[paid.beneficiary_id, paid.programme][paid.period].append(str(one.state.status))
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for (person, programme), by_period in made.items():
            last = sorted(by_period)[-3:]
            if len(last) == 3 and all(set(by_period[month]) == {"CASH_UNCOLLECTED"} for month in last):
                found[person][programme] = last[0]
        return found

    def standing(self, person: str, programme: str, month: Period) -> str:
        """As the roll of the month has the pair."""
        view = View(month, at_once=False)
        rights = [one.standing(month, view) for one in self.people[person].entitlements if one.programme == programme]
        return next((word for word in ("ACTIVE", "SUSPENDED", "ENDED") if word in rights), "no right")

    # Accounts

    def take_account(self, person: str, said: dict[str, Any]) -> None:
        state, personal = self.people[person], self.people[person].personal
        assert personal
        number = said["account_number"]
        account_id = account_id_of(person, None, number)
        before, _ = self.accounts.get(account_id, (AccountState(), START))
        if said["result"] == "CLOSED":
            command: Any = CloseAccount(account_id, person, said["holder"], date.fromisoformat(said["closed_on"]))
        else:
            payee = state.payouts[-1].personal if state.payouts else None
            own = said["holder"] == "OWN"
            details = AccountDetails(
                holder_name=personal.name if own or payee is None else payee.name,
                holder_citizen_id=personal.citizen_id if own or payee is None else payee.citizen_id,
                bank_code=said.get("bank_code", ""),
                account_number=number,
                account_name=said.get("account_name", ""),
            )
            command = OpenAccount(account_id, person, said["holder"], details, date.fromisoformat(said["opened_on"]))
        events = account.decide(command, before)
        self.accounts[account_id] = account.fold(events, before), self.now()

    def _accounts(self, person: str) -> list[Account]:
        found = []
        for account_id, (state, known_at) in self.accounts.items():
            standing = state.standing
            opened = standing if isinstance(standing, Open) else getattr(standing, "account", None)
            if opened is None or opened.beneficiary_id != person:
                continue
            details = opened.details
            found.append(
                Account(
                    account_id, opened.holder, opened.opened_on, getattr(standing, "closed_on", None),
                    opened.name_differs, False, known_at, details.bank_code, details.account_number,
                    details.holder_name, details.holder_citizen_id,
                )
            )  # fmt: skip
        return found

    # Money

    def picture(self, programmes: Sequence[Programme]) -> Picture:
        picture = Picture()
        for person, state in self.people.items():
            assert state.personal
            picture.people[person] = state.personal.name, state.personal.citizen_id is not None
            picture.accounts[person] = self._accounts(person)
            picture.payouts[person] = [
                (
                    one.from_month,
                    Payee(one.personal.name, one.personal.citizen_id, one.relation, one.after_death)
                    if one.relation and one.personal
                    else None,
                )
                for one in state.payouts
            ]
            for programme in programmes:
                if any(right.programme == programme for right in state.entitlements):
                    picture.due[person, programme] = due_changed(state, programme, load())
        replaced = {one for paid in self.payments.values() for one in paid.prepared.payment.replaces}
        for payment_id, paid in self.payments.items():
            payment = paid.prepared.payment
            earlier = Earlier(payment_id, FATES[str(paid.state.status)], payment_id in replaced, payment.lines)
            picture.earlier.setdefault((payment.beneficiary_id, payment.programme), []).append(earlier)
            if payment.account_id and paid.failed_at:
                picture.failed[payment.account_id] = paid.failed_at
        return picture

    def run(self, name: str, period: Period, programmes: Sequence[Programme], day: date) -> None:
        """Closes the roll, prepares, and sends."""
        self.close(period)
        made = preparing.make(self.picture(programmes), name, period, day)
        preparing.totals(made.payments)
        for one in made.payments:
            state = payments.payment_decider.fold(
                payments.decide(payments.Prepare(one.payment, one.payee), payments.State())
            )
            state = payments.payment_decider.fold(payments.decide(payments.Send(day), state), state)
            self.payments[one.payment.payment_id] = Paid(name, one, state)

    def of_run(self, run: str, person: str, programme: str) -> Paid | None:
        return next(
            (
                paid
                for paid in self.payments.values()
                if paid.run == run
                and (paid.prepared.payment.beneficiary_id, paid.prepared.payment.programme) == (person, programme)
            ),
            None,
        )

    def say(self, paid: Paid | None, command: Any) -> str:
        """The word for an answer of the bank or of the commune."""
        judged = payments.judge(command, paid.state if paid else payments.State())
        if paid:
            before = paid.state.status
            paid.state = payments.payment_decider.fold(judged.events, paid.state)
            if paid.state.status != before and paid.state.status in ("REJECTED", "RETURNED"):
                paid.failed_at = self.now()
        return judged.outcome

    def claims(self, periods: Mapping[str, Period]) -> dict[tuple[str, str, str | None, str], int]:
        """Person, programme, item and month → đồng that reached the person beyond what is due."""
        picture = self.picture([one for one in PROGRAMMES if one in periods])
        return {
            (person, programme, item, month): amount
            for (person, programme), earlier in picture.earlier.items()
            for (item, month), amount in excess(
                preparing.due_for(picture.due[person, programme], periods[programme]).months, earlier
            ).items()
        }
