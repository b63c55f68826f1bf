"""Where measures are computed: DuckDB over the mirror, or any Ibis backend that `CX_ENGINE` names.

A DuckDB connection is not for concurrent use, so a small pool of them serves all sessions. Each knows which state of
the facts its views show; a connection that lags behind is brought up when it is taken from the pool.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from cx.analytics import shape
from cx.analytics.business_hours import CALENDAR, calendar
from cx.analytics.measure import plain
from cx.errors import StoreError
from cx.facts import mirror
from cx.facts.aliases import Aliases, applied
from cx.facts.answers import Answers
from cx.facts.datasets import DATASETS, Dataset
from cx.facts.elsewhere import backend
from cx.facts.history import Revision, revision
from cx.settings import settings
from cx.store.engine import store_url

CONNECTIONS = 4
# a backend elsewhere is one connection, which is not for concurrent use
ELSEWHERE = threading.Lock()
CALENDARS = re.compile(CALENDAR + "[0-9a-f]{16}")
EMPTY = {"string": "VARCHAR", "double": "DOUBLE", "int64": "BIGINT", "bool": "BOOLEAN", "timestamp[us]": "TIMESTAMP"}


@dataclass
class _Pool:
    url: str
    idle: queue.LifoQueue[_Connection] = field(default_factory=queue.LifoQueue)
    made: int = 0
    guard: threading.Lock = field(default_factory=threading.Lock)


class _Connection:
    """One DuckDB database in memory whose views show the mirror."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.shown: dict[str, tuple[tuple[mirror.File, ...], Aliases]] = {}
        self.calendars: set[str] = set()
        self.raw = duckdb.connect(config={"memory_limit": "2GB", "autoinstall_known_extensions": False})
        self.raw.execute("SET TimeZone='UTC'; SET enable_progress_bar=false; SET parquet_metadata_cache=true")

    def follow(self, now: Revision) -> None:
        for name, files in now.files:
            if self.shown.get(name) != (files, now.aliases):
                paths = mirror.ensure(name, files, self.url)
                self.raw.execute(f"CREATE OR REPLACE VIEW {name} AS {_source(DATASETS[name], paths, now.aliases)}")
                self.shown[name] = (files, now.aliases)

    @contextmanager
    def lending(self, query: str, held: Iterable[ops.InMemoryTable]) -> Iterator[None]:
        """Put what a query names where it will find it: calendars of opening hours for good, rows of its own while it runs."""
        for name in set(CALENDARS.findall(query)) - self.calendars:
            days = calendar(name)
            if days is not None:
                self.raw.register("days", days)
                self.raw.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM days")
                self.raw.unregister("days")
                self.calendars.add(name)
        own = {table.name: table.data.to_pyarrow(table.schema) for table in held if not CALENDARS.fullmatch(table.name)}
        for name, rows in own.items():
            self.raw.register(name, rows)
        try:
            yield
        finally:
            for name in own:
                self.raw.unregister(name)


def _source(kind: Dataset, paths: list[Any], merged: Aliases = ()) -> str:
    if paths:
        return applied(kind.name, kind.types, mirror.scan(paths), merged)
    columns = ", ".join(f"NULL::{EMPTY[str(f.type)]} AS {f.name}" for f in kind.mirrored)
    return f"SELECT {columns} WHERE false"


@lru_cache(maxsize=16)
def _pool(url: str) -> _Pool:
    return _Pool(url)


@contextmanager
def _connection(url: str) -> Iterator[_Connection]:
    pool = _pool(url)
    try:
        taken = pool.idle.get_nowait()
    except queue.Empty:
        with pool.guard:
            grow = pool.made < CONNECTIONS
            pool.made += grow
        taken = _Connection(url) if grow else pool.idle.get(timeout=60)
    try:
        yield taken
    finally:
        pool.idle.put(taken)


def carries(node: ops.Node) -> bool:
    """Whether an expression holds rows of its own, other than calendars of opening hours, which are known by their names."""
    return any(not CALENDARS.fullmatch(table.name) for table in node.find(ops.InMemoryTable))


