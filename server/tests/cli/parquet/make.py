"""Makes types.parquet with pyarrow (26.0 was used): one column per type that
others write, in two row groups, the second of them with missing values."""

import datetime
import decimal

import pyarrow as pa
import pyarrow.parquet as pq

day = datetime.date(2026, 2, 28)
moment = datetime.datetime(2026, 2, 28, 13, 5, 7, 250_000)
table = pa.table(
    {
        "id": pa.array(["a", "b", "c", None], pa.string()),
        "small": pa.array([1, -2, None, 4], pa.int8()),
        "large": pa.array([2**53 + 1, 0, None, -1], pa.int64()),
        "unsigned": pa.array([2**32 - 1, 0, None, 1], pa.uint32()),
        "single": pa.array([0.1, 2.5, None, float("nan")], pa.float32()),
        "double": pa.array([29.85, -1e-7, None, 1.0], pa.float64()),
        "price": pa.array([decimal.Decimal("29.85"), decimal.Decimal("-0.05"), None,
                           decimal.Decimal("100.00")], pa.decimal128(12, 2)),
        "flag": pa.array([True, False, None, True], pa.bool_()),
        "level": pa.array(["DSL", "No", None, " DSL "], pa.string()).dictionary_encode(),
        "day": pa.array([day, day, None, day], pa.date32()),
        "moment": pa.array([moment, moment, None, moment], pa.timestamp("us")),
        "nanos": pa.array([1, 2, None, 3], pa.timestamp("ns", tz="UTC")),
    }
)
pq.write_table(table, "types.parquet", row_group_size=2)
