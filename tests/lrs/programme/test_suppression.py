"""No number that is kept back can be worked out of those that are given out, whatever the tables are like."""

from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.programme import rollup
from lrs.rules.outcomes import LEAVES, Placed
from lrs.rules.suppression import ROOM, SMALLEST, Shape, hidden, too_fine

TREE = {"all": ("done", "not"), "done": ("early", "late")}
LINE = {"all": ("x",)}


def table(groups, tree):
    """Numbers of tables that share a column for everybody; ``groups`` is dimension -> group -> leaf row -> number."""
    names = [[f"{dimension} {name}" for name in columns] for dimension, columns in groups.items()]
    shape = Shape("all", names, "all", tree)
    values = {(group, row): 0 for group in shape.groups for path in shape.paths.values() for row in path}
    for place, (dimension, columns) in enumerate(groups.items()):
        for name, column in columns.items():
            for leaf, number in column.items():
                for row in shape.paths[leaf]:
                    values[f"{dimension} {name}", row] += number
                    values["all", row] += 0 if place else number
    for one in shape.sums:
        assert values[one.whole] == sum(values[part] for part in one.parts)
    return values, shape


class Attack:
    """Whoever reads what is given out, and works out how far each hidden number may go: by linear programming.

    They are told which of the hidden numbers are not nought, but for those left out of the tables: more than anybody
    can know.

    ``rows`` are the sums with hidden cells in them, solved for a first corner; the last column is what they come to.
    """

    def __init__(self, values, shape, kept_back, left_out):
        self.cells = sorted(kept_back)
        self.rows, self.basis, many = [], [], len(self.cells)
        for one in shape.sums:
            weights = dict.fromkeys(one.parts, 1.0) | {one.whole: -1.0}
            row = [weights.get(cell, 0.0) for cell in self.cells]
            known = {cell: values[cell] for cell in weights if cell not in kept_back}
            known |= {
                cell: 1 for cell in weights if cell in kept_back - left_out and values[cell]
            }  # what is above that is sought
            right = -sum(weights[cell] * number for cell, number in known.items())
            if any(row):
                self.rows.append([-part for part in (*row, right)] if right < 0 else [*row, right])
        for at, row in enumerate(self.rows):  # a variable of its own for each row, driven out first
            row[many:many] = [float(at == other) for other in range(len(self.rows))]
            self.basis.append(many + at)
        left = self.climb([0.0] * many + [-1.0] * len(self.rows), many + len(self.rows))
        assert abs(left) < TINY

    def greatest(self, cell, way):
        """The greatest of ``way`` × cell; None where there is none."""
        return self.climb([float(way * (one == cell)) for one in self.cells] + [0.0] * len(self.rows), len(self.cells))

    def climb(self, goal, usable):
        """The greatest value of a goal from here on, by Bland's rule."""
        price = [*goal, 0.0]
        for at, basic in enumerate(self.basis):
            price = [one - goal[basic] * other for one, other in zip(price, self.rows[at], strict=True)]
        while (enter := next((column for column in range(usable) if price[column] > TINY), None)) is not None:
            steps = [
                (row[-1] / row[enter], self.basis[at], at) for at, row in enumerate(self.rows) if row[enter] > TINY
            ]
            # A row's own variable, at nought by now, goes as soon as anything can take its place.
            own = [at for at, row in enumerate(self.rows) if self.basis[at] >= len(self.cells) and row[enter] < -TINY]
            steps += [(0.0, -1, at) for at in own if usable == len(self.cells)]
            if not steps:
                return None
            self.turn(min(steps)[2], enter, price)
        return -price[-1]

    def turn(self, leave, enter, price):
        pivot = self.rows[leave] = [part / self.rows[leave][enter] for part in self.rows[leave]]
        self.basis[leave] = enter
        for row in (*self.rows, price):
            times = row[enter]
            if row is not pivot and times:
                row[:] = [part - times * other for part, other in zip(row, pivot, strict=True)]


def worked_out(values, shape, kept_back, left_out=frozenset()):
    """The hidden cells that a reader can tell more closely than "one of four numbers", with what they can tell."""
    attack, told = Attack(values, shape, kept_back, left_out), {}
    for cell in kept_back:
        least, greatest = -attack.greatest(cell, -1), attack.greatest(cell, 1)
        assert least - TINY <= values[cell] - (values[cell] > 0 and cell not in left_out)
        if greatest is not None and greatest - least < ROOM - TINY:
            told[cell] = (least, greatest)
    return told


