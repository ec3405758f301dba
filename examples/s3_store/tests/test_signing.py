"""Requests are signed as Amazon says, and no secret leaves with them.

The signatures are those of the examples in Amazon's own documentation of
"Signature Calculations for the Authorization Header".
"""

from __future__ import annotations

import datetime

import hypothesis
import pytest
from hypothesis import strategies
from keras_remote_s3.s3_remote import signing
from keras_remote_s3.s3_remote.access import Access
from keras_remote_s3.s3_remote.signing import Request

MOMENT = datetime.datetime(2013, 5, 24, tzinfo=datetime.UTC)
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
ACCESS = Access(
  key="AKIAIOSFODNN7EXAMPLE",
  secret=SECRET,
  token="",
  region="us-east-1",
  endpoint="https://examplebucket.s3.amazonaws.com",
)
EXAMPLES = {
  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41": Request(
    "GET", "/test.txt", headers={"Range": "bytes=0-9"}
  ),
  "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd": Request(
    "PUT",
    "/test$file.text",
    headers={
      "Date": "Fri, 24 May 2013 00:00:00 GMT",
      "x-amz-storage-class": "REDUCED_REDUNDANCY",
    },
    body=b"Welcome to Amazon S3.",
  ),
  "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543": Request(
    "GET", "/", {"lifecycle": ""}
  ),
  "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7": Request(
    "GET", "/", {"max-keys": "2", "prefix": "J"}
  ),
}
NAMES = strategies.text("ABCxyz-", min_size=1, max_size=8)
TEXTS = strategies.text(max_size=20)


@pytest.mark.parametrize("signature", EXAMPLES)
def test_amazons_examples_get_amazons_signatures(signature):
  headers = signing.signed(EXAMPLES[signature], ACCESS, MOMENT)
  assert headers["Authorization"].endswith(f",Signature={signature}")


@hypothesis.given(strategies.dictionaries(NAMES, TEXTS))
def test_the_order_of_a_query_makes_no_difference(query):
  backwards = dict(reversed(query.items()))
  one, other = (Request("GET", "/", each) for each in (query, backwards))
  assert signing.target(one) == signing.target(other)
  assert signing.signed(one, ACCESS, MOMENT) == signing.signed(
    other, ACCESS, MOMENT
  )


@hypothesis.given(TEXTS, TEXTS)
def test_a_name_is_sent_as_ascii_and_cannot_become_a_query(path, value):
  sent = signing.target(Request("GET", f"/bucket/{path}", {"prefix": value}))
  assert sent.isascii()
  assert sent.isprintable()
  assert " " not in sent
  assert sent.count("?") == sent.count("=") == 1


@hypothesis.given(strategies.binary(max_size=64), TEXTS)
def test_no_header_holds_the_secret(body, path):
  headers = signing.signed(Request("PUT", path, body=body), ACCESS, MOMENT)
  assert SECRET not in repr(headers)


def test_a_temporary_keys_token_is_sent_and_signed():
  access = Access("key", "secret", "token", "eu-west-1", "http://here:9000")
  headers = signing.signed(Request("GET", "/"), access, MOMENT)
  assert headers["X-Amz-Security-Token"] == "token"
  assert "x-amz-security-token," in headers["Authorization"]
  assert headers["Host"] == "here:9000"


def test_a_key_is_not_shown():
  access = Access("key", SECRET, "its-token", "eu-west-1", "http://here")
  assert SECRET not in repr(access)
  assert "its-token" not in repr(access)


@pytest.mark.parametrize(
  ("environ", "endpoint", "region"),
  [
    ({}, "https://s3.us-east-1.amazonaws.com", "us-east-1"),
    (
      {"AWS_DEFAULT_REGION": "eu-west-1"},
      "https://s3.eu-west-1.amazonaws.com",
      "eu-west-1",
    ),
    (
      {"AWS_ENDPOINT_URL": "http://a", "AWS_REGION": "auto"},
      "http://a",
      "auto",
    ),
    (
      {"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://b/"},
      "http://b",
      "us-east-1",
    ),
  ],
)
def test_the_environment_says_where_to_ask(environ, endpoint, region):
  keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
  access = Access.of({**keys, **environ})
  assert (access.endpoint, access.region) == (endpoint, region)


def test_a_missing_key_is_named():
  with pytest.raises(PermissionError, match=r"^AWS_SECRET_ACCESS_KEY not set"):
    Access.of({"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": ""})
