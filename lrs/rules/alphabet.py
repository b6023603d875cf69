"""The Welsh alphabet's order, in which ch comes after c, ng after g and ll after l."""

import re

# As the Unicode locale data of Welsh has it; k, q, v, x and z stand where visitors' names want them.
LETTERS = "a b c ch d dd e f ff g ng h i j k l ll m n o p ph q r rh s t th u v w x y z".split()  # noqa: SIM905
ORDER = {letter: place for place, letter in enumerate(LETTERS)}
LETTER = re.compile("ch|dd|ff|ng|ll|ph|rh|th|.", re.DOTALL)


def welsh_order(folded: str) -> tuple[tuple[int, str], ...]:
    """What a text without accents and capitals is sorted by, so that Lloyd comes after Lynne and Dda after Dylan.

    Two letters that make one are taken for that one everywhere: no rule tells the ng of Bangor from that of Angharad.
    What is no letter of the alphabet comes before it where it is a space or a sign, and after it where it is not.
    """
    return tuple(_place(letter) for letter in LETTER.findall(folded))


def _place(letter: str) -> tuple[int, str]:
    if letter in ORDER:
        return ORDER[letter], ""
    return (len(ORDER), letter) if letter.isalpha() else (-1, letter)
