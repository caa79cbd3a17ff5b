import { answer, jifen } from "@/api";

import type { Withdrawal, WithdrawalAct } from "./withdrawals";

interface Told {
  reason: string;
  bank_reference: string;
}

/** Send an act on a withdrawal, with what the act wants of what was told. */
export function decide(
  id: string,
  act: WithdrawalAct,
  { reason, bank_reference }: Told,
  key: string,
): Promise<Withdrawal> {
  const params = { path: { id }, header: { "Idempotency-Key": key } };
  switch (act) {
    case "approve":
      return answer(jifen.POST("/v1/admin/withdrawals/{id}/approve", { params }));
    case "reject":
      return answer(jifen.POST("/v1/admin/withdrawals/{id}/reject", { params, body: { reason } }));
    case "mark-paid":
      return answer(
        jifen.POST("/v1/admin/withdrawals/{id}/mark-paid", { params, body: { bank_reference } }),
      );
    case "mark-failed":
      return answer(
        jifen.POST("/v1/admin/withdrawals/{id}/mark-failed", { params, body: { reason } }),
      );
    case "mark-returned":
      return answer(
        jifen.POST("/v1/admin/withdrawals/{id}/mark-returned", {
          params,
          body: { reason, bank_reference },
        }),
      );
  }
}
