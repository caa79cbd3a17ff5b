"""The goods of the seeded mall, in Chinese and English."""

from __future__ import annotations

from typing import NamedTuple

PHYSICAL, VIRTUAL, SERVICE = "physical", "virtual", "service"


class Goods(NamedTuple):
    """One product with one SKU or more: (code, a value of each of `axes`), and the stock of each
    that is not `gone`.

    In fen: `cash` is paid besides the points, `equivalent` replaces all but `least` of them.
    `booked` has times at the store. `days` is the validity, `rules` tell the use; `more` are the
    emoji of further pictures.
    """

    zh: str
    en: str
    kind: str
    category: str
    points: int
    stock: int
    emoji: str
    skus: tuple[tuple[str, ...], ...]
    per_member: int | None = None
    words: tuple[str, str] = ("", "")
    cash: int = 0
    equivalent: int = 0
    least: int = 0
    axes: tuple[str, ...] = ("规格",)
    gone: tuple[str, ...] = ()
    brand: str | None = None
    details: tuple[str, str] = ("", "")
    days: int | None = None
    rules: tuple[str, str] = ("", "")
    booked: bool = False
    more: tuple[str, ...] = ()


CATEGORIES = (
    ("home", "家居生活", "Home and living"),
    ("digital", "数码电子", "Digital"),
    ("food", "食品饮料", "Food and drink"),
    ("beauty", "美妆个护", "Beauty and care"),
    ("apparel", "服饰鞋包", "Clothes and bags"),
    ("outdoor", "运动户外", "Sports and outdoor"),
    ("cards", "卡券会员", "Vouchers and memberships"),
    ("services", "生活服务", "Services"),
)

BRANDS = (
    ("jifen", "积分优选", "Jifen Select"),
    ("nanshan", "南山", "Nanshan"),
)

# Names and values of specs.
ENGLISH = {
    "规格": "Type", "颜色": "Colour", "尺码": "Size",
    "红": "Red", "蓝": "Blue", "藏青": "Navy", "白": "White", "黑": "Black", "灰": "Grey",
    "粉": "Pink", "绿": "Green", "紫": "Purple", "米": "Cream", "卡其": "Khaki", "沙色": "Sand",
    "木质": "Wood", "海盐": "Sea salt", "中度烘焙": "Medium roast", "三支": "Three tubes",
    "10 片": "10 pieces", "20 升": "20 litres", "250 克": "250 g", "500 克": "500 g",
    "750 克": "750 g", "5 公斤": "5 kg", "上海": "Shanghai", "月卡": "One month",
    "季卡": "Three months", "周卡": "One week", "10 元": "10 yuan", "30 元": "30 yuan",
    "标准": "Standard", "2 小时": "2 hours",
}  # fmt: skip

_TEE_ZH = (
    "<h2>面料</h2><p>新疆长绒棉，<strong>220 克</strong>重磅，洗后不变形。</p>"
    '<img src="/pictures/tee-red-s-2.svg" alt="平铺图">'
    "<h2>尺码</h2><table><tbody><tr><th>尺码</th><th>胸围</th><th>衣长</th></tr>"
    "<tr><td>S</td><td>96 厘米</td><td>66 厘米</td></tr>"
    "<tr><td>M</td><td>102 厘米</td><td>69 厘米</td></tr>"
    "<tr><td>L</td><td>108 厘米</td><td>72 厘米</td></tr></tbody></table>"
    "<ul><li>30 ℃ 以下水洗</li><li>不可漂白</li></ul>"
)
_TEE_EN = (
    "<h2>Fabric</h2><p>Long-staple cotton of <strong>220 grams</strong>, keeps its shape.</p>"
    '<img src="/pictures/tee-red-s-2.svg" alt="Laid out">'
    "<h2>Sizes</h2><table><tbody><tr><th>Size</th><th>Chest</th><th>Length</th></tr>"
    "<tr><td>S</td><td>96 cm</td><td>66 cm</td></tr>"
    "<tr><td>M</td><td>102 cm</td><td>69 cm</td></tr>"
    "<tr><td>L</td><td>108 cm</td><td>72 cm</td></tr></tbody></table>"
    "<ul><li>Wash below 30 °C</li><li>Do not bleach</li></ul>"
)

