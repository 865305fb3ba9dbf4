"""Those who wait on a rack: in the order in which they came, replaced and never changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tentqueue.domain.rack import Rack

CHANGES = st.lists(st.tuples(st.booleans(), st.integers(1, 200)), max_size=400)


@given(CHANGES)
def test_a_rack_is_the_dictionary_of_what_was_put_on_it_in_order(
    changes: list[tuple[bool, int]],
) -> None:
    rack: Rack[int] = Rack()
    known: dict[str, int] = {}
    for at, (puts, number) in enumerate(changes):
        key = f"R{number:03d}"
        if puts:
            rack, known = rack.put(key, at), {**known, key: at}
        else:
            rack = rack.without(key)
            known.pop(key, None)
    assert list(rack) == list(known)
    assert list(rack.values()) == list(known.values())
    assert list(rack.items()) == list(known.items())
    assert len(rack) == len(known)
    assert rack == known
    assert {**rack} == known
    assert all(key in rack and rack[key] == value for key, value in known.items())
    assert rack.get("W001") is None
    assert "W001" not in rack


def test_putting_and_taking_leave_the_rack_before_as_it_was() -> None:
    empty: Rack[str] = Rack()
    one = empty.put("R001", "Mia")
    two = one.put("R002", "Noor").put("R001", "Mia again")
    gone = two.without("R001").without("R001").without("R900")
    assert (dict(empty), dict(one)) == ({}, {"R001": "Mia"})
    assert list(two.items()) == [("R001", "Mia again"), ("R002", "Noor")]
    assert dict(gone) == {"R002": "Noor"}
    assert dict(two.each(str.upper)) == {"R001": "MIA AGAIN", "R002": "NOOR"}


def test_all_who_wait_are_not_copied_for_each_who_joins() -> None:
    rack: Rack[int] = Rack()
    for number in range(5000):
        rack = rack.put(str(number), number)
    after = rack.put("one more", 1)
    assert max(map(len, after._pages)) <= 64
    again = after.put("2500", 1)
    assert sum(a is b for a, b in zip(after._pages, again._pages, strict=True)) == 78
