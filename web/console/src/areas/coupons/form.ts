import type { Schema } from "@jifen/shared/schema";

export type Template = Schema<"TemplateView">;
export type Kind = Template["kind"];
type Parts = Schema<"TemplateChange">;
type Scope = NonNullable<Parts["scope"]>;

export const KINDS: readonly Kind[] = [
  "amount_off",
  "percent_off",
  "points_off",
  "free_freight",
  "gift",
];
export const SCOPES = ["skus", "products", "categories", "brands"] as const;
export const STATES = ["published", "draft", "retired"] as const;
export const TONES = { draft: "wait", published: "good", retired: "quiet" } as const;
const SWITCHES = [
  "listed",
  "transferable",
  "usable_in_shops",
  "with_campaigns",
  "back_on_return",
] as const;
export { SWITCHES };

/** A template as a person types it: numbers are texts, and none is an empty one. */
interface TemplateForm {
  kind: Kind;
  zh: string;
  en: string;
  textZh: string;
  textEn: string;
  cash: string;
  points: string;
  percent: string;
  capPoints: string;
  capCash: string;
  giftSku: string;
  giftQuantity: string;
  leastPoints: string;
  leastCash: string;
  /** Names, one after another; none of all is all goods. */
  skus: string;
  products: string;
  categories: string;
  brands: string;
  /** SKUs that are left out. */
  butSkus: string;
  butCategories: string;
  days: string;
  from: string;
  until: string;
  offeredFrom: string;
  offeredUntil: string;
  total: string;
  perMember: string;
  price: string;
  switches: (typeof SWITCHES)[number][];
}

const NEW: TemplateForm = {
  kind: "amount_off",
  zh: "",
  en: "",
  textZh: "",
  textEn: "",
  cash: "10",
  points: "100",
  percent: "10",
  capPoints: "",
  capCash: "",
  giftSku: "",
  giftQuantity: "1",
  leastPoints: "",
  leastCash: "",
  skus: "",
  products: "",
  categories: "",
  brands: "",
  butSkus: "",
  butCategories: "",
  days: "30",
  from: "",
  until: "",
  offeredFrom: "",
  offeredUntil: "",
  total: "",
  perMember: "1",
  price: "0",
  switches: ["listed", "with_campaigns"],
};

const text = (value: number | null | undefined) => (value ? String(value) : "");
const major = (cents: number | null | undefined) => (cents ? String(cents / 100) : "");
const names = (found: readonly string[] | undefined) => (found ?? []).join(" ");

/** `local` tells a moment as a field of day and time has it. */
export function formOf(template: Template | null, local: (at: string) => string): TemplateForm {
  if (template === null) return { ...NEW, switches: [...NEW.switches] };
  return {
    kind: template.kind,
    zh: template.title["zh-CN"],
    en: template.title.en,
    textZh: template.text["zh-CN"] ?? "",
    textEn: template.text.en ?? "",
    ...worthIn(template),
    ...scopeIn(template.scope),
    ...timesIn(template, (moment) => (moment ? local(moment) : "")),
    total: text(template.total),
    perMember: text(template.per_member),
    price: String(template.price_points),
    switches: SWITCHES.filter((each) => template[each]),
  };
}

function worthIn(template: Template) {
  return {
    cash: template.kind === "amount_off" ? major(template.amount) : NEW.cash,
    points: template.kind === "points_off" ? text(template.amount) : NEW.points,
    percent: text(template.percent) || NEW.percent,
    capPoints: text(template.cap_points),
    capCash: major(template.cap_cash),
    giftSku: template.gift_sku ?? "",
    giftQuantity: text(template.gift_quantity),
    leastPoints: text(template.least_points),
    leastCash: major(template.least_cash),
  };
}

function scopeIn({ skus, products, categories, brands, except }: Template["scope"]) {
  return {
    skus: names(skus),
    products: names(products),
    categories: names(categories),
    brands: names(brands),
    butSkus: names(except?.skus),
    butCategories: names(except?.categories),
  };
}

function timesIn({ valid, offered }: Template, at: (moment: string | null | undefined) => string) {
  return {
    days: text(valid.days),
    from: at(valid.from),
    until: at(valid.until),
    offeredFrom: at(offered.from),
    offeredUntil: at(offered.until),
  };
}

const number = (value: string) => Number(value.trim() || "0");
const limit = (value: string) => (value.trim() === "" ? null : Number(value));
const cents = (value: string) => Math.round(Number(value.trim() || "0") * 100);
const centsOrNone = (value: string) => (value.trim() === "" ? null : cents(value));
export const listIn = (value: string) => value.split(/[\s,，;；、]+/).filter(Boolean);

/** Whether the form has what each template needs, and numbers where numbers belong. */
export function isWhole(form: TemplateForm): boolean {
  const counts = [form.points, form.percent, form.capPoints, form.giftQuantity, form.leastPoints];
  const more = [form.days, form.total, form.perMember, form.price];
  const sums = [form.cash, form.capCash, form.leastCash];
  const named = form.zh.trim() !== "" && form.en.trim() !== "";
  return (
    named &&
    [...counts, ...more].every((each) => /^\d*$/.test(each.trim())) &&
    sums.every((each) => /^(\d+(\.\d{1,2})?)?$/.test(each.trim()))
  );
}

function scopeOf(form: TemplateForm): Scope {
  const but = { skus: listIn(form.butSkus), categories: listIn(form.butCategories) };
  const lists = SCOPES.map((each) => [each, listIn(form[each])] as const);
  const named = Object.fromEntries(lists.filter(([, found]) => found.length > 0));
  const goods = Object.keys(named).length > 0 ? named : { all: true };
  return but.skus.length + but.categories.length > 0 ? { ...goods, except: but } : goods;
}

function termsOf(form: TemplateForm): Parts {
  if (form.kind === "amount_off") return { amount: cents(form.cash) };
  if (form.kind === "points_off") return { amount: number(form.points) };
  if (form.kind === "percent_off") {
    return {
      percent: number(form.percent),
      cap_points: limit(form.capPoints),
      cap_cash: centsOrNone(form.capCash),
    };
  }
  if (form.kind === "gift") {
    return { gift_sku: form.giftSku.trim() || null, gift_quantity: number(form.giftQuantity) || 1 };
  }
  return {};
}

/** What the API takes; `moment` tells a field's day and time as a moment. */
export function partsOf(form: TemplateForm, moment: (local: string) => string | null) {
  const has = (each: (typeof SWITCHES)[number]) => form.switches.includes(each);
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    text: { "zh-CN": form.textZh.trim(), en: form.textEn.trim() },
    ...termsOf(form),
    scope: scopeOf(form),
    least_points: number(form.leastPoints),
    least_cash: cents(form.leastCash),
    valid: { days: limit(form.days), from: moment(form.from), until: moment(form.until) },
    offered: { from: moment(form.offeredFrom), until: moment(form.offeredUntil) },
    total: limit(form.total),
    per_member: limit(form.perMember),
    price_points: number(form.price),
    ...Object.fromEntries(SWITCHES.map((each) => [each, has(each)])),
  };
}
