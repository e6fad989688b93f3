"""What it means to meet an expectation."""

from decimal import Decimal

from local.expectations import unmet


def test_more_than_expected_in_an_object_is_fine() -> None:
    assert (
        unmet({"order": {"State": "FAILED"}}, {"order": {"State": "FAILED", "Reason": "x"}}) == []
    )


def test_a_field_that_differs_is_named_with_both_values() -> None:
    assert unmet({"order": {"State": "FAILED"}}, {"order": {"State": "PROCESSED"}}) == [
        'order.State is "PROCESSED"; expected "FAILED"'
    ]


def test_a_missing_field_is_named() -> None:
    assert unmet({"order": {"Reason": "x"}}, {"order": {}}) == [
        'order.Reason is missing; expected "x"'
    ]


def test_expecting_null_is_met_by_a_missing_field() -> None:
    assert unmet({"order": {"Reason": None}}, {"order": {}}) == []


def test_a_list_must_have_exactly_the_expected_elements() -> None:
    assert unmet({"events": [{"a": 1}]}, {"events": [{"a": 1, "b": 2}]}) == []
    assert unmet({"events": []}, {"events": [1]}) == ["events has 1 elements; expected 0"]


def test_one_is_not_true() -> None:
    assert unmet({"met": True}, {"met": 1}) == ["met is 1; expected true"]


def test_numbers_are_equal_by_value() -> None:
    assert unmet({"seconds": Decimal("0.5")}, {"seconds": 0.5}) == []


def test_a_fraction_is_shown_as_it_was_written() -> None:
    assert unmet({"seconds": Decimal("0.5")}, {"seconds": 1}) == ["seconds is 1; expected 0.5"]


def test_an_object_expected_where_there_is_none_is_unmet() -> None:
    assert unmet({"order": {"State": "FAILED"}}, {"order": None}) == [
        'order is null; expected {"State": "FAILED"}'
    ]
