"""Who may read what: the directory of principals and the access check."""
