import { minor } from "@jifen/shared/money";
import { whole } from "@jifen/shared/points";

import { CURRENCY } from "@/program";

import { type ProductForm, type SkuForm, scenesOf } from "./form";
import { isWhole } from "./matrix";
import { isSku } from "../skus";
import { pictureMistake } from "./pictures";
import { termMistakes, wrongLeast, wrongMoney, wrongPoints } from "./termChecks";

/** A mistake: the key of its text below `goods.mistakes`. */
export type Mistake =
  | "needed"
  | "whole"
  | "count"
  | "money"
  | "abovePoints"
  | "needsEquivalent"
  | "beforeStart"
  | "tooMany"
  | "skuLetters"
  | "skuTwice"
  | "noSku"
  | "specTwice"
  | "specValue"
  | "specHoles"
  | "days"
  | "tierTwice"
  | "tierLong"
  | "tooManyTiers"
  | "tooManyUnits"
  | "notAfterFrom"
  | "overlaps"
  | "someTime"
  | "pictureData"
  | "pictureAddress"
  | "pictureLong"
  | "pictureHeavy";

/** A field as the API names it, such as `skus[0].sku`, with what is wrong with it. */
type Found = [field: string, mistake: Mistake][];

const MAX_SCENES = 10;
const MAX_DAYS = 3650;

/** The mistakes of a form that can be told before it is sent; `known` SKUs stay as they are. */
export function mistakesOf(form: ProductForm, known: ReadonlySet<string>): Map<string, Mistake> {
  return new Map([
    ...textMistakes(form),
    ...priceMistakes(form),
    ...termMistakes(form).flatMap(([field, mistake]) => one(field, mistake)),
    ...windowMistakes(form),
    ...form.pictures.flatMap((each, at) => one(`pictures[${at}]`, pictureMistake(each))),
    ...skuMistakes(form, known),
    ...validityMistakes(form),
  ]);
}

function textMistakes({ title, category, scene }: ProductForm): Found {
  return [
    ...one("title.zh-CN", title["zh-CN"].trim() === "" && "needed"),
    ...one("title.en", title.en.trim() === "" && "needed"),
    ...one("category", category === "" && "needed"),
    ...one("scene", scenesOf(scene).length > MAX_SCENES && "tooMany"),
  ];
}

function priceMistakes({ price, cost }: ProductForm): Found {
  return [
    ...one("price.points", wrongPoints(price.points)),
    ...one("price.cash", wrongMoney(price.cash)),
    ...one("price.cash_equivalent", wrongMoney(price.cash_equivalent)),
    ...one("price.min_points", wrongLeast(price)),
    ...one("cost", cost !== "" && minor(cost, CURRENCY) === null && "money"),
  ];
}

function windowMistakes({ on_sale_from: from, on_sale_until: until }: ProductForm): Found {
  return one("on_sale_until", isBefore(until, from) && "beforeStart");
}

function validityMistakes({ kind, validity }: ProductForm): Found {
  if (kind === "physical" || validity.way === "none") return [];
  if (validity.way === "times") return timesMistakes(validity);
  const count = whole(validity.days);
  return one("validity.days", (!count || count > MAX_DAYS) && "days");
}

function timesMistakes({ from, until }: ProductForm["validity"]): Found {
  if (from === "" && until === "") return one("validity", "someTime");
  return one("validity.until", isBefore(until, from) && "beforeStart");
}

/** Whether two times are typed, and the end is not after the start. */
function isBefore(until: string, from: string): boolean {
  return from !== "" && until !== "" && until <= from;
}

function skuMistakes({ skus, kind }: ProductForm, known: ReadonlySet<string>): Found {
  const codes = skus.map(({ sku }) => sku.trim());
  const each = skus.flatMap((sku, at) => {
    const isTwice = codes.indexOf(codes[at]) < at;
    const isCounted = kind !== "virtual" && !known.has(codes[at]);
    return [
      ...one(`skus[${at}].sku`, !isSku(codes[at]) ? "skuLetters" : isTwice && "skuTwice"),
      ...one(`skus[${at}].specs`, wrongSpecs(sku)),
      ...one(`skus[${at}].stock`, isCounted && whole(sku.stock) === null && "count"),
    ];
  });
  const isUneven = each.every(([field]) => !field.endsWith(".specs")) && !isWhole(skus);
  return [...one("skus", skus.length === 0 ? "noSku" : isUneven && "specHoles"), ...each];
}

function wrongSpecs({ specs }: SkuForm) {
  const names = specs.map(({ name }) => name.trim()).filter((name) => name !== "");
  if (new Set(names).size < names.length) return "specTwice";
  return (
    specs.some(({ name, value }) => (name.trim() === "") !== (value.trim() === "")) && "specValue"
  );
}

function one(field: string, mistake: Mistake | false | null): Found {
  return mistake ? [[field, mistake]] : [];
}
