import { type SkuForm, firstSku } from "./form";

/** The most SKUs of a product, and the most specs of a SKU. */
export const MOST_SKUS = 60;
export const MOST_AXES = 8;

/** A spec with its values, in the order of the SKUs. */
export interface Axis {
  name: string;
  values: string[];
}

/** The axes that the SKUs fill. Each SKU has the same specs in one order: `evened` sees to it. */
export function axesOf(skus: readonly SkuForm[]): Axis[] {
  return (skus[0]?.specs ?? []).map(({ name }, at) => ({
    name,
    values: [...new Set(skus.map(({ specs }) => specs[at]?.value ?? ""))],
  }));
}

/** The SKUs with the specs of all: one that a SKU lacks is empty. */
export function evened(skus: readonly SkuForm[]): SkuForm[] {
  const [first] = skus;
  const isEven = skus.every(({ specs }) => namesOf(specs) === namesOf(first.specs));
  if (isEven) return [...skus];
  const names = [...new Set(skus.flatMap(({ specs }) => specs.map(({ name }) => name)))];
  return skus.map((sku) => ({
    ...sku,
    specs: names.map((name) => ({
      name,
      value: sku.specs.find((spec) => spec.name === name)?.value ?? "",
    })),
  }));
}

export function withAxis(skus: readonly SkuForm[], name: string, value: string): SkuForm[] {
  return skus.map((sku) => ({ ...sku, specs: [...sku.specs, { name, value }] }));
}

export function withoutAxis(skus: readonly SkuForm[], axis: number): SkuForm[] {
  return skus.map((sku) => ({ ...sku, specs: sku.specs.filter((_, at) => at !== axis) }));
}

export function withName(skus: readonly SkuForm[], axis: number, name: string): SkuForm[] {
  return changed(skus, axis, (spec) => ({ ...spec, name }));
}

export function withWord(skus: readonly SkuForm[], axis: number, was: string, value: string) {
  return changed(skus, axis, (spec) => (spec.value === was ? { ...spec, value } : spec));
}

/** With a new SKU for each combination of a new value and the others' values. */
export function withValue(skus: readonly SkuForm[], axis: number, value: string): SkuForm[] {
  const others = combinations(skus.map(({ specs }) => specs.filter((_, at) => at !== axis)));
  const { name } = skus[0].specs[axis];
  const added = others.map((specs) => ({
    ...firstSku(),
    specs: [...specs.slice(0, axis), { name, value }, ...specs.slice(axis)],
  }));
  return [...skus, ...added];
}

export function withoutValue(skus: readonly SkuForm[], axis: number, value: string): SkuForm[] {
  return skus.filter(({ specs }) => specs[axis]?.value !== value);
}

/** Most letters of a code. Source: the API's document of `SkuIn`. */
const LONGEST_CODE = 32;

/** A code made of the specs, such as `LINEN-WHITE-S`; `null` where one is not in Latin letters. */
function specCode({ specs }: SkuForm, beginning: string): string | null {
  const parts = specs.map(({ value }) =>
    value
      .trim()
      .toUpperCase()
      .replace(/[\s_/.]+/g, "-"),
  );
  if (parts.length === 0 || !parts.every((part) => /^[A-Z0-9][A-Z0-9-]*$/.test(part))) return null;
  const code = [beginning, ...parts].join("-");
  return code.length <= LONGEST_CODE ? code : null;
}

/** Empty codes made of a beginning and the specs: `TEE-RED-M`; or a number: `TEE-1`, `TEE-2`. */
export function coded(skus: readonly SkuForm[], beginning: string): SkuForm[] {
  const taken = new Set(skus.map(({ sku }) => sku.trim()));
  let number = 0;
  return skus.map((sku) => {
    if (sku.sku.trim() !== "") return sku;
    const told = specCode(sku, beginning);
    if (told !== null && !taken.has(told)) {
      taken.add(told);
      return { ...sku, sku: told };
    }
    do number += 1;
    while (taken.has(`${beginning}-${number}`));
    return { ...sku, sku: `${beginning}-${number}` };
  });
}

/** A SKU's values, such as `红色 · M`. */
export function wordsOf({ specs }: SkuForm): string {
  return specs.map(({ value }) => value).join(" · ");
}

/** Whether SKUs are each combination of their values, once. */
export function isWhole(skus: readonly SkuForm[]): boolean {
  const count = axesOf(skus).reduce((product, { values }) => product * values.length, 1);
  return count === skus.length && new Set(skus.map(wordsOf)).size === skus.length;
}

function namesOf(specs: SkuForm["specs"]): string {
  return JSON.stringify(specs.map(({ name }) => name));
}

function combinations(all: SkuForm["specs"][]): SkuForm["specs"][] {
  const seen = new Map(all.map((specs) => [JSON.stringify(specs), specs]));
  return [...seen.values()];
}

function changed(
  skus: readonly SkuForm[],
  axis: number,
  to: (spec: SkuForm["specs"][number]) => SkuForm["specs"][number],
): SkuForm[] {
  return skus.map((sku) => ({
    ...sku,
    specs: sku.specs.map((spec, at) => (at === axis ? to(spec) : spec)),
  }));
}
