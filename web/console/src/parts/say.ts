import "element-plus/es/components/message/style/css";

import { ElMessage } from "element-plus/es/components/message/index";

import { Refused } from "@jifen/shared/failures";

import i18n from "@/language";

import { asFailure } from "./failures";

/** Tell a person that something was done. */
export function say(text: string): void {
  ElMessage({ type: "success", message: text, grouping: true });
}

/** Tell a person something that they should look at before they go on. */
export function sayNotice(text: string): void {
  ElMessage({ type: "warning", message: text, showClose: true, grouping: true });
}

/** Tell a person why something failed, where no place on the page can say it. */
export function sayFailure(error: unknown): void {
  const failure = asFailure(error);
  const words =
    failure instanceof Refused ? failure.message : i18n.global.t("common.failure.short");
  ElMessage({ type: "error", message: words, showClose: true });
}
