"""Passwords that the local cloud makes."""

import string

import pytest

from local.deploy import DeployError, up

from .conftest import Recorder, Write

PASSWORD = """
import pulumi_random
made = pulumi_random.RandomPassword({name!r}, length=64, {more})
pulumi.export("made", made.result)
"""


def password(project: Write, cloud: Recorder, more: str = "", name: str = "key") -> str:
    program = PASSWORD.format(name=name, more=more)
    return str(up(project(program), "dev", cloud).outputs["made"])


def test_a_password_is_the_same_at_a_second_up(project: Write, recorder: Recorder) -> None:
    made = password(project, recorder)
    assert len(made) == 64
    assert password(project, recorder) == made


def test_another_cloud_another_name_and_other_keepers_give_another_password(
    project: Write, recorder: Recorder
) -> None:
    made = {
        password(project, recorder),
        password(project, Recorder()),
        password(project, recorder, name="other"),
        password(project, recorder, "keepers={'made': 'today'}"),
    }
    assert len(made) == 4


@pytest.mark.parametrize(
    ("more", "allowed"),
    [
        ("special=False", string.ascii_letters + string.digits),
        ("special=False, upper=False, lower=False", string.digits),
        ("numeric=False, lower=False, special=False", string.ascii_uppercase),
    ],
)
def test_a_password_has_characters_of_the_chosen_classes_only(
    project: Write, recorder: Recorder, more: str, allowed: str
) -> None:
    assert set(password(project, recorder, more)) <= set(allowed)


def test_a_password_of_no_characters_is_refused(project: Write, recorder: Recorder) -> None:
    none = "special=False, upper=False, lower=False, numeric=False"
    with pytest.raises(DeployError, match="one of lower, numeric, special and upper must be true"):
        password(project, recorder, none)


def test_a_password_is_shown_in_no_registration(project: Write, recorder: Recorder) -> None:
    program = PASSWORD.format(name="key", more="") + "aws.sqs.Queue('q', tags={'k': made.result})"
    deployment = up(project(program), "dev", recorder)
    assert recorder.params("create_queue")[0]["tags"] == {"k": deployment.outputs["made"]}
    assert deployment.outputs["made"] not in repr(deployment.registrations)
