"""Every way a run can fail, told in sentences."""

import gc
import logging
from pathlib import Path

import pytest

from local.deploy import DeployError, preview, up

from .conftest import Recorder, Write


def failures(root: Path, recorder: Recorder | None = None) -> list[str]:
    with pytest.raises(DeployError) as caught:
        up(root, "dev", recorder) if recorder else preview(root)
    assert str(caught.value) == "\n".join(caught.value.failures)
    return caught.value.failures


@pytest.mark.parametrize(
    ("program", "failure"),
    [
        ("def f():\n    return {}['x']\nf()", "__main__.py line 3: KeyError: 'x'"),
        ("raise pulumi.RunError('set the region')", "__main__.py line 2: set the region"),
        ("raise SystemExit(3)", "__main__.py line 2: SystemExit: 3"),
        ("def (:", "SyntaxError: invalid syntax (__main__.py, line 2)"),
        ("aws.sqs.Queue('a', 5)", "__main__.py line 2: TypeError: Expected opts2"),
        (
            "aws.sqs.Queue('a', name=aws.sqs.Queue('b').name.apply(lambda name: name.nope))",
            "__main__.py line 2: AttributeError: 'str' object has no attribute 'nope'",
        ),
        ("pulumi.log.error('no quota')", "no quota"),
        (
            "aws.sqs.Queue('a')\naws.sqs.Queue('a')",
            "aws:sqs/queue:Queue 'a': the program registers it twice, under one URN.",
        ),
        (
            "aws.sqs.Queue('a' * 80)",
            f"aws:sqs/queue:Queue '{'a' * 80}': its name '{'a' * 80}-",
        ),
        (
            "aws.sqs.Queue('a', opts=pulumi.ResourceOptions(import_='http://a'))",
            "aws:sqs/queue:Queue 'a': it cannot be imported, because the cloud starts empty.",
        ),
        (
            "aws.sqs.Queue.get('a', 'http://a')",
            "aws:sqs/queue:Queue 'a' cannot be read: the cloud holds only this program's own",
        ),
        (
            "aws.get_availability_zones()",
            "__main__.py line 2: Exception: invoke of aws:index/getAvailabilityZones:"
            "getAvailabilityZones failed: the local cloud does not answer it",
        ),
        (
            "def broken(args):\n    raise ValueError('no tags')\n"
            "aws.sqs.Queue('a', opts=pulumi.ResourceOptions(transforms=[broken]))",
            "aws:sqs/queue:Queue 'a': a transform failed: ",
        ),
    ],
)
def test_a_preview_tells_what_is_wrong(project: Write, program: str, failure: str) -> None:
    [told] = failures(project(program))
    assert told.startswith(failure)


def test_an_error_that_many_resources_share_is_told_once_with_its_line(project: Write) -> None:
    program = """
name = aws.sqs.Queue("a").name.apply(lambda name: 1 / 0)
aws.sqs.Queue("b", name=name)
aws.sqs.Queue("c", name=name)
pulumi.export("name", name)
"""
    told = failures(project(program))
    assert told == ["__main__.py line 3: ZeroDivisionError: division by zero"]


def test_a_missing_file_of_an_archive_is_told_with_its_function(project: Write) -> None:
    root = project("aws.lambda_.LayerVersion('l', layer_name='l', code=pulumi.FileArchive('x'))")
    layer = "aws:lambda/layerVersion:LayerVersion 'l'"
    assert failures(root) == [f"{layer}: {root / 'x'} is to be packed but does not exist."]


