"""What documents answer to a question as it is worded, and where their answers differ."""

from concord.authority.answers.disagreement import find_disagreement

__all__ = ["find_disagreement"]
