import { minor, typed } from "@jifen/shared/money";
import { whole } from "@jifen/shared/points";
import type { Money, Schema } from "@jifen/shared/schema";
import type { Times } from "@jifen/shared/times";

import { CURRENCY } from "@/program";

import type { Kind, Localized, Product, Status } from "../words";

/** A SKU as a person types it. `stock` counts for new ones only. */
export interface SkuForm {
  sku: string;
  specs: { name: string; value: string }[];
  stock: string;
}

/** A product as a person types it: figures are texts, times are the program's clock. */
export interface ProductForm {
  title: Localized;
  description: Localized;
  kind: Kind;
  category: string;
  brand: string;
  scene: string;
  pictures: string[];
  price: { points: string; cash: string; cash_equivalent: string; min_points: string };
  cost: string;
  limits: { per_member: string; per_order: string };
  status: Status;
  on_sale_from: string;
  on_sale_until: string;
  skus: SkuForm[];
  details: Localized;
  /** `way` tells which of the others counts. */
  validity: { way: "none" | "days" | "times"; days: string; from: string; until: string };
  use_rules: Localized;
}

/** How moments and the program's clock are turned into each other. */
export type Clock = Pick<Times, "day" | "clock" | "moment">;

const NO_VALIDITY = { way: "none", days: "", from: "", until: "" } as const;

export function firstForm(): ProductForm {
  return {
    title: { "zh-CN": "", en: "" },
    description: { "zh-CN": "", en: "" },
    kind: "physical",
    category: "",
    brand: "",
    scene: "",
    pictures: [],
    price: { points: "", cash: "", cash_equivalent: "", min_points: "" },
    cost: "",
    limits: { per_member: "", per_order: "" },
    status: "draft",
    on_sale_from: "",
    on_sale_until: "",
    skus: [firstSku()],
    details: { "zh-CN": "", en: "" },
    validity: { ...NO_VALIDITY },
    use_rules: { "zh-CN": "", en: "" },
  };
}

export function firstSku(): SkuForm {
  return { sku: "", specs: [], stock: "0" };
}

export function formOf(product: Product, clock: Clock): ProductForm {
  const { price, limits } = product;
  const at = (moment: string | null) => (moment === null ? "" : wallOf(moment, clock));
  return {
    title: { ...product.title },
    description: { ...product.description },
    kind: product.kind,
    category: product.category,
    brand: product.brand ?? "",
    scene: product.scene.join(SCENES),
    pictures: [...product.pictures],
    price: {
      points: String(price.points),
      cash: typedMoney(price.cash),
      cash_equivalent: typedMoney(price.cash_equivalent),
      min_points: price.cash_equivalent === null ? "" : String(price.min_points ?? 0),
    },
    cost: typedMoney(product.cost),
    limits: {
      per_member: String(limits.per_member ?? ""),
      per_order: String(limits.per_order ?? ""),
    },
    status: product.status,
    on_sale_from: at(product.on_sale_from),
    on_sale_until: at(product.on_sale_until),
    skus: product.skus.map(({ sku, specs }) => ({
      sku,
      specs: Object.entries(specs).map(([name, value]) => ({ name, value })),
      stock: "",
    })),
    details: { ...product.details },
    validity: validityForm(product.validity, at),
    use_rules: { ...product.use_rules },
  };
}

/** The product to send, of a form without mistakes. */
export function draftOf(form: ProductForm, clock: Clock): Schema<"ProductDraft"> {
  const { title, description, kind, category, status } = form;
  const at = (wall: string) => (wall === "" ? null : momentOf(wall, clock));
  return {
    title: { "zh-CN": title["zh-CN"].trim(), en: title.en.trim() },
    description: { ...description },
    kind,
    category,
    status,
    brand: form.brand.trim() || null,
    scene: scenesOf(form.scene),
    pictures: form.pictures.map((each) => each.trim()).filter((each) => each !== ""),
    price: priceOf(form),
    cost: moneyOf(form.cost),
    limits: { per_member: whole(form.limits.per_member), per_order: whole(form.limits.per_order) },
    on_sale_from: at(form.on_sale_from),
    on_sale_until: at(form.on_sale_until),
    skus: form.skus.map((sku) => skuOf(sku, kind)),
    details: { ...form.details },
    validity: kind === "physical" ? null : validityOf(form.validity, at),
    use_rules: { ...form.use_rules },
  };
}

