"""Where measures of rows at hand are computed: one DuckDB in memory, shared by all threads, that forgets the rows it was asked of."""

from __future__ import annotations

import threading
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend

from cx.analytics import shape


class Local(Backend):
    """Ibis' DuckDB, with three differences: SQL is written once a shape, one question at a time, and no rows are kept.

    The stock one keeps every in-memory table it was ever asked of, which fills the memory of a server.
    """

    def do_connect(self, *args: Any, **options: Any) -> None:
        """Open the database."""
        self._alone = threading.RLock()
        super().do_connect(*args, **options)

    def compile(self, expr: ir.Expr, /, *, limit: Any = None, params: Any = None, pretty: bool = False) -> str:
        """The SQL of an expression."""
        if limit is not None or params or pretty:
            return str(super().compile(expr, limit=limit, params=params, pretty=pretty))
        return shape.sql(expr.as_table().op())

    def to_pyarrow(self, expr: ir.Expr, /, **options: Any) -> Any:
        """The answer as Arrow."""
        with self._alone:
            try:
                return super().to_pyarrow(expr, **options)
            finally:
                self._forget(expr)

    def execute(self, expr: ir.Expr, /, **options: Any) -> Any:
        """The answer as pandas."""
        with self._alone:
            try:
                return super().execute(expr, **options)
            finally:
                self._forget(expr)

    def _forget(self, expr: ir.Expr) -> None:
        for table in expr.op().find(ops.InMemoryTable):
            if table in self._memtables:
                self._memtables.discard(table)
                self.con.unregister(table.name)


_opening = threading.Lock()


def chosen() -> None:
    """Let rows at hand be computed here, unless another backend was chosen before."""
    if ibis.options.default_backend is None:
        with _opening:
            if ibis.options.default_backend is None:
                ibis.options.default_backend = Local().connect(":memory:")


def once(table: ir.Table) -> ir.Table:
    """The table computed now, where several questions are asked of what is dear to compute from rows at hand; elsewhere as it is.

    An engine that holds the facts reads them where they are and plans each question as a whole.
    """
    return ibis.memtable(table.to_pyarrow()) if isinstance(table.get_backend(), Local) else table
