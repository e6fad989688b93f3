"""Text of people: every script, and for people to read every sign."""

import pytest

from handlers.shared.rules.field_names import shown
from handlers.shared.rules.text import is_padded, is_plain, is_prose, visible


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
    assert is_prose(text)


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
def test_control_characters_and_pictures_are_in_no_id(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "№ 5 ℅ Smith",
        "〒100-0001",
        "㈱山田商店",
        "-5 ℃ ★ ✓ ☎",
        "gift 🎁 ❤️ 👩‍🚀",
        "רח׳ \u200f5",
        "˚゛",
    ],
)
def test_what_people_read_may_have_every_sign(text: str) -> None:
    assert is_prose(text)


@pytest.mark.parametrize(
    "character",
    "\x00\x07\t\n\r\x1b\x7f\x85\xad\u200b\u2028\u202a\u202e\u2066\u2069\ufeff\ud800\ue000\uffff"
    "\U000e0041",
    ids=ascii,
)
def test_what_has_no_shape_or_overrides_the_direction_is_no_prose(character: str) -> None:
    assert not is_prose(character)
    assert not is_plain(character)


def test_what_is_shown_of_a_strangers_text_is_one_line_without_what_is_no_prose() -> None:
    assert visible(" red\u202e lamp\x00\nwith\t ★ \x1b[31m") == "red lamp with ★ [31m"


@pytest.mark.parametrize(
    "text", [" a", "a ", "\u00a0a", "a\u3000", "\u200da", "a\u200c", " ", "a\n", "\u200fa"]
)
def test_text_with_something_invisible_at_an_edge_is_padded(text: str) -> None:
    assert is_padded(text)


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
