"""The form of a draft read without saving it: the description, the checks, a class put in."""

from flask import Blueprint, request

from portal.desk.card import card_page, typed_form
from portal.desk.walk import wanted
from workflow.editing.drafts import NAME
from workflow.editing.form import with_row

ROOM = Blueprint("draft", __name__, url_prefix="/desk/draft")
_CLASS_TAGS = {"marc21": "080"}
_USUAL_CLASS_TAG = "675"
_ASKED = ("class", "format")


@ROOM.post("/<key>/preview")
def preview(key: str) -> str:
    """The card with what was typed, and a row more where a class number was chosen."""
    typed = {name: text for name, text in typed_form().items() if name not in _ASKED}
    if number := request.form.get("class"):
        tag = _CLASS_TAGS.get(request.form.get("format", ""), _USUAL_CLASS_TAG)
        typed = with_row(typed, tag, f"$a{number}")
    return card_page(NAME, key, wanted(request.form), typed=typed)
