"""From evidence to a cited answer, or an abstention."""