def test_all_failures_of_a_run_are_told(project: Write, recorder: Recorder) -> None:
    program = """
aws.sqs.Queue("far", region="eu-west-1")
aws.glue.Registry("odd", registry_name="odd")
alarm = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}
aws.cloudwatch.MetricAlarm("alarm", evaluation_interval=30, **alarm)
index = {"name": "by", "hash_key": "a", "projection_type": "ALL"}
limit = {"on_demand_throughput": {"max_read_request_units": 1}}
aws.dynamodb.Table(
    "table", hash_key="a", attributes=[{"name": "a", "type": "S"}],
    replicas=[{"region_name": "eu-west-1"}], global_secondary_indexes=[index | limit],
)
aws.sqs.Queue("fine")
raise ValueError("and the program itself")
"""
    *told, last = failures(project(program), recorder)
    assert sorted(told) == [
        "aws:cloudwatch/metricAlarm:MetricAlarm 'alarm':"
        " the local cloud does not honour evaluationInterval.",
        "aws:dynamodb/table:Table 'table': the local cloud does not honour"
        " globalSecondaryIndexes.onDemandThroughput, replicas.",
        "aws:glue/registry:Registry 'odd': the local cloud cannot create this type.",
        "aws:sqs/queue:Queue 'far': region eu-west-1 is not the local cloud's, us-east-1.",
    ]
    assert last == "__main__.py line 14: ValueError: and the program itself"
    assert [name for _, name, _ in recorder.calls] == ["create_queue"]


def test_a_provider_of_another_region_or_with_tags_is_refused(
    project: Write, recorder: Recorder
) -> None:
    program = """
far = aws.Provider("far", region="eu-west-1")
aws.Provider("tags", default_tags={"tags": {"team": "shop"}})
aws.sqs.Queue("q", opts=pulumi.ResourceOptions(provider=far))
"""
    assert sorted(failures(project(program), recorder)) == [
        "pulumi:providers:aws 'far': region eu-west-1 is not the local cloud's, us-east-1.",
        "pulumi:providers:aws 'tags': the local cloud does not honour defaultTags.",
    ]
    assert recorder.calls == []


def test_a_setting_of_the_provider_that_cannot_be_honoured_is_named(
    project: Write, recorder: Recorder
) -> None:
    dev = "config: {'aws:profile': shop, 'aws:defaultTags': {tags: {team: shop}}}"
    assert failures(project(dev=dev), recorder) == [
        "The local cloud does not honour the setting aws:defaultTags."
    ]


def test_what_depends_on_a_failed_resource_is_not_tried(project: Write, recorder: Recorder) -> None:
    program = """
odd = aws.glue.Registry("odd", registry_name="odd")
after = aws.sqs.Queue("after", opts=pulumi.ResourceOptions(depends_on=[odd]))
aws.sqs.QueuePolicy("policy", queue_url=after.url, policy="{}")
aws.sqs.Queue("tagged", tags={"odd": odd.arn})
"""
    assert failures(project(program), recorder) == [
        "aws:glue/registry:Registry 'odd': the local cloud cannot create this type."
    ]
    assert recorder.calls == []


def test_an_output_the_local_cloud_does_not_give_is_told_where_it_is_used(
    project: Write, recorder: Recorder
) -> None:
    program = """
topic = aws.sns.Topic("topic")
aws.sqs.Queue("q", tags={"since": topic.beginning_archive_time})
"""
    assert failures(project(program), recorder) == [
        "aws:sqs/queue:Queue 'q': the local cloud gives no value for what tags.since refers to."
    ]


@pytest.mark.filterwarnings("error")
def test_a_failing_output_floods_nothing(
    project: Write, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    program = """
name = aws.sqs.Queue("a").name.apply(lambda name: 1 / 0)
for number in range(20):
    aws.sqs.Queue(f"q{number}", name=name)
    pulumi.export(f"o{number}", name)
"""
    with caplog.at_level(logging.INFO):
        assert len(failures(project(program))) == 1
        gc.collect()
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


def test_a_warning_of_the_program_is_logged_and_harmless(
    project: Write, caplog: pytest.LogCaptureFixture
) -> None:
    preview(project("pulumi.log.warn('check the quota')"))
    assert "check the quota" in caplog.text


def test_a_failed_run_does_not_spoil_the_next(project: Write) -> None:
    failures(project("raise ValueError('first')"))
    assert len(preview(project("aws.sqs.Queue('a')"))) == 2
