/** Rebate cash: money of a member, kept in minor units of the program's currency. */
import type { Money, Schema } from "@jifen/shared/schema";

import { currency } from "@/state/currency";
import { answer, jifen } from "@/state/jifen";

export type PayoutAccount = Schema<"PayoutAccountView">;

/** The member's rebate cash; `isKnown` to those who ever had any, or have a payout account. */
export async function cashOf() {
  const query = { unit: "rebate_cash" } as const;
  const [balance, account] = await Promise.all([
    answer(jifen.GET("/v1/me/points", { params: { query } })),
    payoutAccount(),
  ]);
  const money = (amount: number): Money => ({ amount, currency: currency.value });
  return {
    available: money(balance.available),
    /** What withdrawals hold that are not paid yet. */
    held: money(balance.held),
    account,
    isKnown: account !== null || balance.available + balance.held + balance.lifetime.accrued > 0,
  };
}

/** The member's payout account; `null` for none. */
export async function payoutAccount(): Promise<PayoutAccount | null> {
  const { data } = await answer(jifen.GET("/v1/me/payout-accounts"));
  return data[0] ?? null;
}
