/** Rebate cash: money of a member, kept in minor units of the program's currency. */
import { Refused } from "@jifen/shared/failures";
import type { Money, Schema } from "@jifen/shared/schema";

import { currency } from "@/state/facts";
import { answer, jifen } from "@/state/jifen";

export type PayoutAccount = Schema<"PayoutAccountView">;

export interface Cash {
  available: Money;
  /** What withdrawals hold that are not paid yet. */
  held: Money;
  account: PayoutAccount | null;
}

/** The member's rebate cash; `null` for those who never had any and have no payout account. */
export async function cashOf(): Promise<Cash | null> {
  const query = { unit: "rebate_cash" } as const;
  const [balance, account] = await Promise.all([
    answer(jifen.GET("/v1/me/points", { params: { query } })),
    payoutAccount(),
  ]);
  const known = balance.available + balance.held + balance.lifetime.accrued > 0;
  if (!known && account === null) return null;
  return { ...moneyOf(balance), account };
}

/** A balance of rebate cash as money. */
export function moneyOf(balance: Pick<Schema<"Balance">, "available" | "held">) {
  const money = (amount: number): Money => ({ amount, currency: currency.value });
  return { available: money(balance.available), held: money(balance.held) };
}

/** The member's payout account; `null` for none. */
export async function payoutAccount(): Promise<PayoutAccount | null> {
  try {
    return await answer(jifen.GET("/v1/me/payout-account"));
  } catch (error) {
    if (error instanceof Refused && error.code === "not_found") return null;
    throw error;
  }
}
