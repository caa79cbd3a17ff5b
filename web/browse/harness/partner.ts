/** The demo shop: it signs as docs/signing.md says. */
import { createHmac } from "node:crypto";

import { answer, type Jifen } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

type Event =
  | Schema<"OrderPaidEvent">
  | Schema<"OrderRefundedEvent">
  | Schema<"OrderCompletedEvent">;

/** Send one signed event; it is applied when this returns. */
export async function sendEvent(
  jifen: Jifen,
  partner: { id: string; secret: string },
  event: Event,
): Promise<void> {
  const raw = JSON.stringify(event);
  await answer(
    jifen.POST("/v1/events", {
      body: event,
      bodySerializer: () => raw,
      headers: signed(partner, raw),
    }),
  );
}

function signed(partner: { id: string; secret: string }, raw: string): Record<string, string> {
  const t = Math.floor(Date.now() / 1000);
  const v1 = createHmac("sha256", partner.secret).update(`${t}.${raw}`).digest("hex");
  return {
    "Content-Type": "application/json",
    "Jifen-Key": partner.id,
    "Jifen-Signature": `t=${t},v1=${v1}`,
  };
}
