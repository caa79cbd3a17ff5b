"""The prices of units: AWS's list prices, us-east-1, on demand.

Source: AWS price lists since November 2024, when DynamoDB's on-demand prices were halved.
"""

from __future__ import annotations

from infra.bench.write_units import Spent

# US dollars per million units; arm64 Lambda per GB-second.
WRITE_MILLION, READ_MILLION = 0.625, 0.125
API_MILLION, LAMBDA_MILLION, GB_SECOND = 3.50, 0.20, 0.0000133334


def of_writes(units: float) -> float:
    """US dollars per million use cases that write so many units each."""
    return units * WRITE_MILLION


def of_units(spent: Spent) -> float:
    """US dollars per million such use cases, sparse indexes and reads included."""
    writes = of_writes(spent.write_units + spent.sparse_units)
    return writes + spent.read_units * READ_MILLION
