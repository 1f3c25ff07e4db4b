"""The routes that belong to no app."""

from django.test import Client


def test_alive_when_asked_then_says_ok_and_is_not_kept(db) -> None:
    response = Client().get("/alive/")

    assert response.content == b"ok"
    assert "no-store" in response.headers["Cache-Control"]


def test_alive_when_something_is_sent_then_refuses(db) -> None:
    assert Client().post("/alive/").status_code == 405


def test_language_when_chosen_then_is_kept_and_goes_back(db) -> None:
    client = Client()

    response = client.post("/language/", {"language": "en", "next": "/alive/"})

    assert response.status_code == 302
    assert response.headers["Location"] == "/alive/"
    assert client.cookies["django_language"].value == "en"


def test_language_when_the_way_back_leads_elsewhere_then_goes_home(db) -> None:
    response = Client().post("/language/", {"language": "en", "next": "//elsewhere.example/"})

    assert response.headers["Location"] == "/"


def test_language_when_only_asked_for_then_refuses(db) -> None:
    assert Client().get("/language/").status_code == 405
