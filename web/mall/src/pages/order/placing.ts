/** Quoting an order while it is put together, and placing it once. */
import { Refused } from "@jifen/shared/failures";
import { keyWithin } from "@jifen/shared/keyWithin";
import type { Schema } from "@jifen/shared/schema";
import { computed, onUnmounted, watch, type ComputedRef } from "vue";

import { instead, path } from "@/platform/navigation";
import { CHECKOUT } from "@/pages/order/draft";
import { useAct } from "@/state/acting";
import { answer, intentions, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";

type Body = Schema<"OrderIn">;

/** A slider moves often: the API is asked once it rests. */
const REST_MS = 250;

/** Today's price of what `body` asks for, asked anew when it changes. */
export function useQuote(body: ComputedRef<Body | null>) {
  const quote = useLoaded(async () =>
    body.value === null
      ? null
      : answer(
          jifen.POST("/v1/orders/quote", {
            body: body.value,
            params: { query: { coupons: true } },
          }),
        ),
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => JSON.stringify(body.value),
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void quote.load(), quote.data.value === null ? 0 : REST_MS);
    },
  );
  onUnmounted(() => clearTimeout(timer));
  return quote;
}

/** Placing: the same body and price have one key, over double taps, reloads and windows. */
export function usePlacing(intent: () => string) {
  const act = useAct("order");
  const changed = computed(
    () => act.failure.value instanceof Refused && act.failure.value.code === "price_changed",
  );

  async function place(body: Body, quote: Schema<"QuoteView">) {
    const asked: Body = { ...body, expected: { points: quote.points, cash: quote.cash } };
    const order = await act.run(asked, (key) =>
      answer(
        jifen.POST("/v1/orders", {
          body: asked,
          params: {
            header: { "Idempotency-Key": intent() ? keyWithin(intent(), asked) : key },
          },
        }),
      ),
    );
    if (order === null) return;
    intentions.done(CHECKOUT);
    const page = order.status === "awaiting_payment" ? "pay" : "detail";
    instead(path(`/pages/order/${page}`, { id: order.id }));
  }

  return { ...act, changed, place };
}
