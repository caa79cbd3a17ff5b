"""Kinds of text that the API takes: the spelling and the limits of each, with their reasons.

A limit comes from the longest real value that is known, or from the bytes of the item that keeps
the text. Characters are code points after the text was read (`kernel/spelling.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from msgspec import Meta

from chalicelib.kernel import spelling
from chalicelib.kernel.words import Words

READ = "read"

# `$` also matches before a last line feed, which the look-ahead excludes.
PLAIN = r"^[^\x00-\x1f\x7f]+$(?!\n)"
# One line of text with something to see in it.
LINE = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$(?!\n)"
# One line that may be empty, or hold nothing but blanks: none, where a text may be left out.
LINE_OR_NONE = r"^[^\x00-\x1f\x7f]*$(?!\n)"
# The same without what turns the text's direction.
_OFF = rf"\x00-\x1f{spelling.TURNS}"
MESSAGE = rf"^[^{_OFF}]*$(?!\n)"
SKU = r"^[A-Za-z0-9._-]+$(?!\n)"
SLUG = r"^[a-z0-9-]+$(?!\n)"
_31, _30, _29 = "0[1-9]|[12][0-9]|3[01]", "0[1-9]|[12][0-9]|30", "0[1-9]|[12][0-9]"
BIRTHDAY = rf"^((0[13578]|1[02])-({_31})|(0[469]|11)-({_30})|02-({_29}))$(?!\n)"
TIME_OF_DAY = r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"
END_OF_DAY = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)"
# Plain names: no step up, no code and no query leads elsewhere from the pictures.
_PICTURE_NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
PICTURE_PATH = rf"/pictures/{_PICTURE_NAME}(?:/{_PICTURE_NAME})*"
PICTURE = rf"^(?:https?://[!-~]+|{PICTURE_PATH})$(?!\n)"
OWN_PICTURE = rf"^{PICTURE_PATH}$(?!\n)"
# An address elsewhere was possible once, and may be sent again as it is.
AVATAR = r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?|/pictures/[!-~]*)$(?!\n)"
LINK = r"^https://[!-~]+$(?!\n)"
# An address, or a page of the mall's own.
PAGE_LINK = r"^(https://[!-~]+|/[!-~]*)$(?!\n)"
OWN_PAGE = r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/-]*)?$(?!\n)"
MONTH = r"^2[0-9]{3}-(0[1-9]|1[0-2])$(?!\n)"
DIVISION = r"^[0-9]{6}$(?!\n)"
HEX = r"^[0-9a-f]+$(?!\n)"
SYSTEM = r"^[a-z0-9][a-z0-9._-]*$(?!\n)"
ATTRIBUTE = r"^[a-z0-9_]{1,40}$(?!\n)"
CUSTOM_EVENT = r"^custom\.[a-z0-9_]{1,40}$(?!\n)"
RULE_EVENT = r"^(order\.paid|member\.updated|custom\.[a-z0-9_]{1,40})$(?!\n)"
RULE_GROUP = r"^[a-z0-9_-]{1,40}$(?!\n)"
STACKING = r"^(all|best|exclusive:[a-z0-9_-]{1,40})$(?!\n)"
# Words of visible characters, one space between them: a space at an end would make a double.
VOUCHER = r"^[!-~]+( [!-~]+)*$(?!\n)"
ID = r"^[!-~]+$(?!\n)"
ALNUM = r"^[0-9A-Za-z]+$(?!\n)"
# With a letter or a digit, or else nobody could find what has it.
GROUPS = r"^[ -]*[A-Za-z0-9][A-Za-z0-9 -]*$(?!\n)"
GROUPS_OR_NONE = r"^([ -]*[A-Za-z0-9][A-Za-z0-9 -]*)?$(?!\n)"
# As a shop writes it on its door, perhaps with an extension.
SHOP_PHONE = r"^[+(]{0,2}[0-9][0-9 ()./,;-]*(?:(?:转|ext\.?|x|#) ?[0-9]{1,6})?$(?!\n)"
STAFF_ID = r"^mbr_[A-Za-z0-9_]+$(?!\n)"
PRIZE_ID = r"^p[1-9][0-9]?$(?!\n)"
COUNTRY = r"^[A-Z]{2}$(?!\n)"
CURRENCY = r"^[A-Z]{3}$(?!\n)"
ACCOUNT_NUMBER = r"^[0-9][0-9 -]*[0-9]$(?!\n)"
PROVIDER_ACCOUNT = r"^acct_[A-Za-z0-9]{8,59}$(?!\n)"
BANK_REFERENCE = r"^[ ./_-]*[A-Za-z0-9][A-Za-z0-9 ./_-]*$(?!\n)"
INVOICE_NUMBER = r"^([0-9]{8}|[0-9]{20})$(?!\n)"
# Ids of partners' orders.
PARTNER_ID = r"^[A-Za-z0-9._:/-]+$(?!\n)"
# It names the hold in paths too, where "." and ".." are something else, and its entry: with ":end"
# after it, the entry that ends the hold.
HOLD_ID = r"^(?!\.{1,2}$)(?!.*:end$)[A-Za-z0-9._:-]+$(?!\n)"

_ONE_LINE = Words("须为一行文字", "must be one line of text")
_GROUPS = Words(
    "只能含字母、数字、空格和连字符，且至少有一个字母或数字",
    "may hold letters, digits, spaces, hyphens only, and at least one letter or digit",
)
_SMALL = Words(
    "只能含小写字母、数字、点、下划线和连字符",
    "may hold small letters, digits, dots, underscores and hyphens only",
)
# What is said to somebody whose text does not fit a pattern.
FORMS: dict[str, Words] = {
    PLAIN: _ONE_LINE,
    LINE: _ONE_LINE,
    LINE_OR_NONE: _ONE_LINE,
    MESSAGE: Words(
        "须为一行文字，且不含改变文字方向的符号",
        "must be one line of text, without marks that turn its direction",
    ),
    SKU: Words(
        "只能含字母、数字、点、下划线和连字符",
        "may hold letters, digits, dots, underscores and hyphens only",
    ),
    BIRTHDAY: Words("须为月和日，例如 06-18", "must be a month and a day, such as 06-18"),
    TIME_OF_DAY: Words("须为 00:00 至 23:59 的时刻，如 09:00", "must be a time such as 09:00"),
    END_OF_DAY: Words("须为 00:00 至 24:00 的时刻，如 21:00", "must be a time such as 21:00"),
    PRIZE_ID: Words("须为 p 加奖品序号，如 p1", "must be p and a prize's number, such as p1"),
    SLUG: Words("只能含小写字母、数字和连字符", "may hold small letters, digits and hyphens only"),
    PICTURE: Words(
        "须为 http(s):// 开头的图片地址，或 /pictures/ 加图片文件名",
        "must be a picture's address that begins with http(s)://, or /pictures/ and a file's name",
    ),
    OWN_PICTURE: Words("须为 /pictures/ 加图片文件名", "must be /pictures/ and a file's name"),
    AVATAR: Words("须为您上传的图片", "must be a picture that you sent"),
    LINK: Words("须为 https:// 开头的网址", "must be an address that begins with https://"),
    PAGE_LINK: Words(
        "须为 https:// 开头的网址，或 / 开头的商城页面",
        "must be an address that begins with https://, or a page of the mall that begins with /",
    ),
    OWN_PAGE: Words("须为商城页面的网址", "must be the address of a page of the mall"),
    MONTH: Words("须为年和月，例如 2026-12", "must be a year and a month, such as 2026-12"),
    DIVISION: Words("须为 6 位行政区划代码", "must be a division's six digits"),
    HEX: Words("只能含 0-9 和 a-f", "may hold 0-9 and a-f only"),
    SYSTEM: _SMALL,
    ATTRIBUTE: _SMALL,
    RULE_GROUP: _SMALL,
    CUSTOM_EVENT: Words(
        "须为 custom. 加小写字母、数字和下划线",
        "must be custom. and small letters, digits and underscores",
    ),
    RULE_EVENT: Words(
        "须为 order.paid、member.updated 或 custom. 开头的事件",
        "must be order.paid, member.updated, or an event that begins with custom.",
    ),
    STACKING: Words(
        "须为 all、best 或 exclusive: 加组名", "must be all, best, or exclusive: and a group's name"
    ),
    VOUCHER: Words(
        "只能含可见的 ASCII 字符，词间一个空格",
        "may hold visible ASCII characters only, with single spaces between words",
    ),
    ID: Words("只能含可见的 ASCII 字符", "may hold visible ASCII characters only"),
    ALNUM: Words("只能含字母和数字", "may hold letters and digits only"),
    GROUPS: _GROUPS,
    GROUPS_OR_NONE: _GROUPS,
    SHOP_PHONE: Words(
        "须为电话号码，例如 021-61234567", "must be a phone number, such as 021-61234567"
    ),
    STAFF_ID: Words(
        "须为 mbr_ 开头的会员编号",
        "must be a member's id, which begins with mbr_",
    ),
    COUNTRY: Words(
        "须为两个大写字母的国家或地区代码，例如 CN", "must be a country's two letters, such as CN"
    ),
    CURRENCY: Words(
        "须为三个大写字母的货币代码，例如 CNY", "must be a currency's three letters, such as CNY"
    ),
    ACCOUNT_NUMBER: Words("须为数字账号", "must be an account number of digits"),
    PROVIDER_ACCOUNT: Words("须为 acct_ 开头的账户", "must be an account that begins with acct_"),
    BANK_REFERENCE: Words(
        "只能含字母、数字、空格和 . / _ -，且至少有一个字母或数字",
        "may hold letters, digits, spaces and . / _ - only, and at least one letter or digit",
    ),
    INVOICE_NUMBER: Words("须为 8 位或 20 位数字", "must be 8 or 20 digits"),
    PARTNER_ID: Words(
        "只能含字母、数字和 . _ : / -", "may hold letters, digits and . _ : / - only"
    ),
    HOLD_ID: Words(
        "只能含字母、数字和 . _ : -，不能为 . 或 ..，也不能以 :end 结尾",
        "may hold letters, digits and . _ : - only, and may not be . or .. or end in :end",
    ),
}


def kind(
    limit: int,
    read: Callable[[str], str] = spelling.line,
    form: str | None = LINE,
    at_least: int = 1,
) -> Meta:
    """A kind of text: `read` spells it in the one way, the rest is asked of what comes of that."""
    return Meta(min_length=at_least or None, max_length=limit, pattern=form, extra={READ: read})


# ---- people and places

# Picasso's, in full, has 119: "Pablo Diego José Francisco de Paula Juan Nepomuceno María de los
# Remedios Cipriano de la Santísima Trinidad Ruiz y Picasso". ICAO 9303 keeps 39, a fact of
# passports, not of people.
RecipientName = Annotated[str, kind(128)]
# The longest place in use has 85 letters: Taumatawhakatangihangakoauauotamateaturipukakapikimaunga-
# horonukupokaiwhenuakitanatahu (Source: New Zealand Gazetteer). Llanfairpwllgwyngyllgogerychwyrn-
# drobwllllantysiliogogogoch has 58, 双江拉祜族佤族布朗族傣族自治县 15. Bangkok's ceremonial name
# (168 letters) stands in no postal address: mail there says กรุงเทพมหานคร.
PlaceName = Annotated[str, kind(85)]
# A place that is no part of each country's addresses.
PlaceOrNone = Annotated[str, kind(85, form=LINE_OR_NONE, at_least=0)]
# Source: SF Express, Fengqiao, EXP_RECE_CREATE_ORDER: a contact's `address` is String(200).
Street = Annotated[str, kind(200)]
# Iran's has ten digits and a hyphen. Source: UPU, Addressing Solutions; Unicode CLDR postal codes.
PostalCode = Annotated[str, kind(11, spelling.postal_code, GROUPS_OR_NONE, at_least=0)]
# Source: ISO 3166-1 alpha-2.
Country = Annotated[str, kind(2, spelling.capitals, COUNTRY, at_least=2)]
# A number of 15 digits (Source: ITU-T E.164) in groups of one with brackets and a plus.
Phone = Annotated[str, kind(40, spelling.pasted, None, at_least=5)]
# Source: RFC 5321, 4.5.3.1.3: a path has 256 bytes, of which two are its brackets.
MAX_EMAIL = 254
Email = Annotated[str, kind(MAX_EMAIL, spelling.pasted, None, at_least=3)]
# Chosen, not given: what a phone shows on one line. A member's profile and a gift's notice keep it.
Nickname = Annotated[str, kind(40)]
# Month and day: nobody needs the year.
Birthday = Annotated[str, kind(5, spelling.pasted, BIRTHDAY, at_least=5)]
Avatar = Annotated[str, kind(300, spelling.pasted, AVATAR, at_least=0)]

# ---- what people say

# An entry of a gift keeps it sealed, below 1 KB: infra/bench/sizes.py measures that.
GiftMessage = Annotated[str, kind(100, spelling.message, MESSAGE, at_least=0)]
# An order keeps it where others keep an address.
BookingNote = Annotated[str, kind(100, spelling.paragraphs, None, at_least=0)]
# An order keeps it sealed: with one, most orders take a second KB.
OrderNote = Annotated[str, kind(100, spelling.paragraphs, None, at_least=0)]
# What the staff notes about an order, for the staff alone.
StaffNote = Annotated[str, kind(500, spelling.paragraphs, None)]
# A review of goods, and what the shop says to it: paragraphs that fill a phone's screen. Chosen, as
# shops in China take 500.
ReviewText = Annotated[str, kind(500, spelling.paragraphs, None)]
# Why the staff does something, which the audit keeps sealed and a notice tells: line breaks are
# taken for spaces.
Reason = Annotated[str, kind(200, spelling.one_line)]
# Where goods are sent back to: an address of some lines, and what to put into the parcel.
ReturnInstructions = Annotated[str, kind(300, spelling.paragraphs, None)]
# What finance found out about a difference: some lines.
Finding = Annotated[str, kind(500, spelling.paragraphs, None)]

# What is searched for: a search refuses more words than it can use, by a code of its own.
SearchWords = Annotated[str, kind(10_000, spelling.one_line, None, at_least=0)]

# ---- codes that are typed or copied

# Room for a whole message that was pasted where its code belongs.
LoginCode = Annotated[str, kind(120, spelling.login_code, None)]
# Members' pictures lie with the mall: a page of the staff asks no other host.
MemberPicture = Annotated[str, kind(200, spelling.pasted, OWN_PICTURE)]
# An order keeps a line for each SKU below 1 KB.
SkuCode = Annotated[str, kind(32, spelling.pasted, SKU)]
# Single-use codes of other shops: GS1's coupons have 70 digits at most, gift cards' 16 to 25.
VoucherCode = Annotated[str, kind(64, spelling.pasted, VOUCHER)]
Carrier = Annotated[str, kind(40)]
# FedEx's bar code has 34 digits, USPS's with its ZIP code 34; people write them in groups.
TrackingNumber = Annotated[str, kind(40, spelling.unspaced_capitals, GROUPS)]

# ---- money and its papers

# Source: CNAPS 2, hvps.111: names of holders and of banks are Max60Text.
BankLine = Annotated[str, kind(60)]
# Source: ISO 13616: an IBAN has 34 characters; here with its spaces, digits only.
AccountNumber = Annotated[str, kind(40, spelling.pasted, ACCOUNT_NUMBER, at_least=8)]
ProviderAccountId = Annotated[str, kind(64, spelling.pasted, PROVIDER_ACCOUNT, at_least=0)]
# Ids of bank transfers: ISO 20022's are Max35Text, with a bank's own prefix beside them.
BankReference = Annotated[str, kind(64, spelling.pasted, BANK_REFERENCE)]
BankReferenceLine = Annotated[str, kind(60)]
# Source: State Taxation Administration, digital invoices: a buyer's name has 100 characters.
InvoiceTitle = Annotated[str, kind(100)]
# Source: GB 32100 (18 characters); older taxpayers' numbers have 15, 17 or 20.
TaxNumber = Annotated[str, kind(20, spelling.unspaced_capitals, ALNUM, at_least=15)]
InvoiceNumber = Annotated[str, kind(20, spelling.unspaced, INVOICE_NUMBER, at_least=8)]
