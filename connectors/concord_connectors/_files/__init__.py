"""Parts of the files connector: walking a tree, and reading a file without leaving it."""
