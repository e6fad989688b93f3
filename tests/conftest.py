"""How properties are tried: fifty examples each, no clock, no files left behind."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "project",
    max_examples=50,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")
