"""`.sync` and its like on integrations that have none.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, machine, task


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        (
            "athena:getQueryResults.sync",
            "athena:getQueryResults has no .sync, only startQueryExecution",
            "athena:startQueryExecution.sync",
        ),
        (
            "codebuild:stopBuild.sync",
            "codebuild:stopBuild has no .sync, only startBuild",
            "codebuild:retryBuildBatch.sync",
        ),
        ("codebuild:batchGetReports.sync", "has no .sync", "codebuild:startBuildBatch.sync"),
        ("eks:call.sync", "eks:call has no .sync, only createCluster", "eks:runJob.sync"),
        (
            "elasticmapreduce:cancelStep.sync",
            "has no .sync, only createCluster",
            "elasticmapreduce:addStep.sync",
        ),
        (
            "emr-containers:createVirtualCluster.sync",
            "has no .sync",
            "emr-containers:deleteVirtualCluster.sync",
        ),
        (
            "sagemaker:createModel.sync",
            "sagemaker:createModel has no .sync",
            "sagemaker:createTrainingJob.sync",
        ),
        ("sagemaker:createEndpoint.sync", "has no .sync", "sagemaker:createTransformJob.sync"),
        ("bedrock:invokeModel.sync", "has no .sync", "bedrock:createModelCustomizationJob.sync"),
        ("dynamodb:putItem.sync", "dynamodb:putItem has no .sync", "dynamodb:putItem"),
        ("sqs:sendMessage.sync", "has no .sync", "sqs:sendMessage"),
        ("sns:publish.sync", "has no .sync", "sns:publish"),
        ("events:putEvents.sync", "has no .sync", "events:putEvents"),
        ("http:invoke.sync", "has no .sync", "http:invoke"),
        ("apigateway:invoke.sync", "has no .sync", "apigateway:invoke"),
        ("lambda:invoke.sync", "has no .sync", "lambda:invoke"),
        ("glue:startJobRun.sync:2", "glue has no .sync:2", "glue:startJobRun.sync"),
        ("ecs:runTask.sync:2", "ecs has no .sync:2", "states:startExecution.sync:2"),
        (
            "aws-sdk:sfn:startExecution.sync:2",
            "SDK integrations have no .sync:2",
            "aws-sdk:sfn:startSyncExecution",
        ),
        ("glue:startJobRun.waitForTaskToken", "glue has no .waitForTaskToken", "glue:startJobRun"),
        (
            "emr-serverless:startJobRun.waitForTaskToken",
            "has no .waitForTaskToken",
            "emr-serverless:stopApplication.sync",
        ),
    ],
)
def test_an_integration_does_not_wait_in_a_way_that_it_has_not(
    illegal: str, sentence: str, legal: str
) -> None:
    assert_told_apart(
        machine(task(f"arn:aws:states:::{illegal}")),
        sentence,
        machine(task(f"arn:aws:states:::{legal}")),
    )
