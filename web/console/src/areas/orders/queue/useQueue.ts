import { type ComputedRef, computed, ref, watch } from "vue";
import { useRoute, useRouter } from "vue-router";

import type { List } from "@/table/useList";
import { textIn } from "@/parts/query";

import { type OrderAct, goesOn } from "../acts/allowed";
import type { Order } from "../orders";
import { nextOf } from "./next";

export interface Queue {
  /** The list's rows, as they are after the acts made here. */
  rows: ComputedRef<Order[]>;
  /** Where the keys stand in the list. */
  at: ComputedRef<number>;
  /** The order beside the list; its id alone where the list does not have it. */
  openId: ComputedRef<string | null>;
  /** Orders that are done with here: they stay in the list until it is read again. */
  done: ComputedRef<ReadonlySet<string>>;
  open: (id: string | null) => Promise<void>;
  step: (by: 1 | -1) => void;
  /** An order as it is now: after an act the next one comes. */
  changed: (order: Order, act: OrderAct) => void;
  /** An order as somebody else left it. */
  seen: (order: Order) => void;
  reload: () => Promise<void>;
}

/** Orders to work through: the one that is open stands in the page's address. */
export function useQueue<Filters extends Record<string, string>>(
  list: List<Order, Filters>,
): Queue {
  const { openId, open } = useOpenOrder();
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

  async function changed(order: Order, act: OrderAct): Promise<void> {
    seen(order);
    if (goesOn(act, order)) return;
    finished.value = new Set(finished.value).add(order.id);
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
    changed: (order, act) => void changed(order, act),
    seen,
    reload: list.reload,
  };
}

/** The list's orders as they are now, and those that are done with. */
function useFresh(read: ComputedRef<Order[]>) {
  const fresh = ref(new Map<string, Order>());
  const finished = ref(new Set<string>());
  const rows = computed(() => read.value.map((row) => fresh.value.get(row.id) ?? row));
  // The list was read again: it tells the truth itself.
  watch(read, () => {
    fresh.value = new Map();
    finished.value = new Set();
  });

  function seen(order: Order): void {
    fresh.value = new Map(fresh.value).set(order.id, order);
  }
  return { rows, finished, seen };
}

function useOpenOrder() {
  const route = useRoute();
  const router = useRouter();
  const openId = computed(() => textIn(route.query.open) ?? null);
  async function open(id: string | null): Promise<void> {
    await router.replace({ query: { ...route.query, open: id ?? undefined } });
  }
  return { openId, open };
}
