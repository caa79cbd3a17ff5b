import { type Ref, computed, ref, shallowRef } from "vue";

import type { List } from "@/table/useList";

import type { Keys } from "./keys";
import { useKeys } from "./useKeys";
import { type Queue, useQueue } from "./useQueue";

/** What stands beside the list: it does an act on the open row, if the row allows it. */
interface Pane<Act> {
  run: (act: Act) => boolean;
}

export interface Work<Row extends { id: string }, Act extends string> {
  queue: Queue<Row, Act>;
  /** The open row as the list has it. */
  row: Ref<Row | null>;
  pane: Ref<Pane<Act> | null>;
  helping: Ref<boolean>;
  keys: ReturnType<typeof useKeys>;
}

/**
 * A list to work through by keys.
 *
 * `goesOn` tells whether the same person goes on with a thing after an act.
 */
export function useWork<
  Row extends { id: string },
  Act extends string,
  Filters extends Record<string, string>,
>(
  list: List<Row, Filters>,
  known: Keys<Act>,
  goesOn: (act: Act, after: Row) => boolean,
): Work<Row, Act> {
  const queue = useQueue(list, goesOn);
  const pane = shallowRef<Pane<Act> | null>(null);
  const helping = ref(false);
  const row = computed(
    () => queue.rows.value.find((each) => each.id === queue.openId.value) ?? null,
  );
  const motions: Record<string, () => void> = {
    next: () => queue.step(1),
    previous: () => queue.step(-1),
    open: () => void queue.open(queue.rows.value[queue.at.value]?.id ?? null),
    close: () => void queue.open(null),
    reload: () => void queue.reload(),
    help: () => (helping.value = true),
  };
  const keys = useKeys(known.commandOf, (command) => {
    const move = motions[command];
    if (move === undefined) return pane.value?.run(command as Act) ?? false;
    move();
    return true;
  });
  return { queue, row, pane, helping, keys };
}
