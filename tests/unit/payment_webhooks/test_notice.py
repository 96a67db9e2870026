"""What a provider tells, in one form."""

import pytest

from functions.payment_webhooks.notice import STATUSES, UNKNOWN, Notice


def a_notice(status):
    return Notice(
        provider="midtrans", transaction_id="t-1", status=status, raw_status=status, proven=False
    )


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_every_status_of_the_provider_is_known(status):
    assert a_notice(status).is_known


def test_a_status_that_no_document_names_is_not_known():
    assert not a_notice(UNKNOWN + "settlementt").is_known
