"""A map that is replaced instead of changed, cheap at ten thousand entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

V = TypeVar("V")
_BUCKETS = 256


class Shelf(Mapping[str, V]):
    """A persistent map: `put` copies one of 256 buckets, so its cost hardly grows with the day."""

    __slots__ = ("_buckets", "_count")

    def __init__(self) -> None:
        self._buckets: list[dict[str, V]] = [{}] * _BUCKETS
        self._count = 0

    def __getitem__(self, key: str) -> V:
        return self._buckets[hash(key) % _BUCKETS][key]

    def __iter__(self) -> Iterator[str]:
        return (key for bucket in self._buckets for key in bucket)

    def __len__(self) -> int:
        return self._count

    def put(self, key: str, value: V) -> Shelf[V]:
        """Return the shelf with `value` under `key`."""
        return self._with(key, {**self._buckets[hash(key) % _BUCKETS], key: value})

    def without(self, key: str) -> Shelf[V]:
        """Return the shelf without `key`; absent keys are fine."""
        bucket = self._buckets[hash(key) % _BUCKETS]
        return self._with(key, {k: v for k, v in bucket.items() if k != key})

    def _with(self, key: str, bucket: dict[str, V]) -> Shelf[V]:
        place = hash(key) % _BUCKETS
        shelf: Shelf[V] = Shelf.__new__(Shelf)
        shelf._buckets = self._buckets.copy()
        shelf._buckets[place] = bucket
        shelf._count = self._count + len(bucket) - len(self._buckets[place])
        return shelf
