/** The next row, such as an order, that is not done with: first those below, then those above. */
export function nextOf<Row extends { id: string }>(
  rows: readonly Row[],
  at: number,
  done: ReadonlySet<string>,
): Row | null {
  const inTurn = [...rows.slice(at + 1), ...rows.slice(0, at)];
  return inTurn.find((row) => !done.has(row.id)) ?? null;
}
