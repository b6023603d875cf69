"""Which numbers of tables with totals are not given out: small ones, and those from which these could be worked out.

A number from one to four is hidden, and so are the parts of a total that is so small, noughts among them, for they
say what all of those few have in common. Whoever reads the rest knows every sum. So each hidden number is made part of
an exchange of hidden ones: some grow, others shrink, and every sum and all that is given out stay what they are. It can
be made so often that the number might be any of four at least; of a row that is left out of a table, any of two.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import product
from math import inf
from typing import NamedTuple

SMALLEST = 5  # the smallest number above nought that is given out
MOST = 3  # one in so many parts of a row may be small
ROOM = SMALLEST - 2  # between the least and the greatest that a hidden number may be taken for

Cell = tuple[str, str]  # a group and a row
Exchange = Mapping[Cell, int]  # a cell -> 1 where it grows, -1 where it shrinks


class Sum(NamedTuple):
    """A total, and the cells that it is the total of."""

    whole: Cell
    parts: tuple[Cell, ...]


class Shape:
    """How tables are made: a column for everybody and one for each group of every dimension, a tree of rows.

    ``dimensions`` divide everybody, each in its own way; ``tree`` has the parts of each row that is a total.
    """

    def __init__(
        self, everybody: str, dimensions: Sequence[Sequence[str]], root: str, tree: Mapping[str, Sequence[str]]
    ):
        self.everybody, self.dimensions, self.root, self.tree = everybody, dimensions, root, tree

    @cached_property
    def paths(self) -> dict[str, tuple[str, ...]]:
        """Each row that is no total -> the rows that it is counted in, itself and the root among them."""
        found: dict[str, tuple[str, ...]] = {}

        def walk(row: str, above: tuple[str, ...]) -> None:
            for part in self.tree.get(row, ()):
                walk(part, (row, *above))
            if row not in self.tree:
                found[row] = (row, *above)

        walk(self.root, ())
        return found

    @property
    def groups(self) -> list[str]:
        """Every column."""
        return [self.everybody, *(group for groups in self.dimensions for group in groups)]

    @property
    def sums(self) -> list[Sum]:
        """Everything that a reader knows to hold."""
        rows = dict.fromkeys(row for path in self.paths.values() for row in path)
        down = [
            Sum((group, row), tuple((group, part) for part in parts))
            for group in self.groups
            for row, parts in self.tree.items()
        ]
        across = [
            Sum((self.everybody, row), tuple((group, row) for group in groups))
            for groups in self.dimensions
            for row in rows
        ]
        return down + across

    def price(self, cell: Cell) -> int:
        """What it costs a reader not to be told a number: totals cost more than parts."""
        group, row = cell
        return (6 if group == self.everybody else 1) * (8 if row == self.root else 3 if row in self.tree else 1)

    def exchanges(self, cell: Cell) -> Iterator[Exchange]:
        """Exchanges in which a cell grows."""
        group, row = cell
        inside = [leaf for leaf, path in self.paths.items() if row in path]
        others = [leaf for leaf in self.paths if leaf not in inside]
        beside = next(([one for one in groups if one != group] for groups in self.dimensions if group in groups), [])
        for leaf in inside:
            for other_group in beside:  # somebody moves from one group to another, and perhaps somebody else back
                yield self._moved([(group, leaf, 1), (other_group, leaf, -1)])
                for other in others:
                    there = [(other_group, leaf, -1), (other_group, other, 1)]
                    yield self._moved([(group, leaf, 1), (group, other, -1), *there])
            for chosen in product(*([group] if group in groups else groups for groups in self.dimensions)):
                columns = (self.everybody, *chosen)  # somebody counts in another row, or comes in addition
                for other in others:
                    yield self._moved([(one, *way) for one in columns for way in ((leaf, 1), (other, -1))])
                yield self._moved([(one, leaf, 1) for one in columns])

    def _moved(self, moves: Sequence[tuple[str, str, int]]) -> Exchange:
        weights: dict[Cell, int] = {}
        for group, leaf, way in moves:
            for row in self.paths[leaf]:
                weights[group, row] = weights.get((group, row), 0) + way
        return {cell: weight for cell, weight in weights.items() if weight}


def too_fine(values: Mapping[Cell, int], shape: Shape) -> frozenset[Cell]:
    """The parts of those rows of which so many are small that to hide these would hide the totals with them.

    They are left out of every group, or where they are small among everybody too, out of the tables.
    """
    found: set[Cell] = set()
    for row, parts in shape.tree.items():
        if row != shape.root:
            whole = [(shape.everybody, part) for part in parts]
            if (shape.everybody, row) in found or _mostly_small(values, whole):
                found.update(whole)
            divided = [(group, part) for groups in shape.dimensions for group in groups for part in parts]
            if found.issuperset(whole) or _mostly_small(values, divided):
                found.update(divided)
    return frozenset(found)


def _mostly_small(values: Mapping[Cell, int], cells: Sequence[Cell]) -> bool:
    counted = [values[cell] for cell in cells if values[cell]]
    return sum(value < SMALLEST for value in counted) * MOST > len(counted)


def hidden(values: Mapping[Cell, int], shape: Shape, left_out: AbstractSet[Cell] = frozenset()) -> frozenset[Cell]:
    """The cells that are not to be given out: what is left out anyhow, the small ones, and others to shield these."""
    small = {cell for cell, value in values.items() if 0 < value < SMALLEST}
    small.update(*(set(one.parts) - left_out for one in shape.sums if 0 < values[one.whole] < SMALLEST))
    kept_back, safe = small | left_out, set[Cell]()
    # How far each number may fall: what is not nought is taken to stay so, for a reader knows that noughts are seldom
    # hidden; of what is left out anyhow nobody knows even that.
    falls = {cell: value if cell in left_out else max(value - 1, 0) for cell, value in values.items()}
    for cell in sorted(small, key=lambda cell: (-shape.price(cell), cell)):
        if cell not in safe:
            cheapest = _cheapest(cell, falls, shape, kept_back, 1 if cell in left_out else ROOM)
            kept_back.update(cheapest)
            safe.update(cheapest)
    return frozenset(kept_back)


def _cheapest(cell: Cell, falls: Mapping[Cell, int], shape: Shape, kept_back: AbstractSet[Cell], need: int) -> Exchange:
    """Of the exchanges with the room that is needed that one for which least more is hidden, and the smallest numbers.

    There always is one: where somebody may come in addition, to every total, nothing bounds it.
    """
    found: Exchange = {}
    least: tuple[float, int] = (inf, 0)
    for exchange in shape.exchanges(cell):
        more = [one for one in exchange if one not in kept_back]
        cost = sum(map(shape.price, more)), sum(falls[one] for one in more)
        if cost < least and room(falls, exchange) >= need:
            found, least = exchange, cost
            if not more:
                break
    return found


def room(falls: Mapping[Cell, int], exchange: Exchange) -> float:
    """How often an exchange can be made, both ways taken together, until something would have fallen too far."""
    there = [falls[cell] for cell, way in exchange.items() if way < 0]
    back = [falls[cell] for cell, way in exchange.items() if way > 0]
    return min(there, default=inf) + min(back, default=inf)
