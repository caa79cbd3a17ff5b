"""Items of pictures that are sent to us.

UPLOAD#<id>       UPLOAD         a picture that is to be sent, or what became of it
UPLOADS#<member>  <day>          how many and which a member began in a day of the program
"""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.catalog.rules.uploads import Upload
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute

_SK = "UPLOAD"


class UploadItem(CatalogItem):
    media = UnicodeAttribute()
    size = IntegerAttribute()
    made_by = UnicodeAttribute()
    made_of = BytesAttribute()
    created_at = IntegerAttribute()  # epoch milliseconds
    # Absent until it was looked at.
    status = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    width = IntegerAttribute(null=True)
    height = IntegerAttribute(null=True)
    # The review or return that a member gave it to.
    used_for = UnicodeAttribute(null=True)

    @staticmethod
    def key_of(upload_id: str) -> tuple[str, str]:
        return f"UPLOAD#{upload_id}", _SK

    @classmethod
    def key(cls, upload_id: str) -> UploadItem:
        return cls(*cls.key_of(upload_id))

    @classmethod
    def of(cls, upload: Upload, made_of: bytes) -> UploadItem:
        return cls.holding(upload, *cls.key_of(upload.id), made_of=made_of)

    @classmethod
    def read(cls, upload_id: str) -> UploadItem | None:
        item: UploadItem | None = cls.find(*cls.key_of(upload_id))
        return item

    def value(self) -> Upload:
        return self.into(Upload, id=self.pk.removeprefix("UPLOAD#"))


class UploadCountItem(CatalogItem):
    """How many a member began in a day, and which: an erasure finds them here."""

    begun = IntegerAttribute()
    uploads = UnicodeSetAttribute(null=True)

    @classmethod
    def key(cls, member_id: str, day: str) -> UploadCountItem:
        return cls(f"UPLOADS#{member_id}", day)

    @classmethod
    def seen(cls, member_id: str, day: str) -> int:
        item = cls.find(f"UPLOADS#{member_id}", day)
        return item.begun if item else 0
