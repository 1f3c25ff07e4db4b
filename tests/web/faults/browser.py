"""A person at a browser, as plain HTTP: signs in, follows forms, and tries again when the server is gone."""

import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

FIELD = re.compile(r'<input[^>]*name="(?P<name>[^"]+)"[^>]*value="(?P<value>[^"]*)"')
PATIENCE = 120.0
"""Seconds after which a server that does not come back fails the test."""


@dataclass
class Person:
    """One signed-in person. Every call returns only after the server has answered below 500."""

    address: str
    login: str
    password: str
    stop: threading.Event
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        """A client of its own, with its own cookies."""
        self.client = httpx.Client(base_url=self.address, timeout=30, follow_redirects=False)

    def get(self, path: str) -> httpx.Response:
        """A page, signed in."""
        answer = self._until_answered("GET", path)
        if answer.status_code == 302 and "/sign-in/" in answer.headers["location"]:
            self.sign_in()
            answer = self._until_answered("GET", path)
        return answer

    def post(self, path: str, data: dict[str, Any], files: Any = None) -> httpx.Response:
        """A form, sent once the page is known; after a failure the same form again."""
        return self._until_answered("POST", path, data=data, files=files)

    def sign_in(self) -> None:
        """Signs in and forgets earlier cookies."""
        self.client.cookies.clear()
        self._until_answered("GET", "/accounts/sign-in/")
        answer = self.post("/accounts/sign-in/", {"login": self.login, "password": self.password})
        assert answer.status_code == 302, answer.text[:2000]

    def hidden(self, page: str, name: str) -> str:
        """The value of a hidden field of a page."""
        values = {found["name"]: found["value"] for found in FIELD.finditer(page)}
        assert name in values, f"{name} not in {sorted(values)}"
        return values[name]

    def _until_answered(self, method: str, path: str, **content: Any) -> httpx.Response:
        until = time.monotonic() + PATIENCE
        while not self.stop.is_set():
            token = self.client.cookies.get("csrftoken") or ""
            try:
                answer = self.client.request(method, path, headers={"X-CSRFToken": token}, **content)
            except httpx.TransportError:
                assert time.monotonic() < until, f"{method} {path}: the server did not come back"
                time.sleep(0.1)
                continue
            if answer.status_code < 500:
                return answer
            assert time.monotonic() < until, f"{method} {path}: {answer.status_code}"
            time.sleep(0.1)
        raise InterruptedError
