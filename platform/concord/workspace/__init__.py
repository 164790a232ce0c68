"""The workspace's files: read, validated and fingerprinted."""
