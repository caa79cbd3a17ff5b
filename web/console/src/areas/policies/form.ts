import type { Schema } from "@jifen/shared/schema";

export type Policy = Schema<"AdminPolicyView">;

/** A version of a policy as it is typed. */
export interface PolicyForm {
  kind: Policy["kind"];
  name: string;
  titleZh: string;
  titleEn: string;
  url: string;
  textZh: string;
  textEn: string;
  changesZh: string;
  changesEn: string;
}

export const EMPTY: PolicyForm = {
  kind: "terms",
  name: "",
  titleZh: "",
  titleEn: "",
  url: "",
  textZh: "",
  textEn: "",
  changesZh: "",
  changesEn: "",
};

export function policyForm({ kind, name, title, url, text, changes }: Policy): PolicyForm {
  const [textZh, textEn] = pairOf(text);
  const [changesZh, changesEn] = pairOf(changes);
  const [titleZh, titleEn] = pairOf(title);
  return { kind, name, titleZh, titleEn, url: url ?? "", textZh, textEn, changesZh, changesEn };
}

function pairOf(words: Policy["text"]): [string, string] {
  return words === null ? ["", ""] : [words["zh-CN"], words.en];
}

export function bodyOf(form: PolicyForm) {
  return {
    name: form.name.trim(),
    title: { "zh-CN": form.titleZh.trim(), en: form.titleEn.trim() },
    url: form.url.trim() || null,
    text: both(form.textZh, form.textEn),
    changes: both(form.changesZh, form.changesEn),
  };
}

/** Whether both languages are there, and either a text or an address. */
export function isComplete(form: PolicyForm): boolean {
  const { text, url, name, title, changes } = bodyOf(form);
  const whole = [title, text, changes].every(
    (each) => each === null || (each["zh-CN"] !== "" && each.en !== ""),
  );
  return whole && name !== "" && (text === null) !== (url === null);
}

function both(zh: string, en: string) {
  const words = { "zh-CN": zh.trim(), en: en.trim() };
  return words["zh-CN"] === "" && words.en === "" ? null : words;
}
