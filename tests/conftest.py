"""How properties are tried: many examples, no clock, no files left behind."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "project", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")
