from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kubernetes.utils.quantity import parse_quantity

from keras_remote_gke import quantities

NUMBERS = st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,6})?", fullmatch=True)
SUFFIXES = st.sampled_from(
  ["", "n", "u", "m", "k", "M", "G", "T", "P", "E"]
  + ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
)


@given(NUMBERS, SUFFIXES)
def test_an_amount_is_what_kubernetes_makes_of_it(number, suffix):
  text = f"{number}{suffix}"
  assert quantities.amount(text) == parse_quantity(text)


@given(st.integers(0, 10**9), st.integers(-9, 9))
def test_an_exponent_is_one_of_ten(number, power):
  expected = Decimal(number).scaleb(power)
  assert quantities.amount(f"{number}e{power}") == expected
  assert quantities.amount(f"{number}E{power}") == expected


@given(st.text())
def test_any_text_is_a_quantity_or_refused(text):
  for convert in (quantities.cpus, quantities.size):
    try:
      kept = convert(text)
    except ValueError as error:
      assert "such as" in str(error)
    else:
      assert convert(kept) == kept == text.strip()
      assert quantities.amount(kept) > 0


@given(st.integers(1, 10_000))
def test_cpus_can_be_given_as_a_number(number):
  assert quantities.amount(quantities.cpus(number)) == number


@pytest.mark.parametrize("text", ["1.5Gi", ".5Gi", "2.Gi", "1e9", "1073741824"])
def test_sizes_are_accepted_in_every_form_that_kubernetes_has(text):
  assert quantities.size(text) == text


@pytest.mark.parametrize(
  "text", ["", "Gi", "1 Gi", "1gi", "\uff11Gi", "1e", "1Gi\n2"]
)
def test_what_kubernetes_would_refuse_is_refused_here(text):
  with pytest.raises(ValueError, match="such as 16Gi"):
    quantities.size(text)
