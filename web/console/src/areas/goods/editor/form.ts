import { whole } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

import type { Kind, Localized, Product, Status } from "../words";

import { type WordForm, wordForms, wordsToSend } from "./specWords";
import * as terms from "./terms";
import { type Clock, moneyOf, momentOf, typedMoney, wallOf } from "./typed";

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
  price: {
    points: string;
    cash: string;
    cash_equivalent: string;
    min_points: string;
    tier_points: terms.TierPoints[];
  };
  cost: string;
  limits: terms.LimitTexts & { tiers: terms.TierLimits[] };
  /** The tiers that alone may have it, such as `gold、diamond`. */
  tiers: string;
  timed_prices: terms.TimedPrice[];
  status: Status;
  on_sale_from: string;
  on_sale_until: string;
  skus: SkuForm[];
  spec_words: WordForm[];
  details: Localized;
  /** `way` tells which of the others counts. */
  validity: { way: "none" | "days" | "times"; days: string; from: string; until: string };
  use_rules: Localized;
}

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
    price: { points: "", cash: "", cash_equivalent: "", min_points: "", tier_points: [] },
    cost: "",
    limits: { ...terms.limitTexts({}), tiers: [] },
    tiers: "",
    timed_prices: [],
    status: "draft",
    on_sale_from: "",
    on_sale_until: "",
    skus: [firstSku()],
    spec_words: [],
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
      tier_points: terms.tierPointsForm(price.tier_points),
    },
    cost: typedMoney(product.cost),
    limits: { ...terms.limitTexts(limits), tiers: terms.tierLimitsForm(limits.tiers) },
    tiers: product.tiers.join(terms.TIERS),
    timed_prices: product.timed_prices.map((each) => terms.timedForm(each, clock)),
    status: product.status,
    on_sale_from: at(product.on_sale_from),
    on_sale_until: at(product.on_sale_until),
    skus: product.skus.map(({ sku, specs }) => ({
      sku,
      specs: Object.entries(specs).map(([name, value]) => ({ name, value })),
      stock: "",
    })),
    spec_words: wordForms(product.spec_words),
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
    limits: { ...terms.limitsOf(form.limits), tiers: terms.tierLimitsOf(form.limits.tiers) },
    tiers: terms.tiersOf(form.tiers),
    timed_prices: terms.timedOf(form.timed_prices, clock),
    on_sale_from: at(form.on_sale_from),
    on_sale_until: at(form.on_sale_until),
    skus: form.skus.map((sku) => skuOf(sku, kind)),
    spec_words: wordsToSend(form.spec_words, form.skus),
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
    tier_points: terms.tierPointsOf(price.tier_points),
  };
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

function skuOf(form: SkuForm, kind: Kind): Schema<"SkuDraft"> {
  const filled = form.specs.filter(({ name }) => name.trim() !== "");
  const specs = Object.fromEntries(filled.map(({ name, value }) => [name.trim(), value.trim()]));
  // Virtual goods get their stock from their codes.
  const stock = kind === "virtual" ? 0 : (whole(form.stock) ?? 0);
  return { sku: form.sku.trim(), specs, stock };
}