/** The parts of a product that differ from `base`. Only new SKUs say their stock. */
export function changeOf(
  base: ProductForm,
  form: ProductForm,
  clock: Clock,
): Schema<"ProductChange"> {
  const [before, now] = [draftOf(base, clock), draftOf(form, clock)];
  const known = new Set(base.skus.map(({ sku }) => sku));
  const skus = now.skus.map(({ stock, ...sku }) => (known.has(sku.sku) ? sku : { ...sku, stock }));
  const old = before.skus.map(({ sku, specs }) => ({ sku, specs }));
  const parts = { ...now, skus } as Schema<"ProductChange">;
  const names = Object.keys(parts) as (keyof Schema<"ProductChange">)[];
  const changed = names.filter((name) => {
    const seen = name === "skus" ? old : before[name];
    return JSON.stringify(seen) !== JSON.stringify(parts[name]);
  });
  return Object.fromEntries(changed.map((name) => [name, parts[name]]));
}

/** The price that a form says, with its least points as the API shows them to members. */
export function priceOf({ price }: ProductForm): Schema<"Price"> {
  const equivalent = moneyOf(price.cash_equivalent);
  return {
    points: whole(price.points) ?? 0,
    cash: moneyOf(price.cash),
    cash_equivalent: equivalent,
    min_points: equivalent === null ? null : (whole(price.min_points) ?? 0),
    tier_points: null,
  };
}

/** What the program's clock says at a moment, as a browser's control has it: `2026-11-29T16:00`. */
function wallOf(moment: string, clock: Clock): string {
  const at = new Date(moment);
  return `${clock.day(at)}T${clock.clock(at)}`;
}

/** The moment at which the program's clock says `2026-11-29T16:00`. What is no time stays. */
export function momentOf(wall: string, clock: Clock): string {
  const [day, time] = wall.split("T");
  return clock.moment(day, time) ?? wall;
}

function validityForm(
  validity: Product["validity"],
  at: (moment: string | null) => string,
): ProductForm["validity"] {
  if (validity === null) return { ...NO_VALIDITY };
  const { days, from, until } = validity;
  if (days !== null) return { ...NO_VALIDITY, way: "days", days: String(days) };
  return { ...NO_VALIDITY, way: "times", from: at(from), until: at(until) };
}

function validityOf(
  { way, days, from, until }: ProductForm["validity"],
  at: (wall: string) => string | null,
): Schema<"Validity"> | null {
  if (way === "none") return null;
  return way === "days" ? { days: whole(days) } : { from: at(from), until: at(until) };
}

const SCENES = "、";

export function scenesOf(text: string): string[] {
  const words = text.split(/[、,，;；]/).map((each) => each.trim());
  return words.filter((each) => each !== "");
}

/** The money that a person typed in major units; `null` where it is none, or nothing. */
export function moneyOf(text: string): Money | null {
  const amount = minor(text, CURRENCY);
  return amount === null || amount === 0 ? null : { amount, currency: CURRENCY };
}

function typedMoney(value: Money | null): string {
  return value === null ? "" : typed(value);
}

function skuOf(form: SkuForm, kind: Kind): Schema<"SkuDraft"> {
  const filled = form.specs.filter(({ name }) => name.trim() !== "");
  const specs = Object.fromEntries(filled.map(({ name, value }) => [name.trim(), value.trim()]));
  // Virtual goods get their stock from their codes.
  const stock = kind === "virtual" ? 0 : (whole(form.stock) ?? 0);
  return { sku: form.sku.trim(), specs, stock };
}
