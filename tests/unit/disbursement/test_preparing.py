"""Preparing a run: from the picture of everybody to payments, their ids, totals and a digest."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.disbursement.events import CountAmount, Line, MonthAmount
from services.disbursement.money_rule import Earlier, Fate
from services.disbursement.payee import Account, Payee
from services.disbursement.picture import Pair, Picture
from services.disbursement.preparing import Excluded, Prepared, digest, make, reference, roll_sums, totals
from services.kernel import clock
from services.kernel.period import Period
from services.reference.programmes import Programme
from services.registry.events import DueChanged, DueLayer, DueSpan, OnRoll, Residence, WishFrom

OCTOBER, NOVEMBER, DECEMBER = (Period(month) for month in ("2023-10", "2023-11", "2023-12"))
TODAY = date(2023, 11, 8)
KIM_BAI, THANH_MAI = "10114", "10147"
ACCOUNT = Account(
    account_id="a1",
    holder="OWN",
    opened_on=date(2023, 10, 1),
    closed_on=None,
    name_differs=False,
    confirmed=False,
    usable_since=datetime(2023, 10, 2, tzinfo=UTC),
    bank_code="VBA",
    account_number="2200205002329",
    holder_name="Mai Thị Xuân",
    holder_citizen_id="001143194229",
)


def due(
    who: str,
    amount: int,
    programme: Programme = "BTXH",
    item: str | None = None,
    commune: str = KIM_BAI,
    first: Period = NOVEMBER,
    last: Period | None = None,
) -> tuple[Pair, DueChanged]:
    return (who, programme), DueChanged(
        beneficiary_id=who,
        programme=programme,
        residences=(Residence(commune=commune, from_month=OCTOBER),),
        wishes=(WishFrom(wish="ACCOUNT", from_month=OCTOBER),),
        roll=(OnRoll(item=item, first=first, last=last),),
        layers=(DueLayer(counts_from=OCTOBER, spans=(DueSpan(item=item, first=first, last=last, amount=amount),)),),
    )


def picture(*pairs: tuple[Pair, DueChanged]) -> Picture:
    return Picture(
        due=dict(pairs),
        people={"xuan": ("Mai Thị Xuân", True), "binh": ("Lê Văn Bình", True)},
        accounts={"xuan": [ACCOUNT]},
    )


def earlier(fate: Fate, amount: int, month: Period = NOVEMBER) -> Earlier:
    parts = (MonthAmount(month=month, amount=amount),)
    return Earlier("R1", fate, False, [Line(purpose="REGULAR", item=None, months=parts, amount=amount)])


def only(known: Picture, period: Period = NOVEMBER) -> Prepared:
    (one,) = make(known, "run", period, TODAY).payments
    return one


def test_a_payment_carries_the_run_the_person_and_where_the_money_goes() -> None:
    one = only(picture(due("xuan", 440_000)))
    payment = one.payment
    assert (payment.run_id, payment.period, payment.beneficiary_id, payment.programme) == (
        "run",
        "2023-11",
        "xuan",
        "BTXH",
    )
    assert (payment.commune, payment.amount, payment.method, payment.account_id) == (KIM_BAI, 440_000, "ACCOUNT", "a1")
    assert (one.payee.payee_name, one.payee.account_number, one.payee.bank_code) == (
        "Mai Thị Xuân",
        "2200205002329",
        "VBA",
    )


def test_who_has_no_account_is_paid_in_cash() -> None:
    one = only(picture(due("binh", 440_000)))
    assert (one.payment.method, one.payment.account_id) == ("CASH", None)
    assert (one.payee.payee_name, one.payee.account_number, one.payee.bank_code) == ("Lê Văn Bình", None, None)


def test_the_payee_of_the_month_comes_for_the_cash() -> None:
    known = picture(due("binh", 440_000))
    known.payouts["binh"] = [("2023-10", Payee("Lê Thị Cúc", None)), ("2023-12", Payee("Lê Văn Dũng", None))]
    assert only(known).payee.payee_name == "Lê Thị Cúc"
    assert only(known, DECEMBER).payee.payee_name == "Lê Văn Dũng"


def test_a_person_in_two_programmes_gets_two_payments() -> None:
    made = make(picture(due("xuan", 440_000), due("xuan", 2_055_000, "NCC", "11")), "run", NOVEMBER, TODAY)
    assert [(one.payment.programme, one.payment.amount) for one in made.payments] == [
        ("BTXH", 440_000),
        ("NCC", 2_055_000),
    ]
    assert len({one.payment.end_to_end_id for one in made.payments}) == 2


def test_a_second_run_pays_only_what_is_open() -> None:
    known = picture(due("xuan", 440_000), due("binh", 440_000))
    known.earlier["xuan", "BTXH"] = [earlier(Fate.OPEN, 440_000)]
    assert only(known).payment.beneficiary_id == "binh"


def test_a_dead_payment_is_named_by_the_one_that_replaces_it() -> None:
    known = picture(due("xuan", 440_000))
    known.earlier["xuan", "BTXH"] = [earlier(Fate.DEAD, 440_000)]
    payment = only(known).payment
    assert ([line.purpose for line in payment.lines], payment.replaces) == (["REPEAT"], ("R1",))


def test_recoveries_are_never_taken_across_programmes() -> None:
    known = picture(due("xuan", 440_000, last=NOVEMBER), due("xuan", 2_055_000, "NCC", "11", first=DECEMBER))
    known.earlier["xuan", "BTXH"] = [earlier(Fate.REACHED, 880_000)]
    made = make(known, "run", DECEMBER, TODAY)
    assert [(one.payment.programme, one.payment.amount) for one in made.payments] == [("NCC", 2_055_000)]
    assert made.excluded == [Excluded("xuan", "BTXH", "owes-only")]


def test_who_is_on_the_roll_with_nothing_due_is_named_and_who_was_paid_is_not() -> None:
    pair, without = due("xuan", 440_000)
    known = picture((pair, without.model_copy(update={"layers": ()})), due("binh", 440_000))
    known.earlier["binh", "BTXH"] = [earlier(Fate.OPEN, 440_000)]
    made = make(known, "run", NOVEMBER, TODAY)
    assert made.payments == []
    assert made.excluded == [Excluded("xuan", "BTXH", "nothing-due")]


def test_a_run_sees_the_last_layer_that_counts_from_its_period() -> None:
    pair, changed = due("xuan", 440_000)
    raised = DueLayer(counts_from=DECEMBER, spans=(DueSpan(item=None, first=NOVEMBER, last=None, amount=660_000),))
    known = picture((pair, changed.model_copy(update={"layers": (raised, *changed.layers)})))
    assert only(known).payment.amount == 440_000
    assert only(known, DECEMBER).payment.amount == 1_320_000


def test_a_payment_stands_in_the_commune_of_the_runs_period() -> None:
    pair, moved = due("xuan", 440_000)
    homes = (*moved.residences, Residence(commune=THANH_MAI, from_month=DECEMBER))
    known = picture((pair, moved.model_copy(update={"residences": homes})))
    assert only(known).payment.commune == KIM_BAI
    assert only(known, DECEMBER).payment.commune == THANH_MAI


def test_sums_of_the_roll_count_pairs_and_the_months_own_money_by_commune_and_programme() -> None:
    known = picture(
        due("xuan", 440_000, first=OCTOBER),
        due("binh", 660_000),
        due("xuan", 2_055_000, "NCC", "11", commune=THANH_MAI),
        due("cuc", 440_000, first=OCTOBER, last=OCTOBER),
    )
    assert roll_sums(known, NOVEMBER) == {KIM_BAI: {"BTXH": (2, 1_100_000)}, THANH_MAI: {"NCC": (1, 2_055_000)}}
    assert roll_sums(known, OCTOBER) == {KIM_BAI: {"BTXH": (2, 880_000)}}


def test_an_end_to_end_id_is_16_letters_and_digits_and_the_same_for_ever() -> None:
    assert reference("00" * 16) == "A" * 16
    assert reference("ff" * 16) == "7" * 16
    made = {reference(clock.derived_id("run", number)) for number in range(500)}
    assert len(made) == 500
    assert all(re.fullmatch("[A-Z0-9]{16}", one) for one in made)


def test_preparing_the_same_run_again_gives_the_same_payments() -> None:
    known = picture(due("xuan", 440_000))
    assert only(known) == only(known)
    (other,) = make(known, "other run", NOVEMBER, TODAY).payments
    assert other.payment.end_to_end_id != only(known).payment.end_to_end_id


def test_totals_agree_by_programme_commune_method_and_purpose() -> None:
    known = picture(
        due("xuan", 440_000), due("binh", 660_000, first=OCTOBER), due("xuan", 2_055_000, "NCC", "11", THANH_MAI)
    )
    sums = totals(make(known, "run", NOVEMBER, TODAY).payments)
    assert (sums.count, sums.amount) == (3, 3_815_000)
    assert sums.by_programme == {
        "BTXH": CountAmount(count=2, amount=1_760_000),
        "NCC": CountAmount(count=1, amount=2_055_000),
    }
    assert sums.by_commune == {
        KIM_BAI: CountAmount(count=2, amount=1_760_000),
        THANH_MAI: CountAmount(count=1, amount=2_055_000),
    }
    assert sums.by_method == {
        "ACCOUNT": CountAmount(count=2, amount=2_495_000),
        "CASH": CountAmount(count=1, amount=1_320_000),
    }
    assert sums.by_purpose == {
        "REGULAR": CountAmount(count=3, amount=3_155_000),
        "ARREARS": CountAmount(count=1, amount=660_000),
    }


def test_totals_count_recoveries_as_negative_money() -> None:
    known = picture(due("xuan", 440_000))
    known.earlier["xuan", "BTXH"] = [earlier(Fate.REACHED, 100_000, OCTOBER)]
    sums = totals(make(known, "run", NOVEMBER, TODAY).payments)
    assert sums.amount == 340_000
    assert sums.by_purpose["RECOVERY"] == CountAmount(count=1, amount=-100_000)


def test_totals_of_nothing_are_nought() -> None:
    assert (totals([]).count, totals([]).amount, totals([]).by_programme) == (0, 0, {})


def test_totals_that_do_not_agree_are_an_error() -> None:
    one = only(picture(due("xuan", 440_000)))
    wrong = replace(one, payment=one.payment.model_copy(update={"amount": 440_001}))
    with pytest.raises(ValueError, match="440001"):
        totals([wrong])


def test_a_digest_fixes_every_payment_whatever_their_order() -> None:
    payments = make(picture(due("xuan", 440_000), due("binh", 440_000)), "run", NOVEMBER, TODAY).payments
    assert re.fullmatch("[0-9a-f]{64}", digest(payments))
    assert digest(payments[::-1]) == digest(payments)
    first, second = payments
    other_payee = replace(first, payee=first.payee.model_copy(update={"payee_name": "Ai khác"}))
    other_amount = replace(first, payment=first.payment.model_copy(update={"amount": 1}))
    assert len({digest(payments), digest([other_payee, second]), digest([other_amount, second]), digest([first])}) == 4
