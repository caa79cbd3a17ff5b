/** How many notices the member has not read. */
import { ref, watch } from "vue";

import { unreadOf } from "@/state/counting";
import { answer, jifen } from "@/state/jifen";
import { who } from "@/state/member";

/** Notices that are counted; more than these are shown as `20+`. */
const COUNTED = 20;

/** Such as `3` or `20+`; empty for none. */
export const unread = ref("");

export async function countUnread(): Promise<void> {
  if (who.member === null) return;
  const query = { limit: COUNTED };
  const page = await answer(jifen.GET("/v1/me/notifications", { params: { query } }));
  unread.value = unreadOf(page);
}

/** Count for whoever signs in. A count that fails is made again by the next page that counts. */
export function watchUnread(): void {
  watch(
    () => who.member?.id,
    (id) => {
      if (id === undefined) unread.value = "";
      else void countUnread().catch(() => undefined);
    },
    { immediate: true },
  );
}
