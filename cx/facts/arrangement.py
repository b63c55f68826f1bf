"""Large mirror files are kept in the order of time, so that a question about a month reads that month.

A Parquet file says of each group of rows between which moments it lies, and a reader leaves out the groups of other times.
That helps only where a group is a stretch of time. Many exports are sorted so already; of the others the mirror gets an
ordered file under the batch's next version, after the import and outside its transaction. The store keeps the rows as they came.
"""

from __future__ import annotations

import logging

from sqlmodel import select

from cx.errors import CxError
from cx.facts import mirror
from cx.facts.batch import ImportBatch
from cx.facts.datasets import DATASETS, Dataset
from cx.store.engine import reading, store_url, writing

log = logging.getLogger(__name__)


def arrange(url: str | None = None, least: int = mirror.GROUP) -> int:
    """Put the mirror files of live batches of more than `least` rows in the order of time where that helps; returns how many.

    What cannot be done now (the disk is full, somebody else writes, the rows change meanwhile) is left for the next time:
    it would only have been faster.
    """
    target, done = store_url(url), 0
    with reading(target) as session:
        live = [(DATASETS[b.dataset], int(b.id or 0), b.version) for b in session.exec(select(ImportBatch).where(ImportBatch.live > least))]
    for kind, batch, version in live:
        try:
            with mirror.enough_room():
                done += _arranged(kind, batch, version, target)
        except CxError as error:
            log.info("batch %s was not put in the order of time: %s", batch, error)
    return done


def _arranged(kind: Dataset, number: int, version: int, url: str) -> bool:
    file = mirror.path(kind.name, number, version, url)
    if not file.exists() or not mirror.scattered(kind, file):
        return False
    with mirror.staging(url) as staged:
        with mirror.workbench(url) as bench:
            bench.execute(f"COPY (SELECT * FROM {mirror.scan([file])} ORDER BY {mirror.order(kind)}) TO {mirror.quoted(staged)} ({mirror.PARQUET})")
        with writing(url) as session:
            batch = session.get(ImportBatch, number)
            if batch is None or batch.version != version or not batch.live:
                return False
            batch.version += 1
            mirror.publish(staged, kind.name, number, batch.version, url)
            session.add(batch)
    return True
