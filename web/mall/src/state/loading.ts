/** What a page loads, and how it stands: loading, failed or there. */
import { failureBehind, SignedOut, type Failure } from "@jifen/shared/failures";
import { computed, ref, shallowRef, type Ref, type ShallowRef } from "vue";

import { isOnline } from "#platform/surroundings";
import { askToSignIn } from "@/state/member";

interface Loaded<Data> {
  data: ShallowRef<Data | null>;
  failure: ShallowRef<Failure | null>;
  loading: Ref<boolean>;
  /** Load, or load again: what is shown stays until the new is there. */
  load: () => Promise<void>;
}

/** Load with `read`. Of loads that overtake each other the last one asked for is shown. */
export function useLoaded<Data>(read: () => Promise<Data>): Loaded<Data> {
  const data = shallowRef<Data | null>(null);
  const failure = shallowRef<Failure | null>(null);
  const loading = ref(false);
  let latest = 0;
  const load = async () => {
    const mine = ++latest;
    loading.value = true;
    try {
      const found = await read();
      if (mine === latest) [data.value, failure.value] = [found, null];
    } catch (error) {
      if (mine === latest) failure.value = told(error);
    } finally {
      if (mine === latest) loading.value = false;
    }
  };
  return { data, failure, loading, load };
}

export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}

/** A list that grows by pages. */
export function useList<Row>(read: (cursor: string | undefined) => Promise<Page<Row>>) {
  const rows = shallowRef<Row[]>([]);
  const cursor = ref<string | null>(null);
  const first = useLoaded(async () => {
    const page = await read(undefined);
    [rows.value, cursor.value] = [page.data, page.next_cursor];
    return page;
  });
  const rest = useLoaded(async () => {
    if (cursor.value === null) return;
    const page = await read(cursor.value);
    [rows.value, cursor.value] = [[...rows.value, ...page.data], page.next_cursor];
  });
  return { ...first, rows, hasMore: computed(() => cursor.value !== null), rest };
}

/** The failure to show; a session that has ended leads to the sign-in instead. */
function told(error: unknown): Failure {
  const failure = failureBehind(error, isOnline());
  if (failure instanceof SignedOut) askToSignIn();
  return failure;
}
