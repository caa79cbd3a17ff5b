/** What stands on a short shelf: goods to be had come first. */
import type { Schema } from "@jifen/shared/schema";

type Row = Pick<Schema<"ProductRow">, "stock">;

/** The first `count` of these goods; what is sold out stands behind the others. */
export function shelfOf<Each extends Row>(rows: readonly Each[], count: number): Each[] {
  const isGone = ({ stock }: Row) => stock.status === "sold_out";
  return [...rows.filter((each) => !isGone(each)), ...rows.filter(isGone)].slice(0, count);
}
