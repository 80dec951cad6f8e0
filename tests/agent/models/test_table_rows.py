"""A table's rows: where they stand, and how they read with their header."""

from fontes.agent.models.table_rows import table_rows
from hypothesis import given
from hypothesis import strategies as st

BOATS = "Boats for hire.\n\nBoat | Seats | Price\nHeron | 4 | 12 euros\nTeal | 2 | \nAll boats are cleaned daily."


def test_a_row_reads_with_the_names_of_its_columns() -> None:
    assert [(row.told, BOATS[row.start : row.end]) for row in table_rows(BOATS)] == [
        ("Boat: Heron; Seats: 4; Price: 12 euros", "Heron | 4 | 12 euros"),
        ("Boat: Teal; Seats: 2", "Teal | 2 | "),
    ]


def test_one_or_two_lines_are_a_menu() -> None:
    assert table_rows("Home | Visit | Contact\nHelp | About | Press\n\nWelcome.") == ()


def test_lines_of_another_number_of_cells_are_not_of_the_table() -> None:
    assert table_rows("a | b\nc | d\ne | f | g") == ()


def test_a_blank_line_ends_a_table() -> None:
    assert len(table_rows("a | b\nc | d\n\ne | f\ng | h\ni | j")) == 2


@given(st.text(alphabet="ab| \n", max_size=80))
def test_rows_are_lines_in_order(text: str) -> None:
    rows = table_rows(text)
    lines = text.split("\n")
    assert all(text[row.start : row.end] in lines for row in rows)
    assert sorted(row.start for row in rows) == [row.start for row in rows]
