import { beforeEach, describe, expect, it, vi } from "vitest";

const sent = vi.fn<(request: Request) => Promise<Response>>();
const page = { isMember: false };
vi.mock("#platform/renewal", () => ({
  renewalBy: () => ({
    alone: (task: () => unknown) => task(),
    holder: () => (page.isMember ? "mem_1" : null),
    renew: () => Promise.resolve({ token: "one", member: "mem_1", until: Infinity }),
  }),
}));
vi.mock("#platform/surroundings", () => ({
  HOST: "https://mall.example",
  isOnline: () => true,
  send: (request: Request) => sent(request),
}));

const READ = "/v1/me";
const WHOLE = `https://mall.example${READ}`;
const asks = (headers: Record<string, string>) => new Request(WHOLE, { headers });
const MEMBER = { "Accept-Language": "zh-CN", Authorization: "Bearer one" };

/** A page that begins, as the first script does. */
async function begun(reads: (isMember: boolean) => string[] = () => [READ]) {
  vi.resetModules();
  const module = await import("@/platform/begun");
  module.begin(reads, "zh-CN");
  await vi.waitFor(() => expect(sent.mock.calls.at(-1)?.[0].method).toBe("GET"));
  return module;
}

beforeEach(() => {
  page.isMember = false;
  sent.mockReset();
  sent.mockImplementation((request) => Promise.resolve(Response.json({ read: request.url })));
});

describe("what a page begins before the mall is there", () => {
  it("is taken once", async () => {
    page.isMember = true;
    const { begunAccess, begunAnswer } = await begun();
    expect((await begunAccess())?.token).toBe("one");
    expect(begunAccess()).toBeNull();
    expect(await (await begunAnswer(asks(MEMBER)))?.json()).toEqual({ read: WHOLE });
    expect(await begunAnswer(asks(MEMBER))).toBeNull();
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it.each([
    ["another member", { ...MEMBER, Authorization: "Bearer two" }],
    ["nobody", { "Accept-Language": "zh-CN" }],
    ["another language", { ...MEMBER, "Accept-Language": "en" }],
  ])("is not for %s", async (_whom, headers) => {
    page.isMember = true;
    const { begunAnswer } = await begun();
    expect(await begunAnswer(asks(headers))).toBeNull();
  });

  it("may be a quote, by its body", async () => {
    page.isMember = true;
    const { begunAnswer } = await begun(() => ['/v1/orders/quote?coupons=true {"items":[]}', READ]);
    const quote = (body: string) =>
      new Request("https://mall.example/v1/orders/quote?coupons=true", {
        ...{ method: "POST", body, headers: MEMBER },
      });
    expect(await begunAnswer(quote('{"items":[{}]}'))).toBeNull();
    expect(await begunAnswer(quote('{"items":[]}'))).not.toBeNull();
    const [asked] = sent.mock.calls[0] ?? [];
    expect([asked?.method, asked?.headers.get("Content-Type")]).toEqual([
      ...["POST", "application/json"],
    ]);
    expect(await asked?.text()).toBe('{"items":[]}');
  });

  it("is never an order", async () => {
    page.isMember = true;
    const { begunAnswer } = await begun(() => ["/v1/orders {}", READ]);
    const order = { method: "POST", body: "{}", headers: MEMBER };
    expect(await begunAnswer(new Request("https://mall.example/v1/orders", order))).toBeNull();
  });

  it("renews no session where none is kept", async () => {
    const { begunAccess, begunAnswer } = await begun((isMember) => (isMember ? [] : [READ]));
    expect(begunAccess()).toBeNull();
    expect(await begunAnswer(asks({ "Accept-Language": "zh-CN" }))).not.toBeNull();
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it("is too old after a while", async () => {
    const { begunAnswer } = await begun();
    const now = vi.spyOn(Date, "now").mockReturnValue(Date.now() + 21_000);
    expect(await begunAnswer(asks({ "Accept-Language": "zh-CN" }))).toBeNull();
    now.mockRestore();
    expect(await begunAnswer(asks({ "Accept-Language": "zh-CN" }))).not.toBeNull();
  });
});
