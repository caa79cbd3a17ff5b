/** The id by which the mall knows this device again: random, made once, kept over a sign-out. */
import { lasting } from "#platform/storage";
import { randomKey } from "#platform/surroundings";

const KEPT = "jifen:device";
const TAKEN = /^[\w-]{16,64}$/;

/** Null where nothing can be kept: the mall then goes by the browser's name. */
export function deviceId(): string | null {
  try {
    const kept = lasting.getItem(KEPT);
    if (kept !== null && TAKEN.test(kept)) return kept;
    const made = randomKey();
    lasting.setItem(KEPT, made);
    return made;
  } catch {
    return null;
  }
}
