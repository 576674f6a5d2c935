"""Who may make which call about payments: each call with the roles that the contract gives it, and no others."""

import pytest
from fastapi.routing import APIRoute

from services.disbursement import api, api_answers, api_papers
from services.kernel.web.auth import Caller, issue, new_key, private_key
from services.kernel.web.problems import Problem
from services.reference import access

SEES_ALL = {"district-officer", "district-approver", "auditor"}
ALLOWED: dict[str, set[str]] = {
    "POST /runs": {"district-officer"},
    "GET /runs": SEES_ALL | {"finance", "treasury", "bank", "commune-officer", "police"},
    "GET /runs/{run_id}": SEES_ALL | {"finance", "treasury", "bank", "commune-officer", "police"},
    "POST /runs/{run_id}/approve": {"district-approver"},
    "POST /runs/{run_id}/refuse": {"district-approver"},
    "POST /runs/{run_id}/send": {"district-approver"},
    "POST /runs/{run_id}/cancel": {"district-officer", "district-approver"},
    "GET /runs/{run_id}/instructions.xml": SEES_ALL | {"bank"},
    "GET /runs/{run_id}/instructions.xlsx": SEES_ALL | {"bank"},
    "GET /runs/{run_id}/instructions.csv": SEES_ALL | {"bank"},
    "GET /runs/{run_id}/cash-list.xlsx": SEES_ALL | {"commune-officer"},
    "GET /payments": SEES_ALL | {"finance", "bank", "commune-officer", "police"},
    "GET /claims": {"district-officer", "finance", "auditor"},
    "GET /conservation": SEES_ALL | {"finance"},
    "POST /bank-results": {"bank", "district-officer"},
    "GET /open-answers": SEES_ALL,
    "POST /open-answers/{answer_id}": {"district-officer", "district-approver"},
    "POST /runs/{run_id}/cash-results": {"commune-officer"},
}
KEY = private_key(new_key())
ROUTES = {
    f"{next(iter(route.methods or ()))} {route.path}": route
    for router in (api.router, api_answers.router, api_papers.router)
    for route in router.routes
    if isinstance(route, APIRoute)
}


class Request:
    """What the check of a role looks at."""

    class app:  # noqa: N801 - as Starlette names it
        class state:  # noqa: N801
            public_key = KEY.public_key()

    def __init__(self, role: str) -> None:
        self.headers = {"authorization": f"Bearer {issue(KEY, Caller('lan', role, None), 60)}"}


def admits(route: APIRoute, role: str) -> bool:
    (check,) = (one.call for one in route.dependant.dependencies if one.call and one.call.__name__ == "check")
    try:
        check(Request(role))
    except Problem as why:
        return why.status != 403
    return True


def test_every_call_is_in_the_table() -> None:
    assert ROUTES.keys() == ALLOWED.keys()


@pytest.mark.parametrize("call", ALLOWED)
def test_a_call_is_for_these_roles_only(call: str) -> None:
    assert {role for role in access.ROLES if admits(ROUTES[call], role)} == ALLOWED[call]
