import type { Schema } from "@jifen/shared/schema";
import { describe, expect, it, vi } from "vitest";

vi.mock("#platform/surroundings", () => ({ keepAddress: () => undefined }));

const { leadOf } = await import("@/pages/inbox/leading");
const { aheadOf, unreadOf } = await import("@/state/counting");

type Data = Schema<"NoticeView">["data"];

describe("a notice leads", () => {
  it.each<[Data, string | null]>([
    [{ order_id: "ord_1", status: "shipped", points: 5 }, "/pages/order/detail?id=ord_1"],
    [{ withdrawal_id: "wdr_1", status: "paid" }, "/pages/me/withdrawal?id=wdr_1"],
    [{ entry_id: "ent_1", points: 5, unit: "rebate_cash" }, "/pages/me/withdrawals"],
    [{ entry_id: "ent_1", points: 5, unit: "points" }, "/pages/points/index"],
    [{ points: 5, unit: "points", expires_at: "2026-12-01T00:00:00Z" }, "/pages/points/index"],
    [{}, null],
  ])("%j to %s", (data, to) => expect(leadOf({ data })?.to ?? null).toBe(to));

  it("to an order's own page only, whatever its id says", () => {
    expect(leadOf({ data: { order_id: "a&b=//x" } })?.to).toBe(
      "/pages/order/detail?id=a%26b%3D%2F%2Fx",
    );
  });
});

describe("unread notices", () => {
  const page = (reads: boolean[], next_cursor: string | null = null) => ({
    data: reads.map((read) => ({ read })) as Schema<"NoticeView">[],
    next_cursor,
  });

  it("are counted as far as they are listed", () => {
    expect(unreadOf(page([]))).toBe("");
    expect(unreadOf(page([true]))).toBe("");
    expect(unreadOf(page([false, false, true], "more"))).toBe("2");
    expect(unreadOf(page([false, false]))).toBe("2");
    expect(unreadOf(page([false, false], "more"))).toBe("2+");
  });
});

describe("the program's clock", () => {
  it("is ahead of this device by what it told, in the middle of the request", () => {
    expect(
      aheadOf(
        "2026-11-21T08:00:10.000Z",
        Date.UTC(2026, 10, 21, 8),
        Date.UTC(2026, 10, 21, 8, 0, 2),
      ),
    ).toBe(9000);
  });
});
