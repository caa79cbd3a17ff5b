/** The amount of a withdrawal as it is typed. */
import { minor } from "@jifen/shared/money";
import type { Money, Schema } from "@jifen/shared/schema";

export type Flaw = "noAmount" | "tooLittle" | "tooMuch";

type Limits = Schema<"WithdrawalLimits">;

/**
 * The minor units of what was typed, or what is wrong with it.
 *
 * The API decides. Here a person only learns at once what cannot be.
 */
export function amountOf(
  text: string,
  available: Money,
  limits: Limits | null,
): { amount: number } | { flaw: Flaw } {
  const amount = minor(text, available.currency);
  if (amount === null || amount === 0) return { flaw: "noAmount" };
  if (amount > available.amount) return { flaw: "tooMuch" };
  if (limits !== null && amount < limits.at_least.amount) return { flaw: "tooLittle" };
  return { amount };
}
