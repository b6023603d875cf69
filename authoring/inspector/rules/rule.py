"""What a rule of the inspector is made of."""

from typing import NamedTuple


class Rule(NamedTuple):
    """What is asked, how to mend a breach, which LMS cares, an example of a breach and the same example mended."""

    asks: str
    mend: str
    lms: str
    wrong: str
    right: str
    severity: str = "error"


WARNING = "warning"
EVERY = "every LMS"
ADL = "ADL’s test suite"
