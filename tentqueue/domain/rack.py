"""A map in the order in which things came, replaced instead of changed, cheap at thousands of
entries."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, ValuesView
from itertools import chain
from typing import TypeVar

from tentqueue.domain.shelf import Shelf

V = TypeVar("V")
_PAGE = 64


class Rack(Mapping[str, V]):
    """A persistent map that keeps its order: `put` copies one page of 64. Copying a dictionary of
    all who wait touches each of them, and for that long nothing else stays in the processor's
    cache."""

    __slots__ = ("_page_of", "_pages")

    def __init__(self) -> None:
        self._pages: list[dict[str, V]] = []
        self._page_of: Shelf[int] = Shelf()

    def __getitem__(self, key: str) -> V:
        return self._pages[self._page_of[key]][key]

    def __contains__(self, key: object) -> bool:
        return key in self._page_of

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._pages)

    def __len__(self) -> int:
        return len(self._page_of)

    def values(self) -> ValuesView[V]:
        """What stands here, in order."""
        return _Values(self)

    def items(self) -> ItemsView[str, V]:
        """What stands here and under which key, in order."""
        return _Items(self)

    def put(self, key: str, value: V) -> Rack[V]:
        """Return the rack with `value` under `key`: in the place of what was there, or last."""
        page = self._page_of.get(key)
        if page is not None:
            return self._with(page, {**self._pages[page], key: value}, self._page_of)
        page = len(self._pages)
        if page and len(self._pages[-1]) < _PAGE:
            page -= 1
        last = self._pages[page] if page < len(self._pages) else {}
        return self._with(page, {**last, key: value}, self._page_of.put(key, page))

    def without(self, key: str) -> Rack[V]:
        """Return the rack without `key`; absent keys are fine."""
        page = self._page_of.get(key)
        if page is None:
            return self
        left = {k: v for k, v in self._pages[page].items() if k != key}
        return self._with(page, left, self._page_of.without(key))

    def each(self, change: Callable[[V], V]) -> Rack[V]:
        """Return the rack with everything on it changed."""
        rack: Rack[V] = Rack()
        rack._pages = [{key: change(old) for key, old in page.items()} for page in self._pages]
        rack._page_of = self._page_of
        return rack

    def _with(self, number: int, page: dict[str, V], page_of: Shelf[int]) -> Rack[V]:
        rack: Rack[V] = Rack.__new__(Rack)
        rack._pages = [*self._pages[:number], page, *self._pages[number + 1 :]]
        rack._page_of = page_of
        return rack


class _Values(ValuesView[V]):
    """Page after page, without looking each key up."""

    _mapping: Rack[V]

    def __iter__(self) -> Iterator[V]:
        return chain.from_iterable(page.values() for page in self._mapping._pages)


class _Items(ItemsView[str, V]):
    """Page after page, without looking each key up."""

    _mapping: Rack[V]

    def __iter__(self) -> Iterator[tuple[str, V]]:
        return chain.from_iterable(page.items() for page in self._mapping._pages)