def asked(name: str) -> ir.StringValue:
    """A text that is given when the expression is run: the expression is compiled once, whatever is asked for."""
    return ibis.literal(f"{{{{{name}}}}}")


def fetch(expression: ir.Expr | str, url: str | None = None, now: Revision | None = None, given: Mapping[str, str] | None = None) -> pa.Table:
    """Run an expression over the dataset tables, or its prepared SQL, and return its rows as Arrow; `given` holds the texts that were `asked` for."""
    found = _elsewhere(expression, given)
    return found if found is not None else _here(_Question.of(expression, given), url, now, lambda taken, query: taken.sql(query).to_arrow_table())[1]


def rows(expression: ir.Expr | str, url: str | None = None, now: Revision | None = None, given: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The rows of an expression, or of its prepared SQL, as plain values: no NaN, no Decimal."""
    found = _elsewhere(expression, given)
    if found is not None:
        return _plain(found.to_pylist())
    question, state = _Question.of(expression, given), now or revision(url)

    def ask() -> tuple[str, list[dict[str, Any]]]:
        read, listed = _here(question, url, state, _cells)
        return read.token, _plain(listed)

    # rows that an expression carries go by names that no second question has
    return ask()[1] if question.held else _answers(store_url(url)).rows(state.token, question.query, ask)


def forget() -> None:
    """Answer everything anew: for those who measure how long an answer takes."""
    _answers.cache_clear()


@lru_cache(maxsize=16)
def _answers(url: str) -> Answers:
    return Answers()


def _plain(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return plain([{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in found])


def _cells(taken: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    # a few rows come as they are in two thirds of the time that they take through Arrow
    found = taken.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _given(node: ops.Node, given: Mapping[str, str]) -> ops.Node:
    return node.replace({asked(name).op(): ibis.literal(text).op() for name, text in given.items()})


def _elsewhere(expression: ir.Expr | str, given: Mapping[str, str] | None) -> pa.Table | None:
    """The answer of the engine that the settings name; None where there is none, or where the question holds no dataset of it."""
    named = settings().engine
    if not named or isinstance(expression, str):
        return None
    node = _given(expression.op(), given) if given else expression.op()
    if not node.find(ops.UnboundTable):  # such as a register
        return None
    with ELSEWHERE:
        return backend(named).to_pyarrow(node.to_expr())


@dataclass(frozen=True)
class _Question:
    """The SQL of a question and the tables of rows that it carries."""

    query: str
    held: tuple[ops.InMemoryTable, ...] = ()

    @classmethod
    def of(cls, expression: ir.Expr | str, given: Mapping[str, str] | None) -> _Question:
        if not isinstance(expression, str):
            node = expression.op()
            if carries(node):
                node = _given(node, given) if given else node
                return cls(shape.sql(node), tuple(node.find(ops.InMemoryTable)))
        query = expression if isinstance(expression, str) else shape.sql(expression.op())
        if given:  # in one pass, so that nothing is looked for in a text already filled in
            query = re.sub(r"'\{\{(\w+)\}\}'", lambda found: mirror.quoted(given[found[1]]), query)
        return cls(query)


def _here(question: _Question, url: str | None, now: Revision | None, read: Callable[[duckdb.DuckDBPyConnection, str], Any]) -> tuple[Revision, Any]:
    """The answer of the mirror, and the state that was read."""
    target = store_url(url)
    for attempt in (1, 2, 3):
        state = now or revision(target)
        with _connection(target) as taken:
            try:
                taken.follow(state)
                with taken.lending(question.query, question.held):
                    return state, read(taken.raw, question.query)
            except duckdb.IOException:
                # a file was replaced between reading the list and opening it
                taken.shown.clear()
                now = None
                if attempt == 3:
                    raise
    raise StoreError("The mirror changes faster than it can be read; try again.")


def tables() -> Mapping[str, ir.Table]:
    """The unbound dataset tables that measures are written against."""
    return {name: kind.unbound for name, kind in DATASETS.items()}
