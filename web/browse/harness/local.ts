/** The calls that only a mall on a developer's machine has: docs/local.md. */

export interface Account {
  member_id: string;
  phone: string;
  access_token: string;
}

export type Role = "member" | "agent" | "ops" | "finance" | "admin";
export type Act = "pay" | "decline" | "dispute" | "win" | "lose" | "succeed" | "fail";

interface Notice {
  code?: string | null;
  text?: string;
}

/** `/_local` of a running mall. */
export class Local {
  constructor(private readonly mall: string) {}

  /** An account with this role, made when its name is new. */
  account(role: Role, name: string): Promise<Account> {
    return this.ask("GET", `token?${new URLSearchParams({ role, name })}`);
  }

  async partner(): Promise<{ id: string; secret: string }> {
    return (await this.ask<{ partner: { id: string; secret: string } }>("GET", "info")).partner;
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

  /** Move the program's clock forward: for every test that runs, so in a file run on its own. */
  async advance(seconds: number): Promise<void> {
    await this.ask("POST", "clock", { advance_seconds: seconds });
  }

  /** Run a scheduled function, such as `sweep_payments`, to its end. */
  async run(scheduled: string): Promise<void> {
    await this.ask("POST", `functions/${scheduled}`);
  }

  /** Act as the payer of an order, or as a bank. */
  async pay(order: string, does: Act = "pay", card?: string): Promise<void> {
    await this.ask("POST", `pay/${order}`, { does, ...(card ? { card } : {}) });
  }

  /** Money comes to the mall's account at the provider that no order knows of. */
  async charge(cents: number): Promise<void> {
    const { stripe } = await this.ask<{ stripe: { api_base: string; api_key: string } }>(
      "GET",
      "info",
    );
    const answer = await fetch(`${stripe.api_base}/v1/payment_intents`, {
      method: "POST",
      headers: { Authorization: `Bearer ${stripe.api_key}` },
      body: new URLSearchParams({
        amount: String(cents),
        currency: "cny",
        payment_method: "pm_card_visa",
        confirm: "true",
      }),
    });
    if (!answer.ok) throw new Error(`a charge at the provider: ${await answer.text()}`);
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
