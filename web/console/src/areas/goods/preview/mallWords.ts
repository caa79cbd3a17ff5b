import enGoods from "../../../../../mall/src/language/en/goods.json";
import enPrice from "../../../../../mall/src/language/en/price.json";
import zhGoods from "../../../../../mall/src/language/zh-CN/goods.json";
import zhPrice from "../../../../../mall/src/language/zh-CN/price.json";

/** The mall's own words: a preview says what members will read. */
export const MALL_WORDS = {
  "zh-CN": { goods: zhGoods, price: zhPrice },
  en: { goods: enGoods, price: enPrice },
};
