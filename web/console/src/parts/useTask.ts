import { type ShallowRef, shallowRef } from "vue";

import type { Failure } from "@jifen/shared/failures";

import { asFailure } from "./failures";

export interface Task<Arguments extends unknown[]> {
  pending: ShallowRef<boolean>;
  failure: ShallowRef<Failure | null>;
  /** Whether it succeeded. A second call while the first goes on does nothing. */
  run: (...given: Arguments) => Promise<boolean>;
  forget: () => void;
}

/** Something a person starts: it runs once at a time, and keeps why it failed. */
export function useTask<Arguments extends unknown[]>(
  task: (...given: Arguments) => Promise<unknown>,
): Task<Arguments> {
  const pending = shallowRef(false);
  const failure = shallowRef<Failure | null>(null);

  async function run(...given: Arguments): Promise<boolean> {
    if (pending.value) return false;
    pending.value = true;
    failure.value = null;
    try {
      await task(...given);
      return true;
    } catch (error) {
      failure.value = asFailure(error);
      return false;
    } finally {
      pending.value = false;
    }
  }

  return { pending, failure, run, forget: () => (failure.value = null) };
}
