"""The functions that Step Functions adds to JSONata's own: how many arguments, and which hashes.

https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
"""

from __future__ import annotations

import pytest

from tests.asl.samples import assert_told_apart, output

X = "$states.input"


@pytest.mark.parametrize(
    ("illegal", "sentence", "legal"),
    [
        (f"$partition({X}.a)", "$partition 1 arguments, and it takes 2", f"$partition({X}.a, 4)"),
        (f"$partition({X}.a, 4, 1)", "$partition 3 arguments", f"{X}.a ~> $partition(4)"),
        ("$range(0, 10)", "$range 2 arguments, and it takes 3", "$range(0, 10, 2)"),
        ("$range(0, 10, 2, 1)", "$range 4 arguments", "[0..10]"),
        (f"$hash({X}.a)", "$hash 1 arguments, and it takes 2", f"$hash({X}.a, 'MD5')"),
        (f"{X}.a ~> $hash('a', 'MD5')", "$hash 3 arguments", f"{X}.a ~> $hash('MD5')"),
        ("$random(1, 2)", "$random 2 arguments, and it takes 0 or 1", "$random(1)"),
        ("$random(1, 2, 3)", "$random 3 arguments", "$random()"),
        ("$uuid(4)", "$uuid 1 arguments, and it takes 0", "$uuid()"),
        ("$parse()", "$parse 0 arguments, and it takes 1", f"$parse({X}.a)"),
        (f"$parse({X}.a, 'json')", "$parse 2 arguments", f"{X}.a ~> $parse"),
        (f"$eval({X}.a)", "calls $eval, which Step Functions does not have", f"$parse({X}.a)"),
    ],
)
def test_a_function_of_step_functions_own_has_its_number_of_arguments(
    illegal: str, sentence: str, legal: str
) -> None:
    assert_told_apart(output(illegal), sentence, output(legal))


@pytest.mark.parametrize(
    ("illegal", "legal"),
    [
        ("SHA1", "SHA-1"),
        ("SHA256", "SHA-256"),
        ("sha-256", "SHA-256"),
        ("SHA-224", "SHA-384"),
        ("SHA3-512", "SHA-512"),
        ("md5", "MD5"),
        ("MD-5", "MD5"),
        ("", "MD5"),
        ("SHA-1 ", "SHA-1"),
        ("CRC32", "SHA-1"),
    ],
)
def test_a_hash_that_the_function_does_not_know_is_refused(illegal: str, legal: str) -> None:
    assert_told_apart(
        output(f"$hash({X}.a, '{illegal}')"),
        f"Output calls $hash with '{illegal}'",
        output(f"$hash({X}.a, '{legal}') & $hash({X}.a, {X}.algorithm)"),
    )


def test_a_function_of_an_expressions_own_may_take_what_it_likes() -> None:
    shadow = "($hash := function($x) { $x }; $hash('a'))"
    assert_told_apart(output("$hash('a')"), "$hash 1 arguments", output(shadow))
