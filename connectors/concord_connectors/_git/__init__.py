"""Parts of the git connector: running git safely, and reading its tree, history, blame and blobs."""
