"""The accounts of the ledger, by name. Debits are positive, credits negative."""

from typing import Final

REFUNDS_PAYABLE: Final = "refunds_payable"
BANK: Final = "bank"

REVENUE: Final = "revenue:"
CLEARING: Final = "clearing:"
MDR: Final = "mdr:"
SUSPENSE: Final = "suspense:"


def clearing(provider: str) -> str:
    """Return the account of what a provider holds for us."""
    return f"{CLEARING}{provider}"


def mdr(provider: str) -> str:
    """Return the account of what a provider keeps for its service."""
    return f"{MDR}{provider}"


def revenue(agency: str, budget_code: str) -> str:
    """Return the account of an agency's revenue under a code of its budget."""
    return f"{REVENUE}{agency}:{budget_code}"


def suspense(reason: str) -> str:
    """Return the account of money whose place somebody has to find, by what is wrong with it."""
    return f"{SUSPENSE}{reason}"


def is_revenue(account: str) -> bool:
    """Tell whether an account is revenue."""
    return account.startswith(REVENUE)


def agency_and_budget(account: str) -> tuple[str, str]:
    """Return the agency and the budget code of a revenue account."""
    agency, _, budget_code = account.removeprefix(REVENUE).partition(":")
    return agency, budget_code
