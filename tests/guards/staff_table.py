"""What every staff route answers each role with, on each side of the wall.

A row is a method, a view, and one answer a role: staff, head, administrator, analyst,
safety co-ordinator, nobody. An answer is one status, or four: what lies on her own
side, on the other, in the closed circle (of which the head is one), and at another
unit; or two, where all that is not her own is answered alike. Of what belongs to one
member (a session, a passkey, a number to be read out) the first is her own, and the
others a colleague's.

Forms are sent empty, but for the reference that is searched for: 422 and 409 say that
she was let in, and then that something is missing. The municipality's sign-in is not
set up here, so its addresses are not there: `tests/blueprints/test_staff_outside.py`
tries whom it lets in.
"""

ROLES = ("staff", "head", "administrator", "analyst", "coordinator", "nobody")
_TABLE = """
GET  reports.figures          404             200             404 200 404 303
GET  staff.account            200             200             200 200 200 303
POST staff.add_passkey        422             422             422 422 422 401
POST staff.add_place          404             422/404/422/404 422 404 404 401
POST staff.after_call         409/404/404/404 409/404/409/404 404 404 404 401
POST staff.answer             409/404/404/404 409/404/409/404 404 404 404 401
POST staff.approve            303/404/404/404 303/404/303/404 404 404 404 401
POST staff.approve_two        303/404/404/404 303/404/303/404 404 404 404 401
POST staff.ask_two            303/404/404/404 303/404/303/404 404 404 404 401
POST staff.asked              409/404/404/404 409/404/409/404 404 404 404 401
POST staff.assessed           409/404/404/404 409/404/409/404 404 404 404 401
POST staff.break_glass        422/404/404/404 422/404/422/404 404 404 404 401
POST staff.bridge_test        404             422/422/422/404 404 404 404 401
POST staff.bridge_test_off    404             303/303/303/404 404 404 404 401
POST staff.bridge_trial       404             422/422/422/404 404 404 404 401
POST staff.bridged            409/404/404/404 409/404/409/404 404 404 404 401
POST staff.call               409/404/404/404 409/404/409/404 404 404 404 401
POST staff.call_test          404             422/422/422/404 404 404 404 401
POST staff.call_test_off      404             303/303/303/404 404 404 404 401
POST staff.calls_again        404             303/303/303/404 404 404 404 401
POST staff.change_role        404             422/404/422/404 422 404 404 401
POST staff.child              409/404/404/404 409/404/409/404 404 404 404 401
POST staff.claim              303/404/404/404 303/404/303/404 404 404 404 401
POST staff.close              409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.concern            200             200             404 404 404 303
POST staff.concern            422             422             404 404 404 401
POST staff.consent            409/404/404/404 409/404/409/404 404 404 404 401
POST staff.consult            404             404             404 404 422 401
GET  staff.consulted          404             404             404 404 404 303
GET  staff.consulting         404             404             404 404 200 303
POST staff.danger             303/404/404/404 303/404/303/404 404 404 404 401
POST staff.decide             409/404/404/404 422/404/422/404 404 404 404 401
GET  staff.desk_key           200/404/404/404 200/404/200/404 404 404 404 303
GET  staff.desk_log           404             200/404/200/404 404 404 404 303
POST staff.disclosure         409/404/404/404 409/404/409/404 404 404 404 401
POST staff.draw_check         404             303/404/303/404 404 404 404 401
POST staff.end_consulting     404             404             404 404 303 401
POST staff.end_other_sessions 303             303             303 303 303 401
POST staff.end_place          404             303/404/303/404 303 404 404 401
POST staff.end_session        303/404         303/404     303/404 303/404 303/404 401
POST staff.find               303/404/404/404 303/404/303/404 404 404 404 401
GET  staff.given              200/404         200/404         404 404 404 303
POST staff.given_done         303/404         303/404         404 404 404 401
POST staff.go_on_turning      303/404/404/404 303/404/303/404 404 404 404 401
POST staff.guide              409/404/404/404 409/404/409/404 404 404 404 401
POST staff.guided             409/404/404/404 409/404/409/404 404 404 404 401
POST staff.hand_over          409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.health             200             200             200 200 200 200
GET  staff.hours              404             200             404 404 404 303
GET  staff.invitation         200             200             200 200 200 200
POST staff.invitation         422             422             422 422 422 422
POST staff.invite             404             422             422 404 404 401
POST staff.key_person         404             422/422/422/404 422 404 404 401
POST staff.leave              404             422/404/422/404 422 404 404 401
GET  staff.leaving            404             200/404/200/404 200 404 404 303
POST staff.let_texts_go       404             303             303 404 404 401
GET  staff.log                404             200             404 404 404 303
POST staff.mark               422/404/404/404 422/404/422/404 404 404 404 401
GET  staff.member             404             200/404/200/404 200 404 404 303
GET  staff.members            404             200             200 404 404 303
POST staff.new_link           404             200/404/200/404 200 404 404 401
GET  staff.news               200             200             404 404 404 303
POST staff.night_call         409/404/404/404 409/404/409/404 404 404 404 401
POST staff.no_calls           404             303/303/303/404 404 404 404 401
POST staff.note               409/404/404/404 409/404/409/404 404 404 404 401
POST staff.note_missed        404             303/404/303/404 404 404 404 401
POST staff.of_who_uses        409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.on_call            404             200             404 404 404 303
POST staff.on_call_add        404             422/422/422/404 404 404 404 401
POST staff.on_call_remove     404             303/303/303/404 404 404 404 401
POST staff.on_call_up         404             303/303/303/404 404 404 404 401
POST staff.outcome            409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.outside            404             404             404 404 404 404
GET  staff.outside_back       404             404             404 404 404 404
GET  staff.outside_bind       404             404             404 404 404 303
POST staff.outside_bind       404             404             404 404 404 401
GET  staff.outside_in         404             404             404 404 404 404
POST staff.outside_in         404             404             404 404 404 404
GET  staff.outside_to_bind    404             404             404 404 404 303
POST staff.outside_unbind     303             303             303 303 303 401
POST staff.part               409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.passkey_to_add     200             200             200 200 200 303
GET  staff.passkey_to_sign_in 200             200             200 200 200 200
GET  staff.people             200             200             404 404 404 303
GET  staff.pile               200             200             404 404 404 303
POST staff.plan               409/404/404/404 409/404/409/404 404 404 404 401
POST staff.position           409/404/404/404 409/404/409/404 404 404 404 401
POST staff.put_back           303/404/404/404 303/404/303/404 404 404 404 401
POST staff.read               422/404/404/404 422/404/422/404 404 404 404 401
POST staff.recovery_codes     200             200             200 200 200 401
GET  staff.register           200             200             404 404 404 303
POST staff.register           422             422             404 404 404 401
GET  staff.registering        200             200             404 404 404 303
POST staff.release            409/404/404/404 409/404/409/404 404 404 404 401
POST staff.remove_passkey     303/404         303/404     303/404 303/404 303/404 401
POST staff.renew_paper        409/404/404/404 409/404/409/404 404 404 404 401
POST staff.reset              404             422/404/422/404 422 404 404 401
POST staff.review_glass       404             303/404/303/404 404 404 404 401
POST staff.save_hours         404             422/422/422/404 404 404 404 401
GET  staff.sessions           200             200             200 200 200 303
GET  staff.show               200/404/404/404 200/404/200/404 404 404 404 303
POST staff.side               409/404/404/404 409/404/409/404 404 404 404 401
POST staff.sign_check         404             422/404/422/404 404 404 404 401
GET  staff.sign_in            200             200             200 200 200 200
POST staff.sign_in            422             422             422 422 422 422
POST staff.sign_out           303             303             303 303 303 401
GET  staff.start              200             200             303 303 303 303
POST staff.stop_texts         404             303             303 404 404 401
POST staff.take_over          422/404/404/404 422/404/422/404 404 404 404 401
POST staff.takes_children     404             422/404/422/404 422 404 404 401
POST staff.text               409/404/404/404 409/404/409/404 404 404 404 401
POST staff.text_time          409/404/404/404 409/404/409/404 404 404 404 401
POST staff.text_settled       303/404/404/404 303/404/303/404 404 404 404 401
POST staff.text_test          404             422/422/422/404 404 404 404 401
POST staff.text_test_off      404             303/303/303/404 404 404 404 401
GET  staff.texts              200             200             200 404 404 303
POST staff.to_day             409/404/404/404 409/404/409/404 404 404 404 401
POST staff.to_on_call         409/404/404/404 409/404/409/404 404 404 404 401
POST staff.turn_key           409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.two_person_list    200             200             404 404 404 303
POST staff.unite              409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.unit_hours         404             200/200/200/404 404 404 404 303
POST staff.voice              409/404/404/404 409/404/409/404 404 404 404 401
POST staff.words              409/404/404/404 409/404/409/404 404 404 404 401
GET  staff.working            200             200             200 200 200 303
GET  static                   200             200             200 200 200 200
"""


def _read(table: str) -> dict[tuple[str, str], tuple[str, ...]]:
    rows = [line.split() for line in table.strip().splitlines()]
    return {(method, view): tuple(told) for method, view, *told in rows}


TABLE = _read(_TABLE)
