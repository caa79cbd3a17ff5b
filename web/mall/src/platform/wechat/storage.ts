/** What this device keeps until it is removed: strings by name. `browser/storage.ts` has the same. */
import type { Kept } from "@jifen/shared/intentions";

export const lasting: Kept = {
  getItem: (name) => (uni.getStorageSync(name) as string) || null,
  setItem: (name, value) => uni.setStorageSync(name, value),
  removeItem: (name) => uni.removeStorageSync(name),
};
