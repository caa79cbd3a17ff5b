/** The matrix of a product's SKUs, and what a member has chosen of it. */
import type { Schema } from "@jifen/shared/schema";

type Sku = Schema<"SkuView">;

/** A value of each spec that is chosen. */
export type Choice = Record<string, string>;

/** Axes, and the SKUs that fill them. */
interface Matrix {
  axes: Schema<"Axis">[];
  skus: Sku[];
}

/** SKUs of an earlier release that are no matrix are told apart by one spec, called `name`. */
export function matrixOf(axes: Schema<"Axis">[], skus: Sku[], name: string): Matrix {
  const told = new Set(skus.map(({ specs }) => JSON.stringify(axes.map((at) => specs[at.name]))));
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (told.size === skus.length && count === skus.length) return { axes, skus };
  const words = skus.map(({ sku, specs }) => Object.values(specs).join(" · ") || sku);
  const values = words.map((each, at) => (words.indexOf(each) < at ? skus[at].sku : each));
  return {
    axes: [{ name, values }],
    skus: skus.map((sku, at) => ({ ...sku, specs: { [name]: values[at] } })),
  };
}

/** The SKU of a whole choice. */
export function skuOf(choice: Choice, skus: readonly Sku[]): Sku | null {
  return skus.find((sku) => isSame(sku.specs, choice)) ?? null;
}

/** The specs of the SKU that is offered first: one that is to be had, if there is any. */
export function firstChoice(skus: readonly Sku[]): Choice {
  const open = skus.find(isOpen) ?? skus[0];
  return { ...open?.specs };
}

/** Whether something with this value is to be had, beside what else is chosen. */
export function isToBeHad(name: string, value: string, choice: Choice, skus: readonly Sku[]) {
  const wanted = { ...choice, [name]: value };
  return skus.some((sku) => isOpen(sku) && fits(sku.specs, wanted));
}

/** The choice after a value was pressed: pressed again, its spec is free. */
export function pressed(name: string, value: string, choice: Choice): Choice {
  const { [name]: was, ...others } = choice;
  return was === value ? others : { ...others, [name]: value };
}

function isOpen({ stock }: Sku): boolean {
  return stock.status !== "sold_out";
}

function fits(specs: Choice, wanted: Choice): boolean {
  return Object.entries(wanted).every(([name, value]) => specs[name] === value);
}

function isSame(specs: Choice, choice: Choice): boolean {
  return Object.keys(specs).length === Object.keys(choice).length && fits(specs, choice);
}