TINY = 1e-7
NUMBERS = st.one_of(st.integers(0, 6), st.integers(0, 40))
COLUMN = st.fixed_dictionaries({"early": NUMBERS, "late": NUMBERS, "not": NUMBERS})


@st.composite
def linked(draw):
    """Regions, and services that count the same people: each leaf's total is dealt out again."""
    regions = {str(number): draw(COLUMN) for number in range(draw(st.integers(2, 3)))}
    services = {"a": {}, "b": {}}
    for leaf in ("early", "late", "not"):
        total = sum(column[leaf] for column in regions.values())
        services["a"][leaf] = draw(st.integers(0, total))
        services["b"][leaf] = total - services["a"][leaf]
    return table({"region": regions, "service": services}, TREE)


@settings(max_examples=60, deadline=None)
@given(linked(), st.booleans())
def test_nothing_hidden_can_be_computed_back(made, coarse):
    values, shape = made
    left_out = too_fine(values, shape) if coarse else frozenset()
    kept_back = hidden(values, shape, left_out)
    small = {cell for cell, value in values.items() if 0 < value < SMALLEST}
    assert small | left_out <= kept_back
    assert all(kept_back.issuperset(one.parts) for one in shape.sums if one.whole in small)
    told = worked_out(values, shape, kept_back, left_out)
    assert {cell for cell in told if cell not in left_out} == set()
    assert [cell for cell, (least, greatest) in told.items() if cell in small and greatest - least < 1 - TINY] == []


def test_the_attack_finds_what_a_pencil_finds():
    values, shape = table({"region": {"1": {"x": 3}, "2": {"x": 20}}}, LINE)
    assert worked_out(values, shape, {("region 1", "x")}).keys() == {("region 1", "x")}
    # Two hidden ones that add up to two are both told to be at most two.
    values, shape = table({"region": {"1": {"x": 1}, "2": {"x": 1}, "3": {"x": 20}}}, LINE)
    assert len(worked_out(values, shape, {("region 1", "x"), ("region 2", "x")})) == 2


def test_a_small_number_takes_one_in_its_row_and_one_in_its_column_with_it():
    column = {"early": 20, "late": 30}
    values, shape = table(
        {"region": {"1": {**column, "early": 3}, "2": column, "3": {**column, "early": 25}}}, {"all": ("early", "late")}
    )
    kept_back = hidden(values, shape)
    assert ("region 1", "early") in kept_back
    assert len(kept_back) == 4
    assert not any("all" in cell for cell in kept_back)


def test_what_has_no_small_number_is_given_out_whole():
    values, shape = table({"region": {"1": {"x": 5}, "2": {"x": 9}}}, LINE)
    assert hidden(values, shape) == frozenset()


def test_where_all_is_small_all_is_hidden():
    values, shape = table({"region": {"1": {"x": 1}, "2": {"x": 0}}}, LINE)
    assert hidden(values, shape) == frozenset(values)


def places(**numbers):
    """So many places of each outcome, as ``region_service_outcome=number``, dashes written as two underscores."""
    found = []
    for name, number in numbers.items():
        region, service, outcome = (part.replace("__", "-") for part in name.split("_x_"))
        assert outcome in LEAVES
        found += [Placed((f"region-{region}", f"service-{service}"), outcome)] * number
    return found


def test_r10_a_small_number_is_hidden_and_so_is_what_it_could_be_subtracted_from():
    made = places(
        north_x_education_x_before=20, north_x_children_x_not__complete=30, mid_x_education_x_before=3,
        mid_x_children_x_not__complete=25, south__east_x_education_x_before=40, south__east_x_both_x_not__complete=40,
    )  # fmt: skip
    by_region, by_service = rollup.tables_of(made)
    assert by_region.rows[0].numbers[0] == by_service.rows[0].numbers[0] == 158
    at = by_region.columns.index("Mid Wales")
    complete = next(row for row in by_region.rows if row.words == "Everything complete")
    assert complete.numbers[at] is None
    # Neither along the row nor down the column is it the only one that is missing.
    assert sum(number is None for number in complete.numbers) > 1
    column = [row.numbers[at] for row in by_region.rows if row.depth < 2]
    assert column.count(None) > 1
