/** From login to an order with openapi-fetch, on the types of openapi-typescript. */
import createClient from "openapi-fetch";
import { asked, paidBy, sentCode } from "./asked";
import type { components, paths } from "./schema";
import { signed } from "./signing";

const mall = asked("MALL");
const api = createClient<paths>({ baseUrl: mall });

function done<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(`${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}

async function login(phone: string): Promise<string> {
  const sent = done(
    await api.POST("/v1/auth/otp", { body: { channel: "sms", destination: phone } }),
  );
  const code = await sentCode(mall, phone);
  const consent = { terms: "1", privacy: "1" };
  const body = { grant: "otp" as const, challenge_id: sent.challenge_id, code, consent };
  return done(await api.POST("/v1/auth/sessions", { body })).access_token;
}

async function earn(phone: string): Promise<number> {
  const partner = createClient<paths>({ baseUrl: mall });
  partner.use({
    async onRequest({ request }) {
      const body = await request.clone().text();
      const headers = await signed(asked("PARTNER"), asked("SECRET"), body);
      for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    },
  });
  const told = done(await partner.POST("/v1/events", { body: paidBy(phone) }));
  if ("events" in told) throw new Error("one event has one answer");
  return told.explain.reduce((sum, each) => sum + each.points, 0);
}

async function main(): Promise<void> {
  const phone = asked("PHONE");
  const token = await login(phone);
  const earned = await earn(phone);
  const headers = { Authorization: `Bearer ${token}` };
  const query = { kind: "virtual" as const, limit: 100, max_points: 1000 };
  const listed = done(await api.GET("/v1/products", { params: { query } }));
  const [product] = listed.data;
  if (!product) throw new Error("nothing is on sale");
  const { id } = product;
  const { skus } = done(await api.GET("/v1/products/{id}", { params: { path: { id } } }));
  const body = { items: [{ sku: skus[0]!.sku, quantity: 1 }] };
  const quoted = done(await api.POST("/v1/orders/quote", { body, headers }));
  const params = { header: { "Idempotency-Key": `first-order-${phone}` } };
  const placed = done(await api.POST("/v1/orders", { body, params, headers }));
  const path = { id: placed.id };
  const shown = done(await api.GET("/v1/orders/{id}", { params: { path }, headers }));
  const { status, points } = shown;
  console.log(JSON.stringify({ earned, quoted: quoted.points, id: shown.id, status, points }));
}

void main();
