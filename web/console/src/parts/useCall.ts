import { type ShallowRef, shallowRef, watch } from "vue";

import type { Failure } from "@jifen/shared/failures";

import { language } from "@/language";

import { asFailure } from "./failures";

export interface Call<Data> {
  /** The last answer; it stays while a newer one is awaited. */
  data: ShallowRef<Data | null>;
  failure: ShallowRef<Failure | null>;
  loading: ShallowRef<boolean>;
  reload: () => Promise<void>;
}

/**
 * What the API answers, asked at once, and again when `of` or the language changes.
 *
 * An answer that a newer question overtook is dropped.
 */
export function useCall<Data>(
  ask: () => Promise<Data>,
  of: () => unknown = () => null,
): Call<Data> {
  const data = shallowRef<Data | null>(null);
  const failure = shallowRef<Failure | null>(null);
  const loading = shallowRef(true);
  let latest = 0;

  async function reload(): Promise<void> {
    const mine = ++latest;
    loading.value = true;
    try {
      const found = await ask();
      if (mine !== latest) return;
      data.value = found;
      failure.value = null;
    } catch (error) {
      if (mine === latest) failure.value = asFailure(error);
    } finally {
      if (mine === latest) loading.value = false;
    }
  }

  watch([of, language], reload, { immediate: true });
  return { data, failure, loading, reload };
}
