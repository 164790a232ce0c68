"""The catalog: every table, migration and query; the source of truth."""
