/** What this device keeps until it is removed: strings by name. `wechat/storage.ts` has the same. */
import type { Kept } from "@jifen/shared/intentions";

export const lasting: Kept = window.localStorage;
