"""The labels of distributed Maps, each of which becomes a part of the ARN of its Map Runs.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html, Label.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from asl.checks.placeholders import is_filled_in
from asl.checks.problems import Problem, shown
from asl.walk import Visit, states

_MAX: Final = 40  # characters
_REFUSED: Final = re.compile(r"[\s?*<>{}\[\]:;,\\|^~$#%&`\"\x00-\x1f\x7f-\x9f]")


def label_problems(visit: Visit) -> Iterator[str]:
    """What is wrong with the label of a Map state."""
    label = visit.state.get("Label")
    if not isinstance(label, str) or is_filled_in(label):
        return
    if not 0 < len(label) <= _MAX:
        yield f"Label must have 1 to {_MAX} characters, not {len(label)}"
    if found := _REFUSED.search(label):
        yield (
            f"Label must not have {shown(found[0])}: it takes no space, no control character "
            'and none of ? * < > { } [ ] : ; , \\ | ^ ~ $ # % & ` "'
        )


def repeated_labels(definition: Any) -> Iterator[Problem]:
    """Labels given twice: they are unique in the whole definition."""
    labelled = [(visit.name, visit.state.get("Label")) for visit in states(definition)]
    counts = Counter(label for _, label in labelled if isinstance(label, str))
    for name, label in labelled:
        if isinstance(label, str) and counts[label] > 1:
            yield Problem(name, f"the Label {shown(label)} is given {counts[label]} times")
