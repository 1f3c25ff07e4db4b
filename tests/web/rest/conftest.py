"""Programs with tokens."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import orjson
import pytest
from django.test import Client
from django.utils import timezone

from junheng.web.access.roles import Role
from junheng.web.accounts.models import Token
from junheng.web.accounts.one_time import digest
from tests.web.world import World

ROOT = "/api/v1"
WRITES = count(1)


class Program:
    """A client that shows a token, and gives every write a fresh key unless it is told one."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}", "Host": "localhost"})

    def get(self, address: str, **query: Any) -> Any:
        """The answer to a question."""
        return self.client.get(ROOT + address, query)

    def send(self, method: str, address: str, body: Any = None, *, key: str = "") -> Any:
        """The answer to a write."""
        return self.client.generic(
            method,
            ROOT + address,
            data=b"" if body is None else orjson.dumps(body),
            content_type="application/json",
            headers={"Idempotency-Key": key or f"write-{next(WRITES):08}"},
        )

    def upload(self, address: str, file: Any, *, key: str) -> Any:
        """The answer to a file."""
        return self.client.post(ROOT + address, {"file": file}, headers={"Idempotency-Key": key})


ProgramFor = Callable[[Role, str], Program]


@pytest.fixture
def program(world: World) -> ProgramFor:
    """The program that acts as a role at a place of the small tree."""

    def made(role: Role, place: str) -> Program:
        secret = f"jh_{role.value}-{place}"
        Token.objects.get_or_create(
            secret_hash=digest(secret),
            defaults={
                "membership": world.member(role, place),
                "name": "学籍系统",
                "expires_at": timezone.now() + timedelta(days=30),
            },
        )
        return Program(secret)

    return made
