/** Checking a long history while the page stays usable. */
import { verifying, type Verdict } from "@jifen/shared/chain";
import type { Schema } from "@jifen/shared/schema";

/** How long the page may stand still while entries are checked. */
const SLICE_MS = 12;

/** Check in slices: between two of them the page answers to whoever uses it. */
export async function verifySlowly(
  history: readonly Schema<"EntryView">[],
  told: (checked: number) => void,
  sliceMs: number = SLICE_MS,
): Promise<Verdict> {
  const steps = verifying(history);
  let until = Date.now() + sliceMs;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (Date.now() < until) continue;
    told(step.value);
    await new Promise((resolve) => setTimeout(resolve));
    until = Date.now() + sliceMs;
  }
}
