"""Fuzz the reader and the recogniser: random bytes and mutated exports, each either planned and read whole, or refused.

    python -m benchmarks.fuzz_intake [CASES] [SEED]

Holds: no exception but InputError, every record in exactly one bucket, at most 5 s of CPU per MiB (and for smaller files)
and 512 MiB of memory. Prints what was tried and the worst that was seen.
"""

from __future__ import annotations

import csv
import io
import random
import resource
import sys
import time
from collections import Counter

from cx.errors import InputError
from cx.intake import Options, plan, read, sample

WORDS = ["Date", "NPS", "Score", "Comment", "ResponseId", "StartDate", "RecordedDate", "Timestamp", "Respondent", "Recommend", "satisfied", "effort", "easy", "CES", "CSAT", "id", "case", "activity", "start", "ticket_id", "created_at", "amount", "mrr", "#", "Submit", "customer_id", "order_id", "campaign", "day", "9/10", "★★★", "10", "0", "7.5", "-1", "N/A", "2024-05-14", "13/04/2024", "03/04/24", "4,5", "80%", "true", "Sehr", "€", "=1+1", "NaN", "inf", "1e309", "99999999999", "45426"]  # fmt: skip
NOISE = ('"', ",", ";", "\t", "|", "\n", "\r", "\r\n", "\x00", "\ufeff", "é", "\udcff", "'", "{\"ImportId\":\"x\"}", "sep=;\n", "😀", " ", "''", '""', "\x1a", "\u2028")


def seeds() -> list[bytes]:
    """Well-formed files to start from."""
    base = [sample(name).encode() for name in ("responses", "tickets", "orders", "deals", "customers", "campaigns", "step_runs")]
    base.append(b'StartDate,EndDate,Status,Finished,RecordedDate,ResponseId,Q1,Q2\nStart,End,Type,Done,Rec,Id,"How likely to recommend?",Why\n"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}",x,y,z,w,v\n2024-05-14 10:00:00,2024-05-14 10:00:00,0,1,2024-05-14 10:00:00,R_1,9,good\n')
    base.append(b"Respondent ID,Start Date,How likely to recommend?,Which?,,Why?\n,,Response,A,B,Open-Ended Response\n1,05/14/2024,10,A,,ok\n2,05/15/2024,0,,B,no\n")
    base.append("Zeitstempel;Wie zufrieden sind Sie?;Kommentar\n14.05.2024 10:00:00;Sehr zufrieden;schön\n15.05.2024 10:00:00;Unzufrieden;übel\n".encode("cp1252"))
    return base


def mutated(chance: random.Random, bases: list[bytes]) -> bytes:
    """One case: noise, a table of odd cells, or an export with bytes, cells or lines changed."""
    kind = chance.random()
    if kind < 0.1:
        return chance.randbytes(chance.randint(0, 2000))
    if kind < 0.35:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=chance.choice(",;\t|"), lineterminator=chance.choice(["\n", "\r\n", "\r"]))
        width = chance.randint(1, 8)
        for _ in range(chance.randint(0, 12)):
            writer.writerow([chance.choice(WORDS) for _ in range(width + (chance.random() < 0.1))])
        return out.getvalue().encode(chance.choice(["utf-8", "utf-16", "cp1252", "mac-roman", "utf-8-sig"]), "replace")
    content = bytearray(chance.choice(bases))
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(content) + 1)
        change = chance.random()
        if change < 0.3:
            content[at:at] = chance.choice(NOISE).encode("utf-8", "surrogatepass")
        elif change < 0.5:
            del content[at : at + chance.randint(1, 40)]
        elif change < 0.7:
            content[at : at + chance.randint(0, 8)] = chance.choice(WORDS).encode()
        elif change < 0.8:
            content[at : at + 1] = chance.randbytes(1)
        elif change < 0.9:
            lines = content.split(b"\n")
            chance.shuffle(lines)
            content = bytearray(b"\n".join(lines))
        else:
            content = content[:at] or bytearray(b"x")
    return bytes(content)


def options(chance: random.Random) -> Options:
    """Mostly none; at times answers to what is asked."""
    if chance.random() < 0.4:
        return Options()
    return Options(dates=chance.choice(["dmy", "mdy", ""]), effort=chance.choice(["higher-is-worse", ""]), scale=chance.choice([None, (0.0, 10.0), (1.0, 5.0)]), zone=chance.choice(["", "Europe/Berlin"]))


def run(cases: int, seed: int) -> Counter[str]:
    """Try `cases` files; raises with the case at fault. Returns how they ended."""
    bases = seeds()
    ends: Counter[str] = Counter()
    for case in range(cases):
        chance = random.Random(f"{seed} {case}")
        content = mutated(chance, bases)
        started, sentence = time.process_time(), ""
        try:
            understood = plan(content, "fuzz.csv", options(chance))
            if understood.asks:
                ends["asked"] += 1
            else:
                for chunk in read(understood):
                    lines = set(chunk.rows["line"].to_pylist())
                    assert chunk.records == len(lines) + sum(chunk.excluded.values()) + len(chunk.rejects), f"case {case} of seed {seed}: records in no bucket or in two"
                    ends["records"] += chunk.records
                    ends["rejected records"] += len(chunk.rejects)
                ends["read"] += 1
        except InputError as error:
            ends["refused"] += 1
            sentence = str(error)
        except BaseException as error:
            raise AssertionError(f"case {case} of seed {seed}: {type(error).__name__}: {error}") from error
        assert "\n" not in sentence, f"case {case} of seed {seed}: more than a sentence"
        took = time.process_time() - started
        ends["slowest, ms of CPU"] = max(ends["slowest, ms of CPU"], int(took * 1000))
        assert took < max(5.0, 5.0 * len(content) / (1 << 20)), f"case {case} of seed {seed}: {took:.1f} s for {len(content)} bytes"
    ends["peak memory, MiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return ends


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    start = time.perf_counter()
    result = run(count, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print(f"{count:,} cases in {time.perf_counter() - start:,.0f} s: " + ", ".join(f"{k} {v:,}" for k, v in result.items()))
