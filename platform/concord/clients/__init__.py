"""Clients of the HTTP service for other frameworks; each imports its framework, and nothing else of Concord."""
