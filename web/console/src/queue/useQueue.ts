import { type ComputedRef, computed, ref, shallowRef, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import type { List } from "@/table/useList";
import { textIn } from "@/parts/query";

import { nextOf } from "./next";

interface Id {
  id: string;
}

export interface Queue<Row extends Id, Act> {
  /** The list's rows, as they are after the acts made here. */
  rows: ComputedRef<Row[]>;
  /** Where the keys stand in the list. */
  at: ComputedRef<number>;
  /** The row beside the list; its id alone where the list does not have it. */
  openId: ComputedRef<string | null>;
  /** Rows that are done with here: they stay in the list until it is read again. */
  done: ComputedRef<ReadonlySet<string>>;
  open: (id: string | null) => Promise<void>;
  step: (by: 1 | -1) => void;
  /** A row as it is now: after an act the next one comes. */
  changed: (row: Row, act: Act) => void;
  /** A row as somebody else left it. */
  seen: (row: Row) => void;
  reload: () => Promise<void>;
}

/**
 * Things to work through: the one that is open stands in the page's address.
 *
 * `goesOn` tells whether the same person goes on with a thing after an act.
 */
export function useQueue<Row extends Id, Act, Filters extends Record<string, string>>(
  list: List<Row, Filters>,
  goesOn: (act: Act, after: Row) => boolean,
): Queue<Row, Act> {
  const { openId, open } = useOpenRow();
  const { rows, finished, seen } = useFresh(list.rows);
  const marked = ref(0);

  const at = computed(() => {
    const found = rows.value.findIndex((row) => row.id === openId.value);
    return found >= 0 ? found : Math.min(marked.value, Math.max(rows.value.length - 1, 0));
  });
  function step(by: 1 | -1): void {
    const to = Math.min(Math.max(at.value + by, 0), rows.value.length - 1);
    marked.value = to;
    if (openId.value !== null && rows.value[to] !== undefined) void open(rows.value[to].id);
  }

  async function changed(row: Row, act: Act): Promise<void> {
    seen(row);
    if (goesOn(act, row)) return;
    finished.value = new Set(finished.value).add(row.id);
    const next = nextOf(rows.value, at.value, finished.value);
    if (next !== null) return open(next.id);
    await list.reload();
    await open(list.rows.value[0]?.id ?? null);
  }

  return {
    rows,
    at,
    openId,
    done: computed(() => finished.value),
    open,
    step,
    changed: (row, act) => void changed(row, act),
    seen,
    reload: list.reload,
  };
}

/** The list's rows as they are now, and those that are done with. */
function useFresh<Row extends Id>(read: ComputedRef<Row[]>) {
  const fresh = shallowRef(new Map<string, Row>());
  const finished = ref(new Set<string>());
  const rows = computed(() => read.value.map((row) => fresh.value.get(row.id) ?? row));
  // The list was read again: it tells the truth itself.
  watch(read, () => {
    fresh.value = new Map();
    finished.value = new Set();
  });

  function seen(row: Row): void {
    fresh.value = new Map(fresh.value).set(row.id, row);
  }
  return { rows, finished, seen };
}

function useOpenRow() {
  const route = useRoute();
  const router = useRouter();
  const openId = computed(() => textIn(route.query.open) ?? null);
  async function open(id: string | null): Promise<void> {
    await router.replace({ query: { ...route.query, open: id ?? undefined } });
  }
  return { openId, open };
}