GOODS = (
    Goods("304 不锈钢保温杯", "Stainless thermos cup", PHYSICAL, "home", 800, 60, "🥤",
          (("CUP-RED", "红"), ("CUP-BLUE", "蓝")), 2,
          ("500 毫升，保温 12 小时。", "500 ml, keeps warm for 12 hours.")),
    Goods("竹纤维毛巾三条装", "Bamboo towels, set of three", PHYSICAL, "home", 450, 200, "🧺",
          (("TOWEL-3", "米"),)),
    Goods("香薰蜡烛", "Scented candle", PHYSICAL, "home", 520, 120, "🕯️",
          (("CANDLE-WOOD", "木质"), ("CANDLE-SEA", "海盐"))),
    Goods("记忆棉靠枕", "Memory foam cushion", PHYSICAL, "home", 980, 80, "🛋️",
          (("CUSHION-GREY", "灰"),)),
    Goods("陶瓷餐具四件套", "Ceramic tableware, four pieces", PHYSICAL, "home", 1680, 50, "🍽️",
          (("DISHES-4", "白"),)),
    Goods("折叠雨伞", "Folding umbrella", PHYSICAL, "home", 600, 150, "🌂",
          (("UMBRELLA-NAVY", "藏青"), ("UMBRELLA-KHAKI", "卡其"))),
    Goods("4 升空气炸锅", "Air fryer, 4 litres", PHYSICAL, "home", 1200, 40, "🍟",
          (("FRYER-4", "白"),), cash=9900, equivalent=12000, least=200),
    Goods("蓝牙耳机", "Wireless earphones", PHYSICAL, "digital", 9900, 30, "🎧",
          (("EARPHONES-WHITE", "白"), ("EARPHONES-BLACK", "黑")), 1,
          ("主动降噪，续航 24 小时。", "Noise cancelling, 24 hours of play.")),
    Goods("10000 毫安充电宝", "Power bank 10,000 mAh", PHYSICAL, "digital", 3900, 60, "🔋",
          (("POWERBANK-10", "黑"),)),
    Goods("65W 快充头", "65 W fast charger", PHYSICAL, "digital", 2980, 90, "🔌",
          (("CHARGER-65", "白"),)),
    Goods("无线鼠标", "Wireless mouse", PHYSICAL, "digital", 2200, 70, "🖱️",
          (("MOUSE-GREY", "灰"),)),
    Goods("智能手环", "Fitness band", PHYSICAL, "digital", 6800, 25, "⌚",
          (("BAND-BLACK", "黑"), ("BAND-PINK", "粉")), 1),
    Goods("云南小粒咖啡 20 条", "Yunnan coffee, 20 sticks", PHYSICAL, "food", 680, 300, "☕",
          (("COFFEE-20", "中度烘焙"),)),
    Goods("安溪铁观音礼盒", "Tieguanyin tea gift box", PHYSICAL, "food", 1880, 60, "🍵",
          (("TEA-TGY", "250 克"),)),
    Goods("每日坚果 30 包", "Daily nuts, 30 packs", PHYSICAL, "food", 1280, 150, "🥜",
          (("NUTS-30", "750 克"),)),
    Goods("长白山椴树蜜", "Linden honey from Changbai", PHYSICAL, "food", 880, 100, "🍯",
          (("HONEY-500", "500 克"),)),
    Goods("五常大米 5 公斤", "Wuchang rice 5 kg", PHYSICAL, "food", 1080, 120, "🍚",
          (("RICE-5", "5 公斤"),)),
    Goods("玻尿酸面膜 10 片", "Hyaluronic masks, 10 pieces", PHYSICAL, "beauty", 1380, 90, "💆",
          (("MASK-10", "10 片"),)),
    Goods("声波电动牙刷", "Sonic toothbrush", PHYSICAL, "beauty", 3600, 40, "🪥",
          (("BRUSH-WHITE", "白"), ("BRUSH-GREEN", "绿")), 1),
    Goods("护手霜礼盒", "Hand cream gift set", PHYSICAL, "beauty", 760, 110, "🧴",
          (("CREAM-3", "三支"),)),
    Goods("瑜伽垫", "Yoga mat", PHYSICAL, "outdoor", 1500, 60, "🧘",
          (("MAT-PURPLE", "紫"), ("MAT-GREEN", "绿"))),
    Goods("重磅纯棉 T 恤", "Heavy cotton T-shirt", PHYSICAL, "apparel", 1280, 30, "👕",
          (("TEE-RED-S", "红", "S"), ("TEE-RED-M", "红", "M"), ("TEE-RED-L", "红", "L"),
           ("TEE-BLUE-S", "藏青", "S"), ("TEE-BLUE-M", "藏青", "M"), ("TEE-BLUE-L", "藏青", "L"),
           ("TEE-WHITE-S", "白", "S"), ("TEE-WHITE-M", "白", "M"), ("TEE-WHITE-L", "白", "L")),
          words=("男女同款，四季可穿。", "For everybody, all year round."),
          axes=("颜色", "尺码"), gone=("TEE-RED-L", "TEE-WHITE-S"), brand="nanshan",
          details=(_TEE_ZH, _TEE_EN), more=("📐", "🧵")),
    Goods("轻量双肩包", "Light backpack", PHYSICAL, "outdoor", 2600, 45, "🎒",
          (("PACK-20", "20 升"),)),
    Goods("露营折叠椅", "Camping chair", PHYSICAL, "outdoor", 1980, 35, "🪑",
          (("CHAIR-SAND", "沙色"),)),
    Goods("限量城市徽章", "Limited city badge", PHYSICAL, "outdoor", 100, 8, "🏅",
          (("BADGE-SH", "上海"),), 1,
          ("每位会员限兑一枚。", "One for each member.")),
    Goods("10 元话费充值码", "Phone top-up code, 10 yuan", VIRTUAL, "cards", 1000, 60, "📱",
          (("TOPUP-10", "10 元"),), 5,
          ("自兑换之日起 30 天内有效，在运营商网站输入充值码。",
           "Valid for 30 days; enter it on the carrier's site.")),
    Goods("视频会员月卡", "Video membership, one month", VIRTUAL, "cards", 1500, 40, "🎬",
          (("VIDEO-MONTH", "月卡"),), 3,
          ("视频会员一个月，手机与电视通用。", "One month, on phones and television."),
          days=30, rules=("在视频 App 的“兑换会员”处输入激活码。\n每个账号每月限用一次。",
                          "Enter the code under Redeem in the app.\nOnce a month per account.")),
    Goods("音乐会员季卡", "Music membership, three months", VIRTUAL, "cards", 2400, 30, "🎵",
          (("MUSIC-QUARTER", "季卡"),)),
    Goods("咖啡店 30 元券", "Coffee shop voucher, 30 yuan", VIRTUAL, "cards", 2600, 30, "🎟️",
          (("VOUCHER-COFFEE", "30 元"),)),
    Goods("电影通兑票", "Cinema ticket", VIRTUAL, "cards", 600, 60, "🎞️",
          (("CINEMA-1", "2D/3D"),), words=("凭码在影院 App 换票。", "Enter the code in the app."),
          equivalent=3600, least=100),
    Goods("电子书畅读周卡", "E-book pass, one week", VIRTUAL, "cards", 300, 50, "📚",
          (("BOOKS-WEEK", "周卡"),)),
    Goods("汽车标准洗车", "Car wash", SERVICE, "services", 1800, 40, "🚗",
          (("CARWASH", "标准"),), booked=True),
    Goods("家庭保洁 2 小时", "Home cleaning, two hours", SERVICE, "services", 5800, 20, "🧹",
          (("CLEANING-2H", "2 小时"),)),
)  # fmt: skip
