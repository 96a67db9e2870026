"""Which of two visibilities lets in fewer."""

from itertools import product

import pytest

from shared.complaints.visibility import PRIVATE, PUBLIC, SECRET, stricter

ORDER = [PUBLIC, PRIVATE, SECRET]


@pytest.mark.parametrize(("one", "other"), list(product(ORDER, ORDER)))
def test_the_stricter_of_two_is_the_one_that_fewer_may_read(one, other):
    assert stricter(one, other) == ORDER[max(ORDER.index(one), ORDER.index(other))]
