"""Orders, tickets, tax bills, refunds and marketplaces' sales."""
