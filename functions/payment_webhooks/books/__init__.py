"""The ledger's books: seals, totals, revenue, reconciliation and payouts."""
