import type { Language } from "./schema";

/** The usual carriers: by code, with the names that members and staff read. */
const CARRIERS = [
  { codes: ["SF"], "zh-CN": "顺丰速运", en: "SF Express" },
  { codes: ["ZTO"], "zh-CN": "中通快递", en: "ZTO Express" },
  { codes: ["YTO", "YT"], "zh-CN": "圆通速递", en: "YTO Express" },
  { codes: ["YD", "YUNDA"], "zh-CN": "韵达快递", en: "Yunda Express" },
  { codes: ["STO"], "zh-CN": "申通快递", en: "STO Express" },
  { codes: ["JD"], "zh-CN": "京东物流", en: "JD Logistics" },
  { codes: ["JT"], "zh-CN": "极兔速递", en: "J&T Express" },
  { codes: ["DP", "DBL"], "zh-CN": "德邦快递", en: "Deppon Express" },
  { codes: ["EMS"], "zh-CN": "中国邮政 EMS", en: "EMS" },
  { codes: ["CHINAPOST"], "zh-CN": "中国邮政", en: "China Post" },
] as const;

/** Names to offer where a carrier is typed; any other text may be typed, too. */
export const CARRIER_NAMES: readonly string[] = CARRIERS.map((each) => each["zh-CN"]);

/** The carrier's name where its code or name is known, or the text as it was typed. */
export function carrierName(text: string, language: Language): string {
  const code = text.trim().toUpperCase();
  const isIt = (each: (typeof CARRIERS)[number]) =>
    [...each.codes, each["zh-CN"], each.en.toUpperCase()].some((known) => known === code);
  return CARRIERS.find(isIt)?.[language] ?? text;
}
