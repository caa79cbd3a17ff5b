"""Items of the code pools, in the catalog table: codes are sealed, and found by a keyed hash."""

from __future__ import annotations

from zlib import crc32

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.crypto import decrypt, encrypt, keyed_hash
from chalicelib.kernel.spelling import letters_of
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute
from chalicelib.kernel.store.tables import naming

FREE = "FREE#"
ISSUED = "ISSUED#"
COUNT, COUNTS = "COUNT#", 8
LAST = "~"  # sorts after every hexadecimal hash


def pool_key(sku: str) -> str:
    return f"POOL#{sku}"


def hash_of(sku: str, code: str) -> str:
    """32 hexadecimal digits that tell a code of this SKU, to holders of the stage's key."""
    return keyed_hash("code", sku, code)[:16].hex()


class PoolItem(CatalogItem):
    """`total` is how many codes the pool ever took in, `repairs` how often its stock was set right;
    they only grow, so they are versions too. `uncounted` of its codes were issued by releases that
    counted none; None for a pool of theirs whose codes nobody has counted since.
    """

    total = IntegerAttribute()
    repairs = IntegerAttribute(null=True)
    uncounted = IntegerAttribute(null=True)

    @classmethod
    def key(cls, sku: str) -> PoolItem:
        return cls(pool_key(sku), "POOL")

    @classmethod
    def total_of(cls, sku: str) -> int:
        return cls.read(sku).total

    @classmethod
    def read(cls, sku: str) -> PoolItem:
        """The pool, consistently; one of which nothing was stored is empty."""
        item: PoolItem = cls.find(pool_key(sku), "POOL") or cls(pool_key(sku), "POOL", total=0)
        return item


class IssuedItem(CatalogItem):
    """A part of a pool's issued codes: one of several counts, so that orders at the same time
    seldom write the same one."""

    issued = IntegerAttribute()

    @classmethod
    def key(cls, sku: str, order_id: str) -> IssuedItem:
        return cls(pool_key(sku), f"{COUNT}{crc32(order_id.encode()) % COUNTS}")


def lookup_of(code: str) -> str:
    """32 hexadecimal digits that tell an issued code whatever its SKU and however it is typed."""
    return keyed_hash("code lookup", letters_of(code) or code.strip())[:16].hex()


class CodeItem(CatalogItem):
    """A code, free or issued; `order_id` and `issued_at` are those of an issued one, and `lookup`
    unless an earlier release issued it and nobody has indexed it since.
    """

    code = BytesAttribute()
    lookup = UnicodeAttribute(null=True)
    order_id = UnicodeAttribute(null=True)
    issued_at = IntegerAttribute(null=True)  # epoch milliseconds
    # Absent from what releases issued that counted none.
    is_counted = BooleanAttribute(null=True)

    @classmethod
    def free(cls, sku: str, code: str) -> CodeItem:
        sealed = encrypt(code.encode(), f"code:{sku}")
        return cls(pool_key(sku), FREE + hash_of(sku, code), code=sealed)

    @property
    def hash(self) -> str:
        return self.sk.partition("#")[2]

    def issued(self, order_id: str, issued_at: int) -> CodeItem:
        return CodeItem(
            self.pk,
            ISSUED + self.hash,
            code=self.code,
            order_id=order_id,
            issued_at=issued_at,
            lookup=lookup_of(self.plain()),
            is_counted=True,
        )

    def plain(self) -> str:
        sku = self.pk.removeprefix("POOL#")
        with naming(self):
            return decrypt(self.code, f"code:{sku}").decode()


class FoundCode(CatalogItem):
    """Of any item what tells how an issued code is found, and where it went: its index has no
    more."""

    lookup = UnicodeAttribute(null=True)
    order_id = UnicodeAttribute(null=True)
    issued_at = IntegerAttribute(null=True)


class ImportItem(CatalogItem):
    """An import: `done` of its codes are settled, each imported or found to be a duplicate."""

    id = UnicodeAttribute()
    sku = UnicodeAttribute()
    made_of = BytesAttribute()
    made_by = UnicodeAttribute()
    created_at = IntegerAttribute()  # epoch milliseconds
    done = IntegerAttribute()
    imported = IntegerAttribute()
    duplicates = IntegerAttribute()

    @classmethod
    def key(cls, import_id: str) -> ImportItem:
        return cls(f"IMPORT#{import_id}", "IMPORT")
