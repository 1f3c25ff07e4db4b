"""`junheng serve`: what it refuses, how it keeps its worker, and that the installation is fit for the open network."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from junheng.core.errors import InputError
from junheng.web.config.server import Server, WorkerKeeper, variables_of
from junheng.web.config.wsgi import behind_proxy


def test_variables_when_on_the_loopback_then_plain_http(monkeypatch) -> None:
    monkeypatch.delenv("JUNHENG_HTTPS", raising=False)

    for host in ("127.0.0.1", "localhost", "::1"):
        assert variables_of(Server(host=host)) == {"JUNHENG_BEHIND_PROXY": "0", "JUNHENG_HTTPS": "0"}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "platform.example"])
def test_variables_when_passwords_would_cross_a_network_then_refuses(host) -> None:
    with pytest.raises(InputError, match="明文"):
        variables_of(Server(host=host))


def test_variables_when_a_proxy_or_a_certificate_protects_then_https(tmp_path) -> None:
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).touch()
    certified = Server(host="0.0.0.0", certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem")

    assert variables_of(Server(is_behind_proxy=True)) == {"JUNHENG_BEHIND_PROXY": "1", "JUNHENG_HTTPS": "1"}
    assert variables_of(certified) == {"JUNHENG_BEHIND_PROXY": "0", "JUNHENG_HTTPS": "1"}
    assert (certified.address, Server(host="::1").address) == ("https://0.0.0.0:8000", "http://[::1]:8000")


def test_variables_when_the_certificate_is_half_or_missing_then_refuses(tmp_path) -> None:
    with pytest.raises(InputError, match="一起给"):
        variables_of(Server(certificate=tmp_path / "cert.pem"))
    with pytest.raises(InputError, match="没有这个文件"):
        variables_of(Server(certificate=tmp_path / "cert.pem", key=tmp_path / "key.pem"))


def test_behind_proxy_when_the_proxy_names_the_visitor_then_that_is_the_address() -> None:
    seen: list[str] = []

    def inner(environ, start_response):
        seen.append(environ["REMOTE_ADDR"])
        return []

    app = behind_proxy(inner)

    app(
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.1.2.3"}, print
    )  # the first one is the visitor's claim
    app({"REMOTE_ADDR": "127.0.0.1"}, print)

    assert seen == ["10.1.2.3", "127.0.0.1"]


def test_keeper_when_the_process_dies_then_it_is_started_again_and_stopped_in_the_end() -> None:
    wait = "import sys; sys.stdin.read()"
    keeper = WorkerKeeper([sys.executable, "-c", wait], restart_seconds=0.01)
    keeper.start()
    first = keeper._process
    assert first is not None
    first.kill()
    end = time.monotonic() + 30
    while keeper.starts < 2 and time.monotonic() < end:
        time.sleep(0.01)

    keeper.stop()

    assert keeper.starts == 2
    assert keeper._process is not None
    assert keeper._process.returncode == 0


def test_check_when_deployed_with_https_then_django_finds_nothing(tmp_path) -> None:
    variables = {**os.environ, "JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_HTTPS": "1", "JUNHENG_HOSTS": "a.example"}
    command = [sys.executable, "-m", "junheng", "manage", "check", "--deploy", "--fail-level", "INFO"]

    done = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("end", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.slow(seconds=5))])
def test_serve_when_it_ends_or_is_killed_then_nothing_of_it_stays(tmp_path, end) -> None:
    port = 18743
    variables = {**os.environ, "JUNHENG_DATA_DIR": str(tmp_path), "JUNHENG_HOSTS": "", "JUNHENG_DATABASE_URL": ""}
    variables.pop("JUNHENG_HTTPS", None)
    command = [sys.executable, "-m", "junheng", "serve", "--port", str(port), "--workers", "1"]
    # The worker and the web process share the output: it ends when the last of them has ended.
    with subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        status = wait_for(f"http://127.0.0.1:{port}/jobs/")
        server.send_signal(end)
        server.communicate(timeout=60)

    assert status == 302  # to the sign-in page
    assert server.returncode == (0 if end is signal.SIGTERM else -signal.SIGKILL)


def wait_for(address: str, seconds: float = 60) -> int:
    """The status of the first answer, before any redirect."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments):
            return None

    opener = urllib.request.build_opener(Stay)
    end = time.monotonic() + seconds
    while True:
        try:
            with opener.open(address, timeout=5) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
