/** What missions, boards and triggers have in common: drafts that ops publish, and end. */
import { ref, shallowRef } from "vue";
import { useI18n } from "vue-i18n";

import { say, sayNotice } from "@/parts/say";

export interface Plan {
  id: string;
  version: number;
  title: Record<"zh-CN" | "en", string>;
  status: "draft" | "live" | "ended";
}

export type Turn = "publish" | "end";

/** A plan as it was seen. */
export interface Turned {
  path: { id: string };
  header: { "If-Match": string };
}

export const TONES = { draft: "wait", live: "good", ended: "quiet" } as const;

/** The dialogs of a list of plans, and what is said once one is done. */
export function usePlans<Row extends Plan>(list: { reload: () => Promise<void> }) {
  const { t } = useI18n();
  const isNew = ref(false);
  const changing = shallowRef<Row | null>(null);
  const turning = shallowRef<{ plan: Row; to: Turn } | null>(null);

  function done(): void {
    say(t("missions.saved"));
    void list.reload();
  }

  function stale(): void {
    sayNotice(t("missions.stale"));
    void list.reload();
  }

  return { isNew, changing, turning, done, stale };
}
