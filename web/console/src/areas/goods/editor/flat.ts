import type { ProductForm } from "./form";

/** A form field by field, as the API names them: `title.en`, `price.points`, `skus`. */
export type Flat = Record<string, unknown>;

export function flatOf(form: ProductForm): Flat {
  const fields = Object.entries(form).flatMap(([name, value]: [string, unknown]) =>
    isNested(value)
      ? Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each])
      : [[name, value]],
  );
  return Object.fromEntries(fields) as Flat;
}

export function formOfFlat(flat: Flat): ProductForm {
  const form: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(flat)) {
    const [name, inner] = field.split(".") as [string, string?];
    form[name] = inner === undefined ? value : { ...(form[name] as object), [inner]: value };
  }
  return form as unknown as ProductForm;
}

/** The form's field that a field of the API's errors belongs to, such as `skus` of `skus[0].sku`. */
export function flatNameOf(field: string, flat: Flat): string | undefined {
  return Object.keys(flat).find((name) => isWithin(field, name) || isWithin(name, field));
}

/** Whether a field is another, or a part of it. */
export function isWithin(field: string, whole: string): boolean {
  return field === whole || field.startsWith(`${whole}.`) || field.startsWith(`${whole}[`);
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
