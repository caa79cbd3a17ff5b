import type { Schema } from "@jifen/shared/schema";

import type { NamedForm } from "../fields/named";

/** A category as a person types it. */
export interface CategoryForm extends NamedForm {
  /** The category above it; empty at the top. */
  parent: string;
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
