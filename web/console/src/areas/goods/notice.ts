import "element-plus/es/components/message/style/css";

import { ElMessage } from "element-plus/es/components/message/index";

/** Tell a person something that they should look at before they go on. */
export function sayNotice(text: string): void {
  ElMessage({ type: "warning", message: text, showClose: true, grouping: true });
}
