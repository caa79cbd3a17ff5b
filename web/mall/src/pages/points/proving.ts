/** Proving a history: all of its pages are loaded, then checked on this device. */
import type { Verdict } from "@jifen/shared/chain";
import { computed, ref } from "vue";

import type { Entry } from "@/pages/points/entries";
import { verifySlowly } from "@/pages/points/slices";
import type { Unit } from "@/pages/points/units";
import { answer, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";

/** The most entries that the API gives at once. */
const PAGE = 100;

export interface Proof {
  history: Entry[];
  verdict: Verdict;
}

export function useProof(unit: () => Unit) {
  const loaded = ref(0);
  const checked = ref(0);
  /** The newest entry's number: how many there are in all. */
  const total = ref(0);

  const proof = useLoaded(async (): Promise<Proof> => {
    [loaded.value, checked.value, total.value] = [0, 0, 0];
    const history = await loadAll(unit(), (entries) => {
      [loaded.value, total.value] = [entries.length, entries[0]?.seq ?? 0];
    });
    return { history, verdict: await verifySlowly(history, (seq) => (checked.value = seq)) };
  });

  /** Loading is half of the way, checking the other half. */
  const percent = computed(() => {
    const all = 2 * Math.max(total.value, 1);
    return Math.min(100, Math.floor((100 * (loaded.value + checked.value)) / all));
  });
  const start = () => {
    proof.data.value = null;
    return proof.load();
  };
  return { ...proof, loaded, checked, total, percent, start };
}

async function loadAll(unit: Unit, told: (entries: Entry[]) => void): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = { unit, limit: PAGE, cursor };
    const page = await answer(jifen.GET("/v1/me/points/entries", { params: { query } }));
    entries.push(...page.data);
    cursor = page.next_cursor;
    told(entries);
  }
  return entries;
}
