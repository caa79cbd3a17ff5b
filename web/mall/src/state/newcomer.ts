/** Gifts that waited for a person arrive within seconds of the registration. */
import { onUnmounted } from "vue";

/** When to look again, in ms after a page is shown. */
const AGAIN_MS = [2000, 6000, 15_000];

let isNew = false;

/** Note whether a sign-in registered somebody. */
export function noteSignIn(created: boolean): void {
  isNew = created;
}

/** On a newcomer's first page: `look` again a few times, until it has found something. */
export function useNewcomer(look: () => Promise<boolean>) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  onUnmounted(() => clearTimeout(timer));

  function wait([pause, ...later]: readonly number[]) {
    if (pause === undefined) return;
    timer = setTimeout(async () => (await look()) || wait(later), pause);
  }

  return function begin() {
    if (!isNew) return;
    isNew = false;
    wait(AGAIN_MS);
  };
}
