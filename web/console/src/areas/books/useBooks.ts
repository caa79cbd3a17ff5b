import { type ComputedRef, computed, shallowRef, watch } from "vue";

import type { Schema } from "@jifen/shared/schema";

import { type Task, useTask } from "@/parts/useTask";
import type { Call } from "@/parts/useCall";

import { type Books, bytesOf, readBooks } from "./files";
import { type Tie, opensAs, tiesOf } from "./ties";

type Settlement = Schema<"SettlementView">;

/** Files up to this size are read with the page; larger ones when a person asks. */
const READ_AT_ONCE = 4 << 20;

interface Checked {
  /** Each figure against its lines, by section and name; empty before the files are read. */
  ties: ComputedRef<Map<string, Tie>>;
  /** The figures that do not add up. */
  broken: ComputedRef<Tie[]>;
  books: ComputedRef<Books | null>;
  /** Read the files, with fresh links where those have expired. */
  reading: Task<[]>;
}

/** The lines of a settlement, and whether its totals tie with them. */
export function useBooks(call: Call<Settlement>, before: Call<Settlement>): Checked {
  const books = shallowRef<Books | null>(null);
  const reading = useTask(async () => {
    if (isExpired(call.data.value)) await call.reload();
    if (call.data.value !== null) books.value = await readBooks(call.data.value.files);
  });

  watch(call.data, (found) => {
    if (books.value === null && found !== null && bytesOf(found.files) <= READ_AT_ONCE) {
      void reading.run();
    }
  });

  const ties = computed(() => {
    if (call.data.value === null || books.value === null) return new Map<string, Tie>();
    const found = tiesOf(call.data.value.figures, books.value.sheets);
    const previous = before.data.value?.figures ?? null;
    return new Map(
      [...found].map(([key, tie]) => [
        key,
        { ...tie, holds: tie.holds ?? opensAs(tie.figure, previous) },
      ]),
    );
  });
  const broken = computed(() => [...ties.value.values()].filter((tie) => tie.holds === false));
  return { ties, broken, books: computed(() => books.value), reading };
}

function isExpired(settlement: Settlement | null): boolean {
  return settlement !== null && Date.parse(settlement.links_until) <= Date.now();
}
