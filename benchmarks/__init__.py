"""What each operation costs and how fast it is, beside baselines and under budgets."""
