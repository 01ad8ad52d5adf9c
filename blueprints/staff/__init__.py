"""The staff's door: sign in, the queue, a request, calls, answers, people.

Nothing here decides who may see what: web/desk.py holds the gate, and every request
is found through the wall of intake/queue.py.
"""
# ruff: noqa: F401 -- a module of views registers them by being imported

import blueprints.staff.access_log
import blueprints.staff.account
import blueprints.staff.aftercall
import blueprints.staff.assessment
import blueprints.staff.bridging
import blueprints.staff.calls
import blueprints.staff.consulting
import blueprints.staff.danger
import blueprints.staff.departing
import blueprints.staff.given
import blueprints.staff.hours
import blueprints.staff.invitation
import blueprints.staff.keys
import blueprints.staff.member
import blueprints.staff.members
import blueprints.staff.night
import blueprints.staff.on_call
import blueprints.staff.onward
import blueprints.staff.outside
import blueprints.staff.passkeys
import blueprints.staff.people
import blueprints.staff.queue
import blueprints.staff.recovery_codes
import blueprints.staff.refusals
import blueprints.staff.register
import blueprints.staff.replies
import blueprints.staff.requests
import blueprints.staff.sides
import blueprints.staff.signing
import blueprints.staff.stays
import blueprints.staff.text_calls
import blueprints.staff.texts
import blueprints.staff.transfers
import blueprints.staff.two_person
import blueprints.staff.uniting
import blueprints.staff.voice
import blueprints.staff.working
from blueprints.staff.blueprint import bp

__all__ = ["bp"]
