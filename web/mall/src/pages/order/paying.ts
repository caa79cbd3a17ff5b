/**
 * Paying an order: start the payment, confirm it at the provider, and ask the order what became of it.
 *
 * The order alone decides whether it is paid: the provider's word and the return to this page do not.
 * Source: docs/paying.md.
 */
import type { Schema } from "@jifen/shared/schema";
import { computed, ref, shallowRef, watch, type Ref } from "vue";

import { leaveFor } from "#platform/leaving";
import { path } from "@/platform/navigation";
import type { Method } from "@/pages/order/draft";
import { useAct } from "@/state/acting";
import { answer, jifen } from "@/state/jifen";
import { useLoaded } from "@/state/loading";

const AGAIN_MS = 2000;

type Online = Exclude<Method, "cod">;

/** The order, looked at again every two seconds while it awaits its payment. */
function useOrder(id: Ref<string>) {
  const order = shallowRef<Schema<"OrderView"> | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const rest = () => clearTimeout(timer);
  const { load, failure } = useLoaded(async () => {
    const params = { path: { id: id.value } };
    order.value = await answer(jifen.GET("/v1/orders/{id}", { params }));
    rest();
    if (order.value.status === "awaiting_payment") timer = setTimeout(() => void load(), AGAIN_MS);
  });
  return { order, failure, look: load, rest };
}

/** How the order's cash may be paid here, and with which of them. */
function useMethods(order: Ref<Schema<"OrderView"> | null>) {
  const method = ref<Method | "">("");
  const ways = useLoaded(() => answer(jifen.GET("/v1/payment-methods")));
  const online = computed(() =>
    (ways.data.value?.methods ?? []).filter((each): each is Online => each !== "cod"),
  );
  watch(order, (found) => (method.value ||= found?.payment?.method ?? ""));
  return { method, ways, online };
}

export function usePaying(id: Ref<string>) {
  const { order, failure, look, rest } = useOrder(id);
  const { method, ways, online } = useMethods(order);
  const secret = ref<string | null>(null);
  const act = useAct("payment");
  const key = computed(() => ways.data.value?.publishable_key ?? null);
  watch(method, () => (secret.value = null));

  async function start() {
    const body = { payment_method: (method.value || null) as Online | null };
    const started = await act.run({ id: id.value, ...body }, (idempotency) => {
      const params = { path: { id: id.value }, header: { "Idempotency-Key": idempotency } };
      return answer(jifen.POST("/v1/orders/{id}/payment", { params, body }));
    });
    if (started === null) return;
    const page = ways.data.value?.hosted_page;
    if (page) leaveFor(hosted(page, id.value));
    else secret.value = started.client_secret;
  }

  async function open() {
    await Promise.all([ways.load(), look()]);
  }

  return { order, failure, look, rest, method, online, secret, key, act, start, open };
}

/** The page on which an order is paid, which leads back to this one. */
function hosted(page: string, id: string): string {
  const back = encodeURIComponent(path("/pages/order/pay", { id }));
  const found = page.replace("{order}", encodeURIComponent(id));
  return `${found}${found.includes("?") ? "&" : "?"}return=${back}`;
}
