/** An error that nobody expected: the person is told, and has a way back. */
import { ref } from "vue";

import { BROKEN, here, path, restart } from "@/platform/navigation";

/** Whether something went wrong on the page that is shown. */
export const mishap = ref(false);

/**
 * What Vue was doing, as its types of errors: setting a page up or rendering it leaves it empty.
 *
 * Source: https://vuejs.org/error-reference/#runtime-errors. Built for production, Vue gives an
 * address that ends in the type; else its words.
 */
const EMPTYING = /(runtime-|^)(0|1|14|15)$|setup function|render function|scheduler flush/;

/** A page that breaks tells of many errors: the first leads away. */
const LEAVING_MS = 3000;
let leftAt = -Infinity;

/** Note an error. Where it leaves the page empty, a plain page takes its place. */
export function noteMishap(error: unknown, doing: string): void {
  console.error(error);
  const now = Date.now();
  if (!EMPTYING.test(doing)) mishap.value = true;
  else if (now - leftAt > LEAVING_MS && !here().startsWith(BROKEN)) {
    leftAt = now;
    restart(path(BROKEN, { next: here() }));
  }
}
