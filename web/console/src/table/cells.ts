import { money } from "@jifen/shared/money";
import type { Money } from "@jifen/shared/schema";

import { times } from "@/api";

import type { Column } from "./columns";

/** A column of moments, by which the rows sort. */
export function timeColumn<Row>(key: string, label: string, at: (row: Row) => string): Column<Row> {
  return { key, label, at, text: (row) => times.show(at(row)), sort: at };
}

/** A column of amounts, by which the rows sort. */
export function moneyColumn<Row>(
  key: string,
  label: string,
  amount: (row: Row) => Money,
): Column<Row> {
  const sort = (row: Row) => amount(row).amount;
  return { key, label, amount, text: (row) => money(amount(row)), sort, isNumber: true };
}
