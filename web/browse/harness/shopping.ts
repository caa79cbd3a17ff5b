/** What a member does on the mall's pages, for journeys that are about what comes after it. */
import type { Page } from "playwright-core";

import type { Stage } from "./claims";
import type { Product } from "./world";

type Say = Stage["say"];

/** Names of buttons and links that several journeys press. */
export const WORDS = {
  signIn: { "zh-CN": "登录", en: "Sign in" },
  agree: { "zh-CN": "我已阅读并同意以下条款", en: "I have read and agree to the following" },
  phone: { "zh-CN": "手机号", en: "Phone number" },
  sendCode: { "zh-CN": "获取验证码", en: "Send me a code" },
  code: { "zh-CN": "验证码", en: "Code" },
  redeem: { "zh-CN": "立即兑换", en: "Redeem" },
  place: { "zh-CN": "确认兑换", en: "Redeem" },
  placeAndPay: { "zh-CN": "提交订单并支付", en: "Place order and pay" },
  tryAgain: { "zh-CN": "重试", en: "Try again" },
} as const;

/** Where a product is checked out. */
export function checkoutOf(product: Product, quantity = 1): string {
  const query = new URLSearchParams({
    sku: product.sku,
    quantity: String(quantity),
    product: product.id,
  });
  return `/pages/order/checkout?${query}`;
}

/** On the sign-in page: ask for a code, and enter it as it was sent. */
export async function signIn(
  page: Page,
  say: Say,
  phone: string,
  code: () => Promise<string>,
): Promise<void> {
  await page.getByLabel(say(WORDS.phone), { exact: true }).fill(phone);
  await page.getByRole("button", { name: say(WORDS.sendCode) }).click();
  const field = page.getByLabel(say(WORDS.code), { exact: true });
  await field.waitFor();
  await field.fill(await code());
  // A journey before may have published terms: whoever signs in agrees to them.
  const terms = page.getByRole("checkbox", { name: say(WORDS.agree) });
  if ((await terms.count()) > 0) await terms.check();
  await page.getByRole("button", { name: say(WORDS.signIn), exact: true }).click();
}

/** On the provider's page of this machine: pay, with a card if another than the first is wanted. */
export async function payThere(page: Page, card?: string): Promise<void> {
  await page.waitForURL(/\/_local\/pay\//);
  if (card) await page.getByRole("combobox").selectOption(card);
  await page.getByRole("button", { name: "支付 Pay" }).click();
  await page.getByRole("link", { name: "返回商城 Back to the mall" }).click();
}

/** The id of the order whose page is shown. */
export async function orderShown(page: Page): Promise<string> {
  await page.waitForURL(/\/pages\/order\/(pay|detail)\?/);
  return new URL(page.url()).searchParams.get("id") ?? "";
}
