/** Countries, and the provinces of China, to choose from or to be offered while typing. */

/** The two letters of every country and territory with post. Source: ISO 3166-1. */
const CODES =
  "CN HK MO TW AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO " +
  "BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC " +
  "EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HN HR " +
  "HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK " +
  "LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF " +
  "NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD " +
  "SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TZ UA " +
  "UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/** They stand first, and are named as a shop in China names them. */
const NEAR = 4;

export interface Country {
  value: string;
  text: string;
}

/** All countries by their names in a language, those of `near` first and by the names given there. */
export function countries(language: string, near: Record<string, string>): Country[] {
  const names = new Intl.DisplayNames([language], { type: "region" });
  const codes = CODES.split(" ");
  const first = codes.slice(0, NEAR).map((value) => ({ value, text: near[value] ?? value }));
  const order = new Intl.Collator(language);
  const rest = codes.slice(NEAR).map((value) => ({ value, text: names.of(value) ?? value }));
  return [...first, ...rest.sort((a, b) => order.compare(a.text, b.text))];
}

/** Provinces as addresses of mainland China name them. Source: GB/T 2260. */
export const PROVINCES = (
  "北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省 福建省 江西省 " +
  "山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省 云南省 西藏自治区 陕西省 " +
  "甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区"
).split(" ");
