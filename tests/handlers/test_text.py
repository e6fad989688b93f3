"""Text of people: every script, no pictures, no card numbers."""

import pytest

from handlers.domain.names import shown
from handlers.domain.text import has_card_number, is_padded, is_plain


@pytest.mark.parametrize(
    "text",
    [
        "1 George Street, Singapore",
        "東京都　千代田区",
        "Ἀθῆναι",
        "می\u200cخواهم",
        "हिन्दी",
        "Nº 5 – ½ £3 ≥ 10 °C ©®™",
        "e\u0301",
        "O'Neil & Söhne <GmbH>",
    ],
)
def test_letters_digits_and_punctuation_of_every_script_are_plain(text: str) -> None:
    assert is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "tab\there",
        "line\nbreak",
        "null\x00",
        "del\x7f",
        "bidi\u202eoverride",
        "zero\u200bwidth",
        "lone\ud800surrogate",
        "smile 😀",
        "1\ufe0f\u20e3",
        "\u25fd",
        "❤",
        "🏽",
        "private\ue000",
    ],
)
def test_control_characters_and_pictures_are_not_plain(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", [" a", "a ", "\u00a0a", "a\u3000", "\u200da", "a\u200c", " "])
def test_text_with_something_invisible_at_an_edge_is_padded(text: str) -> None:
    assert is_padded(text)


@pytest.mark.parametrize(
    "text",
    [
        "4242424242424242",
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242 - 4242 - 4242 - 4242",
        "4242.4242.4242.4242",
        "4242\u200c4242\u20134242\u00a04242",
        "card4242424242424242x",
        "my card: 378282246310005, thanks",
        "1 4242 4242 4242 4242",
        "4242 4242 4242 4242 123",
        "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
        "\uff14\uff12" * 8,
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "42424242-4242-4242-4242-424242424242",
        "paid by e4a80412-fa39-4072-8850-05897fcc2d60",
    ],
)
def test_a_card_number_is_found_however_it_is_written(text: str) -> None:
    assert has_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242424242424241",
        "9999999999999995",
        "424242424242",
        "4242 4242 and 4242 4242",
        "00000000000042424242424242424242",
        "c-id-56392",
        "550e8400-e29b-41d4-a716-446655440000",
        "e4a80412-fa39-4072-8850-05897fcc2d60",
        "8EA959C1-7AB2-4078-9990-3304038EDF7B",
        "2026-01-01 10:00:00",
    ],
)
def test_what_could_not_be_charged_is_no_card_number(text: str) -> None:
    assert not has_card_number(text)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cvc", '"cvc"'),
        ("x" * 65, "a field with an overlong name"),
        ("4242424242424242", "a field with an unfit name"),
        ("a\nb", "a field with an unfit name"),
    ],
)
def test_a_strangers_field_name_is_shown_only_if_it_can_be(name: str, words: str) -> None:
    assert shown(name) == words
