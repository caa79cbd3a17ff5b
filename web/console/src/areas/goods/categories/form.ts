import type { Schema } from "@jifen/shared/schema";

/** A category as a person types it. */
export interface CategoryForm {
  id: string;
  zh: string;
  en: string;
  position: string;
  /** The category above it; empty at the top. */
  parent: string;
}

/** What is wrong with a category: keys below `goods.mistakes`, by the API's fields. */
export function categoryMistakes(
  form: CategoryForm,
): Record<string, "needed" | "slug" | "position"> {
  const position = Number(form.position);
  const isPlace = /^\d{1,7}$/.test(form.position.trim()) && position <= 1_000_000;
  return {
    ...(/^[a-z0-9-]{1,32}$/.test(form.id.trim()) ? {} : { id: "slug" as const }),
    ...(form.zh.trim() === "" ? { "title.zh-CN": "needed" as const } : {}),
    ...(form.en.trim() === "" ? { "title.en": "needed" as const } : {}),
    ...(isPlace ? {} : { position: "position" as const }),
  };
}

export function categoryForm(of: Schema<"AdminCategoryView">): CategoryForm {
  const { id, title, position, parent } = of;
  return {
    id,
    zh: title["zh-CN"],
    en: title.en,
    position: String(position),
    parent: parent ?? "",
  };
}
