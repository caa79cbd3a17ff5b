import type { Order } from "../orders";

/** The next order that is not done with: first those below, then those above. */
export function nextOf(
  rows: readonly Order[],
  at: number,
  done: ReadonlySet<string>,
): Order | null {
  const inTurn = [...rows.slice(at + 1), ...rows.slice(0, at)];
  return inTurn.find((row) => !done.has(row.id)) ?? null;
}
