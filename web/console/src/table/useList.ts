import { type ComputedRef, type ShallowRef, computed } from "vue";
import { useRoute, useRouter } from "vue-router";

import type { Failure } from "@jifen/shared/failures";

import { useCall } from "@/parts/useCall";
import { textIn } from "@/parts/query";

export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}

/** What a list asks the API for; filters left empty are left out. */
export type Question<Filters> = { limit: number; cursor?: string } & {
  [Name in keyof Filters]: Filters[Name] | undefined;
};

export interface List<Row, Filters extends Record<string, string> = Record<string, string>> {
  rows: ComputedRef<Row[]>;
  failure: ShallowRef<Failure | null>;
  loading: ShallowRef<boolean>;
  /** No page was shown yet. */
  isFirst: ComputedRef<boolean>;
  filters: ComputedRef<Filters>;
  isFiltered: ComputedRef<boolean>;
  set: (changed: Partial<Filters>) => void;
  clear: () => void;
  hasNext: ComputedRef<boolean>;
  hasPrevious: ComputedRef<boolean>;
  turn: (to: "next" | "previous") => void;
  reload: () => Promise<void>;
}

interface Options<Row, Filters> {
  /** The filters with their values at first. */
  filters: Filters;
  ask: (question: Question<Filters>) => Promise<Page<Row>>;
  /** Whether to ask at all, such as for a list that needs a filter. */
  when?: (filters: Filters) => boolean;
  /** What else it is a list of: it is asked again when that changes. */
  of?: () => unknown;
}

/** Rows of a page. */
const LIMIT = 20;
const NOTHING = { data: [], next_cursor: null };

/** A list of the API: its filters and its cursor stand in the page's address. */
export function useList<Row, Filters extends Record<string, string>>(
  options: Options<Row, Filters>,
): List<Row, Filters> {
  const address = useAddress(options.filters);
  const { filters, cursor, go } = address;

  const call = useCall<Page<Row>>(
    () => {
      // The page is being left: what the address says now is another page's.
      if (!address.isHere()) return new Promise(() => undefined);
      if (options.when?.(filters.value) === false) return Promise.resolve(NOTHING);
      return options.ask(questionOf(filters.value, cursor.value));
    },
    () => JSON.stringify([filters.value, cursor.value, options.of?.()]),
  );

  const following = computed(() => call.data.value?.next_cursor ?? undefined);
  function turn(to: "next" | "previous"): void {
    const before = cursorsBefore();
    if (to === "next") go({ cursor: following.value }, [...before, cursor.value ?? ""]);
    else go({ cursor: before.at(-1) || undefined }, before.slice(0, -1));
  }
  function set(changed: Partial<Filters>): void {
    go({ ...address.unless(changed), cursor: undefined }, []);
  }

  return {
    ...call,
    rows: computed(() => call.data.value?.data ?? []),
    isFirst: computed(() => call.data.value === null),
    filters,
    isFiltered: address.isFiltered,
    set,
    clear: () => set(options.filters),
    hasNext: computed(() => following.value !== undefined),
    hasPrevious: computed(() => cursor.value !== undefined),
    turn,
  };
}

/** Filters and the cursor, as the page's address has them. */
function useAddress<Filters extends Record<string, string>>(first: Filters) {
  const route = useRoute();
  const router = useRouter();
  const home = route.path;
  const names = Object.keys(first) as (keyof Filters & string)[];

  const filters = computed(() => {
    const read = names.map((name) => [name, textIn(route.query[name]) ?? first[name]]);
    return Object.fromEntries(read) as Filters;
  });

  /** A filter that is as at first is left out of the address. */
  function unless(changed: Partial<Filters>): Record<string, string | undefined> {
    const given = names.filter((name) => changed[name] !== undefined);
    const told = given.map((name) => [
      name,
      changed[name] === first[name] ? undefined : changed[name],
    ]);
    return Object.fromEntries(told) as Record<string, string | undefined>;
  }

  return {
    filters,
    unless,
    cursor: computed(() => textIn(route.query.cursor)),
    isHere: () => route.path === home,
    isFiltered: computed(() => names.some((name) => filters.value[name] !== first[name])),
    go: (query: Record<string, string | undefined>, before: string[]) =>
      void router.push({ path: home, query: { ...route.query, ...query }, state: { before } }),
  };
}

/** The cursors of the pages before this one: the browser keeps them with its place in history. */
function cursorsBefore(): string[] {
  const { before } = history.state as { before?: string[] };
  return before ?? [];
}

function questionOf<Filters extends Record<string, string>>(
  filters: Filters,
  cursor: string | undefined,
): Question<Filters> {
  const given = Object.entries(filters).map(([name, value]) => [name, value || undefined]);
  return { ...Object.fromEntries(given), limit: LIMIT, cursor } as Question<Filters>;
}
