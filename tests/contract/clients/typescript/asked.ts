declare const process: { env: Record<string, string | undefined> };

/** What the program is told of the mall: its address, a shop's secret, a new member's phone. */
export function asked(name: "MALL" | "PARTNER" | "SECRET" | "PHONE"): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

/** The login code that the local stack has sent to a phone. */
export async function sentCode(mall: string, phone: string): Promise<string> {
  const answer = await fetch(`${mall}/_local/outbox?to=${encodeURIComponent(phone)}`);
  const outbox = (await answer.json()) as { data: { code: string | null }[] };
  const code = outbox.data[0]?.code;
  if (!code) throw new Error("no code was sent");
  return code;
}

/** An event of a shop: this phone's owner has paid 1,000 yuan, and earns 1,000 points. */
export function paidBy(phone: string) {
  const id = `order-${phone.slice(1)}`;
  return {
    id: `${id}:paid`,
    type: "order.paid" as const,
    occurred_at: new Date().toISOString(),
    member: { phone },
    data: { order_id: id, currency: "CNY", amount: 100_000 },
  };
}
