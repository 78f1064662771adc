# SPDX-License-Identifier: MIT
"""With OOMLAB_TOKEN set, whoever has none may look; the page asks for it when
it is wanted, and keeps it for as long as it is open."""
import pytest

SETTINGS = {"limit": "512M", "max": 8, "token": "a-word-of-the-test"}


@pytest.mark.may_log("status of 401")
def test_a_token_is_asked_for_when_it_is_wanted(page, lab):
    page.type("#field-size", "10M")
    page.type("#field-for", "5m")
    page.press("#load-start")
    page.until_says("#load-said", "Not started: A token is asked for here")
    page.type("#token-field", SETTINGS["token"])
    page.press("#token button")
    page.press("#load-start")
    page.until_says("#load-said", "Started: ")
    assert len(lab.json("/loads?state=busy")["loads"]) == 1
    page.press("#release-all")
    page.until_says("#released", "Released 1 load.")
    assert page.js("document.cookie") == ""
    assert page.js("localStorage.length + sessionStorage.length") == 0
