import { reactive } from "vue";

import type { Mistake } from "./checks";

/** The most pictures of a product, and the letters of an address: a pasted picture is cut off. */
export const MAX_PICTURES = 9;
export const MAX_LETTERS = 300;
/** Members load pictures over mobile networks. */
const MAX_BYTES = 2_000_000;

/** The bytes of each picture that was loaded, where the browser tells them. */
export const weights = reactive(new Map<string, number>());

/** The pages' policy shows no picture that comes unencrypted. */
const ADDRESS = /^(https:\/\/|\/pictures\/)[!-~]+$/;

/** Why a picture's address is refused; a field left empty is left out. */
export function pictureMistake(address: string): Mistake | null {
  const given = address.trim();
  if (given === "") return null;
  if (/^(data|blob|file):/i.test(given)) return "pictureData";
  if (given.length > MAX_LETTERS) return "pictureLong";
  if (!ADDRESS.test(given)) return "pictureAddress";
  return (weights.get(given) ?? 0) > MAX_BYTES ? "pictureHeavy" : null;
}

/** Remember how heavy a picture is that the page has loaded. Other hosts may not tell. */
export function weigh(address: string): void {
  const entries = performance.getEntriesByName(new URL(address, location.href).href);
  const last = entries.at(-1) as PerformanceResourceTiming | undefined;
  const bytes = last?.encodedBodySize ?? 0;
  if (bytes > 0) weights.set(address, bytes);
}
