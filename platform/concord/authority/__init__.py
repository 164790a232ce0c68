"""Claims, conflict sets, the policy and the decision which source wins."""
