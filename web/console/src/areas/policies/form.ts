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

export function policyForm(policy: Policy): PolicyForm {
  return {
    kind: policy.kind,
    name: policy.name,
    titleZh: policy.title["zh-CN"],
    titleEn: policy.title.en,
    url: policy.url ?? "",
    textZh: policy.text?.["zh-CN"] ?? "",
    textEn: policy.text?.en ?? "",
    changesZh: policy.changes?.["zh-CN"] ?? "",
    changesEn: policy.changes?.en ?? "",
  };
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
