import type { Schema } from "@jifen/shared/schema";

import type { NamedForm } from "../fields/named";

/** A brand as a person types it. */
export interface BrandForm extends NamedForm {
  logo: string;
}

export const EMPTY: BrandForm = { id: "", zh: "", en: "", position: "0", logo: "" };

export function brandForm({ id, title, position, logo }: Schema<"AdminBrandView">): BrandForm {
  return { id, zh: title["zh-CN"], en: title.en, position: String(position), logo: logo ?? "" };
}

/** The parts of a brand that change, of a form without mistakes. */
export function bodyOf(form: BrandForm) {
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    position: Number(form.position),
    logo: form.logo.trim() || null,
  };
}
