"""The server that emulators stand on, over real sockets."""

from __future__ import annotations

import http.client
import ssl
import threading
from collections.abc import Iterator

import pytest
import requests
import trustme

from keras_remote_gcp.testing.server import (
  Fault,
  Request,
  Response,
  Server,
)


def echo(request: Request) -> Response:
  return Response(body=request.body or request.target.encode())


@pytest.fixture
def server() -> Iterator[Server]:
  with Server(echo) as running:
    yield running


@pytest.fixture
def session() -> Iterator[requests.Session]:
  with requests.Session() as made:
    yield made


def test_one_connection_serves_many_requests(server):
  connection = http.client.HTTPConnection("127.0.0.1", server.port)
  connection.connect()
  first = connection.sock
  for number in range(3):
    connection.request("GET", f"/{number}?a=b")
    assert connection.getresponse().read() == f"/{number}?a=b".encode()
  assert connection.sock is first
  connection.close()
  assert [each.path for each in server.requests] == ["/0", "/1", "/2"]
  assert server.requests[0].query == {"a": "b"}


def test_a_chunked_request_arrives_whole(server, session):
  answer = session.post(server.url, data=iter([b"one ", b"two"]))
  assert answer.content == b"one two"


def test_parts_arrive_as_they_are_made(session):
  go = threading.Event()

  def parts() -> Iterator[bytes]:
    yield b"early"
    go.wait(10)
    yield b""
    yield b"late"

  with Server(lambda _: Response(body=parts())) as server:
    answer = session.get(server.url, stream=True)
    arriving = answer.iter_content(None)
    assert next(arriving) == b"early"
    go.set()
    assert b"".join(arriving) == b"late"


def test_a_stream_ends_when_its_client_has_gone(session):
  ended = threading.Event()

  def parts() -> Iterator[bytes]:
    try:
      yield b"early"
      while not ended.wait(0.005):
        yield b""
    finally:
      ended.set()

  with Server(lambda _: Response(body=parts())) as server:
    answer = session.get(server.url, stream=True)
    assert next(answer.iter_content(5)) == b"early"
    answer.close()
    assert ended.wait(10)


def test_a_server_that_is_down_refuses_and_drops_connections(server, session):
  session.get(server.url)
  with server.down():
    with pytest.raises(requests.ConnectionError):
      session.get(server.url)
    with pytest.raises(requests.ConnectionError):
      requests.get(server.url)
  assert session.get(f"{server.url}/again").content == b"/again"


def test_a_mistake_in_a_handler_is_an_answer(session):
  def broken(request: Request) -> Response:
    raise LookupError("what was meant")

  with Server(broken) as server:
    answer = session.get(server.url)
  assert answer.status_code == 500
  assert "what was meant" in answer.text


def test_tls_is_spoken_with_the_certificate_given():
  authority = trustme.CA()
  served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
  authority.issue_cert("127.0.0.1").configure_cert(served)
  trusting = ssl.create_default_context()
  authority.configure_trust(trusting)
  with Server(echo, tls=served) as server:
    assert server.url.startswith("https://")
    connection = http.client.HTTPSConnection(
      "127.0.0.1", server.port, context=trusting
    )
    connection.request("GET", "/secret")
    assert connection.getresponse().read() == b"/secret"
    connection.close()


def test_what_is_said_in_tls_can_be_cut_off_as_well():
  authority = trustme.CA()
  served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
  authority.issue_cert("127.0.0.1").configure_cert(served)
  with (
    authority.cert_pem.tempfile() as trusted,
    Server(echo, tls=served) as server,
    requests.Session() as session,
  ):
    session.verify, session.trust_env = trusted, False
    session.get(server.url)
    with server.down(), pytest.raises(requests.ConnectionError):
      session.get(server.url)
    assert session.get(server.url).ok


def test_a_fault_happens_as_often_as_it_says(server, session):
  server.faults.inject(
    Fault(method="GET", path="/a.*", times=2, status=503, body=b"busy")
  )
  assert session.get(f"{server.url}/b").status_code == 200
  seen = [session.get(f"{server.url}/a1").status_code for _ in range(3)]
  assert seen == [503, 503, 200]
  assert server.faults.active == []


def test_a_fault_can_be_for_one_query_and_be_taken_back(server, session):
  server.faults.inject(Fault(query={"alt": "media"}, status=404))
  assert session.get(f"{server.url}/x?alt=json").ok
  server.faults.clear()
  assert session.get(f"{server.url}/x?alt=media&b=c").ok


def test_an_answer_after_the_fact_hides_what_was_done(session):
  done = []
  with Server(lambda request: Response(body=done.append(request) or b"")) as it:
    it.faults.inject(Fault(status=503, after=True), Fault(status=503))
    assert session.get(it.url).status_code == 503
    assert session.get(it.url).status_code == 503
  assert len(done) == 1


def test_a_cut_closes_the_connection_within_the_answers_body(server, session):
  server.faults.inject(Fault(cut=3))
  answer = session.post(server.url, data=b"abcdef", stream=True)
  assert answer.headers["Content-Length"] == "6"
  with pytest.raises(requests.exceptions.ChunkedEncodingError):
    _ = answer.content


def test_an_answer_can_be_lost_entirely(server, session):
  server.faults.inject(Fault(cut=-1))
  with pytest.raises(requests.ConnectionError):
    session.get(f"{server.url}/done")
  assert [each.path for each in server.requests] == ["/done"]


def test_a_cut_upload_is_carried_out_only_on_demand(session):
  done: list[bytes] = []
  with Server(
    lambda request: Response(body=done.append(request.body) or b"")
  ) as it:
    it.faults.inject(Fault(cut_upload=10), Fault(cut_upload=5, after=True))
    for _ in range(2):
      with pytest.raises(requests.ConnectionError):
        session.post(it.url, data=b"x" * 1_000_000)
  assert done == [b"xxxxx"]
