/** The calls that only a mall on a developer's machine has: docs/local.md. */

const DAY_MS = 24 * 3_600_000;
/** Noon of the program, Asia/Shanghai, in UTC: both are on the same day. */
const NOON_MS = 4 * 3_600_000;

export interface Account {
  member_id: string;
  phone: string;
  access_token: string;
}

export type Role = "member" | "agent" | "ops" | "finance" | "admin";
export type Act = "pay" | "decline" | "dispute";

interface Notice {
  code?: string | null;
  text?: string;
}

interface PaymentThere {
  payment: { id: string };
  refunds: { id: string; status: string }[];
}

interface Info {
  partner: { id: string; secret: string };
  stripe: { api_base: string; api_key: string };
  /** The program's time. */
  now: string;
}

/** `/_local` of a running mall. */
export class Local {
  constructor(private readonly mall: string) {}

  /** An account with this role, made when its name is new. */
  account(role: Role, name: string): Promise<Account> {
    return this.ask("GET", `token?${new URLSearchParams({ role, name })}`);
  }

  async partner(): Promise<{ id: string; secret: string }> {
    return (await this.info()).partner;
  }

  /** What was sent to a phone number or an address, newest first. */
  async outbox(to: string): Promise<Notice[]> {
    return (await this.ask<{ data: Notice[] }>("GET", `outbox?${new URLSearchParams({ to })}`))
      .data;
  }

  /** The newest login code that was sent. Raises Error. */
  async code(to: string): Promise<string> {
    const found = (await this.outbox(to)).find((notice) => notice.code);
    if (!found?.code) throw new Error(`no code was sent to ${to}`);
    return found.code;
  }

  /** Wait until every fact is delivered to everybody. */
  async drain(): Promise<void> {
    await this.ask("POST", "drain");
  }

  /** Move the program's clock forward: for every test that runs, so in `later/` alone. */
  async advance(seconds: number): Promise<void> {
    await this.ask("POST", "clock", { advance_seconds: seconds });
  }

  /** Move it to the next noon of the program: the day before is over. Returns the new day. */
  async noon(): Promise<string> {
    const now = Date.parse((await this.info()).now);
    const ahead = DAY_MS - ((now - NOON_MS) % DAY_MS);
    await this.advance(Math.ceil(ahead / 1000));
    return new Date(now + ahead).toISOString().slice(0, 10);
  }

  /** Run a scheduled function, such as `sweep_payments`, to its end. */
  async run(scheduled: string): Promise<void> {
    await this.ask("POST", `functions/${scheduled}`);
  }

  /** Act as the payer of an order. */
  async pay(order: string, does: Act = "pay", card?: string): Promise<void> {
    await this.ask("POST", `pay/${order}`, { does, ...(card ? { card } : {}) });
  }

  /** Act as the bank of a refund that waits: the card `pm_card_pendingRefund` makes it wait. */
  async refund(order: string, does: "succeed" | "fail"): Promise<void> {
    const refunds = (await this.paymentsOf(order)).flatMap((each) => each.refunds);
    const waiting = refunds.find((each) => each.status === "pending");
    if (waiting === undefined) throw new Error(`no refund of ${order} waits for a bank`);
    await this.provider("POST", `_wire/refunds/${waiting.id}/${does}`, "{}");
  }

  /** An order's payments at the provider, with their refunds. */
  async paymentsOf(order: string): Promise<PaymentThere[]> {
    const found = await this.provider("GET", `_wire/orders/${order}/payments`);
    return ((await found.json()) as { data: PaymentThere[] }).data;
  }

  /** Money comes to the mall's account at the provider that no order knows of. */
  async charge(cents: number): Promise<void> {
    const charge = { amount: String(cents), currency: "cny", payment_method: "pm_card_visa" };
    const body = new URLSearchParams({ ...charge, confirm: "true" });
    await this.provider("POST", "v1/payment_intents", body);
  }

  /** What the mall tells of itself. */
  info(): Promise<Info> {
    return this.ask("GET", "info");
  }

  /** Ask the payment provider itself. Raises Error. */
  private async provider(
    method: string,
    path: string,
    body?: string | URLSearchParams,
  ): Promise<Response> {
    const { stripe } = await this.info();
    const headers = { Authorization: `Bearer ${stripe.api_key}` };
    const sent = { method, headers, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(`${stripe.api_base}/${path}`, sent);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  private async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await fetch(`${this.mall}/_local/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} /_local/${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  }
}
