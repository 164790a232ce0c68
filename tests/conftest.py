"""What holds for every test."""

from hypothesis import settings

settings.register_profile("concord", deadline=None)  # a test is about what is right, never about how long it took
settings.load_profile("concord")
