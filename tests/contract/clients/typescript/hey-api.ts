/** From login to an order with the client of @hey-api/openapi-ts. */
import { asked, paidBy, sentCode } from "./asked";
import { createClient } from "./hey/client";
import type { Problem } from "./hey";
import {
  listProducts,
  placeOrder,
  quoteOrder,
  receiveEvents,
  sendCode,
  showOrder,
  showProduct,
  signIn,
} from "./hey";
import { signed } from "./signing";

const baseUrl = asked("MALL");
const open = createClient({ baseUrl });

function done<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) throw new Error(`${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

async function login(phone: string): Promise<string> {
  const wanted = { channel: "sms" as const, destination: phone };
  const sent = done(await sendCode({ client: open, body: wanted }));
  const code = await sentCode(baseUrl, phone);
  const consent = { terms: "1", privacy: "1" };
  const body = { grant: "otp" as const, challenge_id: sent.challenge_id, code, consent };
  return done(await signIn({ client: open, body })).access_token;
}

async function earn(phone: string): Promise<number> {
  const partner = createClient({ baseUrl });
  partner.interceptors.request.use(async (request) => {
    const body = await request.clone().text();
    const headers = await signed(asked("PARTNER"), asked("SECRET"), body);
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return request;
  });
  const told = done(await receiveEvents({ client: partner, body: paidBy(phone) }));
  if ("events" in told) throw new Error("one event has one answer");
  return told.explain.reduce((sum, each) => sum + each.points, 0);
}

async function main(): Promise<void> {
  const phone = asked("PHONE");
  const token = await login(phone);
  const client = createClient({ baseUrl, auth: () => token });
  const earned = await earn(phone);
  const query = { kind: "virtual" as const, limit: 100, max_points: 1000 };
  const listed = done(await listProducts({ client, query }));
  const [product] = listed.data;
  if (!product) throw new Error("nothing is on sale");
  const { skus } = done(await showProduct({ client, path: { id: product.id } }));
  const body = { items: [{ sku: skus[0]!.sku, quantity: 1 }] };
  const quoted = done(await quoteOrder({ client, body }));
  const headers = { "Idempotency-Key": `first-order-${phone}` };
  const placed = done(await placeOrder({ client, body, headers }));
  const shown = done(await showOrder({ client, path: { id: placed.id } }));
  const { id, status, points } = shown;
  console.log(JSON.stringify({ earned, quoted: quoted.points, id, status, points }));
}

void main();
