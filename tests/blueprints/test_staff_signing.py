"""Signing in, staying in, and the one-time link."""

from tests.blueprints.conftest import StaffBureau


def test_a_member_comes_in_and_goes_out(staff: StaffBureau) -> None:
    maria = staff.signed_in("maria")
    assert maria.open("/").response.status_code == 200
    assert maria.press("/", "/sign-out").response.request.path == "/sign-in"
    assert maria.open("/").response.status_code == 303
