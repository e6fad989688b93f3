"""Breaking text into lines by the columns that it takes: a wide character takes two."""

from rich.cells import cell_len

_NARROWEST = 20


def hanging(text: str, width: int, label: str, indent: str) -> list[str]:
    """The lines of a text, the first after a label, the others after an indent.

    A word that is longer than a line stays whole, so that it can be copied.

    Args:
        text: what is broken between its words.
        width: the columns of a line.
        label: what the first line begins with.
        indent: what the others begin with.
    """
    lines = [label]
    words = 0  # in the last line
    for word in text.split():
        if words and cell_len(lines[-1]) + 1 + cell_len(word) > max(width, _NARROWEST):
            lines.append(indent)
            words = 0
        lines[-1] += f" {word}" if words else word
        words += 1
    return lines
