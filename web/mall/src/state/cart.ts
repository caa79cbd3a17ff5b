/** The cart: the member's own, or, until somebody signs in, lines that this device keeps. */
import type { Schema } from "@jifen/shared/schema";
import { computed, ref, shallowRef, watch } from "vue";

import { lasting } from "#platform/storage";
import { keptLines, withLine, type GuestLine } from "@/state/guestCart";
import { answer, jifen } from "@/state/jifen";
import { who } from "@/state/member";

const KEPT = "jifen:cart";

/** The member's cart as it was last read; `null` until then. */
export const cart = shallowRef<Schema<"CartView"> | null>(null);
export const guestLines = ref<GuestLine[]>(keptLines(lasting.getItem(KEPT)));
/** The number of lines, for the mark beside the cart. */
export const inCart = computed(() =>
  who.member === null ? guestLines.value.length : (cart.value?.count ?? 0),
);

export async function readCart(): Promise<Schema<"CartView">> {
  return (cart.value = await answer(jifen.GET("/v1/me/cart")));
}

/** Put units of a SKU into the member's cart, or set how many. */
export async function setLine(sku: string, quantity: number): Promise<void> {
  cart.value = await answer(
    jifen.PUT("/v1/me/cart/items/{sku}", { params: { path: { sku } }, body: { quantity } }),
  );
}

export async function removeLine(sku: string): Promise<void> {
  await answer(jifen.DELETE("/v1/me/cart/items/{sku}", { params: { path: { sku } } }));
  await readCart();
}

export async function emptyCart(): Promise<void> {
  await answer(jifen.DELETE("/v1/me/cart"));
  await readCart();
}

/** Units more of a SKU: into the member's cart, or onto this device. */
export async function addUnits(line: GuestLine): Promise<void> {
  if (who.member === null) return keepLine(line);
  const known = (cart.value ?? (await readCart())).lines.find((each) => each.sku === line.sku);
  await setLine(line.sku, Math.min((known?.quantity ?? 0) + line.quantity, 99));
}

function keepLine(line: GuestLine) {
  const known = guestLines.value.find((each) => each.sku === line.sku);
  const quantity = Math.min((known?.quantity ?? 0) + line.quantity, 99);
  keep(withLine(guestLines.value, { ...line, quantity }));
}

/** A quantity of 0 takes the line away. */
export function setGuestLine(line: GuestLine, quantity: number): void {
  keep(withLine(guestLines.value, { ...line, quantity }));
}

function keep(lines: GuestLine[]) {
  guestLines.value = lines;
  lasting.setItem(KEPT, JSON.stringify(lines));
}

/** Whoever signs in gets the lines of this device beside their own; of both the larger quantity. */
export function watchCart(): void {
  watch(
    () => who.member?.id,
    (id) => {
      cart.value = null;
      if (id !== undefined) void (guestLines.value.length ? merge() : readCart()).catch(() => null);
    },
    { immediate: true },
  );
}

async function merge() {
  const items = guestLines.value.map(({ sku, quantity }) => ({ sku, quantity }));
  cart.value = await answer(jifen.PUT("/v1/me/cart", { body: { items, merge: true } }));
  keep([]);
}
