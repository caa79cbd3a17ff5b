import { minor, typed } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

type Draft = Schema<"FreightDraft">;
type Region = Schema<"FreightRegion">;
export type Template = Schema<"FreightTemplateView">;
export type Province = Region["provinces"][number];

/** Source: GB/T 2260, as the API names them. */
export const PROVINCES: readonly Province[] = [
  ..."北京市 天津市 河北省 山西省 内蒙古自治区 辽宁省 吉林省 黑龙江省 上海市 江苏省 浙江省 安徽省".split(
    " ",
  ),
  ..."福建省 江西省 山东省 河南省 湖北省 湖南省 广东省 广西壮族自治区 海南省 重庆市 四川省 贵州省".split(
    " ",
  ),
  ..."云南省 西藏自治区 陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区 台湾省".split(" "),
  ..."香港特别行政区 澳门特别行政区".split(" "),
] as Province[];

/** The fees of some provinces as a person types them; no provinces are all others. */
export interface RegionForm {
  provinces: Province[];
  first: string;
  fee: string;
  step: string;
  step_fee: string;
}

/** A template as a person types it: money is in major units. */
export interface FreightForm {
  zh: string;
  en: string;
  charged_by: Draft["charged_by"];
  paid_in: Template["paid_in"];
  regions: RegionForm[];
  freePoints: string;
  freeCash: string;
  tiers: string;
}

export function firstRegion(): RegionForm {
  return { provinces: [], first: "1000", fee: "", step: "", step_fee: "" };
}

export function firstForm(): FreightForm {
  return {
    zh: "",
    en: "",
    charged_by: "weight",
    paid_in: "cash",
    regions: [firstRegion()],
    freePoints: "",
    freeCash: "",
    tiers: "",
  };
}

export function formOf(template: Template): FreightForm {
  const { charged_by, paid_in, free, title } = template;
  const fee = (amount: number) => (paid_in === "cash" ? cashText(amount) : String(amount));
  return {
    zh: title["zh-CN"],
    en: title.en,
    charged_by,
    paid_in,
    regions: template.regions.map((region) => ({
      provinces: [...region.provinces],
      first: String(region.first),
      fee: fee(region.fee),
      step: region.step === null ? "" : String(region.step),
      step_fee: region.step === null ? "" : fee(region.step_fee),
    })),
    freePoints: free.points === null ? "" : String(free.points),
    freeCash: free.cash === null ? "" : cashText(free.cash),
    tiers: free.tiers.join(", "),
  };
}

/** The template that the form says; `null` while it is not complete. */
export function bodyOf(form: FreightForm): Draft | null {
  const regions = form.regions.map((region) => regionOf(region, form.paid_in));
  const [free, zh, en] = [freeOf(form), form.zh.trim(), form.en.trim()];
  if (free === null || zh === "" || en === "" || regions.includes(null)) return null;
  const { charged_by, paid_in } = form;
  return { title: { "zh-CN": zh, en }, charged_by, paid_in, regions: regions as Region[], free };
}

function freeOf(form: FreightForm): Draft["free"] | null {
  const [points, cash] = [count(form.freePoints), cashIn(form.freeCash)];
  if (points === null || cash === null) return null;
  const tiers = form.tiers.split(/[,，、\s]+/).filter(Boolean);
  return {
    ...(points === undefined ? {} : { points }),
    ...(cash === undefined ? {} : { cash }),
    tiers,
  };
}

function regionOf(form: RegionForm, paidIn: Template["paid_in"]): Region | null {
  const read = paidIn === "cash" ? cashIn : count;
  const [first, fee, step] = [count(form.first), read(form.fee), count(form.step)];
  const stepFee = step === undefined ? 0 : read(form.step_fee);
  if (!first || typeof fee !== "number" || step === null || typeof stepFee !== "number") {
    return null;
  }
  return { provinces: form.provinces, first, fee, step: step ?? null, step_fee: stepFee };
}

/** Nothing typed is `undefined`, no such number `null`. */
function count(text: string): number | null | undefined {
  if (text.trim() === "") return undefined;
  return /^\d{1,8}$/.test(text.trim()) ? Number(text) : null;
}

function cashIn(text: string): number | null | undefined {
  return text.trim() === "" ? undefined : minor(text, CURRENCY);
}

function cashText(amount: number): string {
  return typed({ amount, currency: CURRENCY });
}
