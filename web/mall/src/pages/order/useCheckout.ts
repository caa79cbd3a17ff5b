/** What every checkout does: it quotes what is asked for, tells whether that can be placed, and places it. */
import type { Schema } from "@jifen/shared/schema";
import { computed, ref, watch, type ComputedRef } from "vue";

import type { Draft } from "@/pages/order/draft";
import { usePlacing, useQuote } from "@/pages/order/placing";

type Body = Schema<"OrderIn">;

export type Checkout = ReturnType<typeof useCheckout>;

/** `body` is `null` until it is known what is asked for. */
export function useCheckout(draft: Draft, body: ComputedRef<Body | null>) {
  const quote = useQuote(body);
  const placing = usePlacing(() => draft.intent);
  /** Whether a time is chosen, where a service needs one. */
  const booked = ref(true);
  const ready = computed(() => {
    const made = quote.data.value;
    if (made === null || quote.failure.value !== null || made.groups.length > 1) return false;
    return made.shortfall === null && made.delivery.status !== "not_delivered" && booked.value;
  });
  /** What is asked for has changed: why it was refused before holds no longer. */
  watch(
    () => JSON.stringify(body.value),
    () => void placing.clear(),
  );

  async function reprice() {
    await quote.load();
    placing.clear();
  }

  async function place() {
    if (body.value && quote.data.value) await placing.place(body.value, quote.data.value);
  }

  return { draft, quote, placing, booked, ready, reprice, place };
}
