"""The day's closed tickets on a shelf: replaced, never changed."""

from __future__ import annotations

from tentqueue.domain.shelf import Shelf


def test_a_shelf_is_the_map_of_what_was_put_on_it() -> None:
    shelf: Shelf[int] = Shelf()
    for number in range(1000):
        shelf = shelf.put(f"R{number:03d}", number)
    assert len(shelf) == 1000
    assert dict(shelf) == {f"R{number:03d}": number for number in range(1000)}


def test_putting_and_taking_leave_the_shelf_before_as_it_was() -> None:
    empty: Shelf[str] = Shelf()
    one = empty.put("R001", "Mia")
    two = one.put("R002", "Noor").put("R001", "Mia again")
    gone = two.without("R001").without("R001").without("R900")
    assert (len(empty), len(one), len(two), len(gone)) == (0, 1, 2, 1)
    assert (one["R001"], two["R001"], gone.get("R001")) == ("Mia", "Mia again", None)


def test_a_large_days_shelf_is_not_copied_whole_for_each_ticket() -> None:
    shelf: Shelf[int] = Shelf()
    for number in range(5000):
        shelf = shelf.put(str(number), number)
    after = shelf.put("one more", 1)
    shared = sum(a is b for a, b in zip(shelf._buckets, after._buckets, strict=True))
    assert shared == len(shelf._buckets) - 1
    assert max(map(len, after._buckets)) < 60
