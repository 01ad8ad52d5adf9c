"""The staff's blueprint, which its views register themselves with."""

from flask import Blueprint

bp = Blueprint("staff", __name__)
