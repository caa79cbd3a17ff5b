import type { Kept } from "@jifen/shared/intentions";
import { verify } from "@jifen/shared/chain";
import type { Schema } from "@jifen/shared/schema";
import { describe, expect, it } from "vitest";

import history from "../../shared/tests/fixtures/history.json";
import words from "../src/language/zh-CN/points.json";
import {
  accountName,
  explain,
  inOrder,
  isFirst,
  legOf,
  type Entry,
} from "../src/pages/points/entries";
import * as gift from "../src/pages/points/giving";
import { daysOf, queryOf } from "../src/pages/points/filter";
import { lotsOf } from "../src/pages/points/lots";
import { monthsBetween, stepped } from "../src/pages/points/months";
import { verifySlowly } from "../src/pages/points/slices";
import { amount, isUsed, signed, unitOf } from "../src/pages/points/units";

const ENTRIES = history as Entry[];
const MEMBER = "mbr_7dq2kzvdkwqymh6dz4wmbyzixe";

/** An entry of which only what is named matters. */
function entry(given: Partial<Entry>): Entry {
  return { ...(ENTRIES[0] as Entry), rule: null, postings: [], ...given };
}

const legs = (...changes: [part: string, points: number][]) =>
  changes.map(([part, points]) => ({ account: `member:${MEMBER}:points${part}`, points }));

function wordsAt(name: string): unknown {
  return name
    .split(".")
    .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], words.what);
}

describe("an entry in words", () => {
  it("tells all that happened to a real member", () => {
    expect(ENTRIES.map((each) => explain(each).what).reverse()).toEqual([
      ...["accrual", "given", "given", "expiry", "redemption", "redemption", "reversal.order"],
      ...["hold.order", "release.order", "transfer_out", "transfer_in"],
      ...["hold.partner", "capture.part", "hold.partner", "release.partner", "clawback"],
    ]);
  });

  it.each<[string, Partial<Entry>]>([
    ["accrualPending", { type: "accrual", postings: legs([":pending", 50]) }],
    [
      "release.timeOut",
      { type: "release", reference: "hold:p:1:end", source: "p:1", rule: "time_out" },
    ],
    ["reversal.refund", { type: "reversal", source: "order:ord_1", rule: "refund" }],
    [
      "reversal.gift",
      { type: "reversal", reference: "transfer:trf_1:reversed", source: "transfer:trf_1" },
    ],
    ["hold.withdrawal", { type: "hold", reference: "hold:wd_1", source: "withdrawal:wd_1" }],
    ["reversal.withdrawal", { type: "reversal", source: "withdrawal:wd_1" }],
    ["capture.order", { type: "capture", points: 0, source: "order:ord_1" }],
    [
      "taken",
      {
        type: "adjustment",
        source: "adjustment:a",
        reference: "adjustment:a",
        postings: legs(["", -5]),
      },
    ],
    [
      "given",
      {
        type: "adjustment",
        source: "adjustment:a",
        reference: "adjustment:a",
        postings: legs(["", 2], [":debt", 3]),
      },
    ],
    ["writtenOff", { type: "adjustment", reference: "order_refunded:p:1:r:x:written_off" }],
    ["unlock", { type: "unlock", reference: "order_paid:p:1:r:unlock" }],
  ])("is %s", (what, given) => {
    expect(explain(entry(given)).what).toBe(what);
    expect(wordsAt(what)).toBeTypeOf("string");
  });

  it("has words for whatever can be told", () => {
    for (const each of ENTRIES) expect(wordsAt(explain(each).what)).toBeTypeOf("string");
  });

  it("leads to its order, and names a partner's", () => {
    const order = entry({ type: "redemption", reference: "order:ord_1", source: "order:ord_1" });
    expect(explain(order).origin).toEqual({ kind: "order", order: "ord_1" });
    const shop = entry({ reference: "order_paid:shop:a:1:rule", source: "shop:a:1" });
    expect(explain(shop).origin).toEqual({ kind: "partner", partner: "shop", number: "a:1" });
    const lapse = entry({ type: "expiry", reference: "expiry:1795978472:4", source: "expiry" });
    expect(explain(lapse).origin).toEqual({ kind: "none" });
  });

  it("does not lead to the friend who gave or received", () => {
    const given = entry({
      type: "transfer_in",
      reference: "transfer:trf_1",
      source: `member:${MEMBER}`,
    });
    expect(explain(given).origin).toEqual({ kind: "gift" });
  });

  it("names the accounts of its postings", () => {
    const names = [
      "program:points:issued",
      `member:${MEMBER}:points`,
      `member:${MEMBER}:points:held`,
    ];
    expect(names.map(accountName)).toEqual(["issued", "member", "held"]);
    const all = ENTRIES.flatMap((each) => each.postings.map((leg) => accountName(leg.account)));
    for (const each of all) expect(Object.keys(words.accounts)).toContain(each);
  });

  it("shows a debt as what is owed", () => {
    const taken = entry({ postings: legs(["", -10], [":debt", -40]) });
    expect(legOf(taken, "debt")).toBe(40);
    expect(legOf(taken, "held")).toBe(0);
  });

  it("knows the first one", () => {
    expect(ENTRIES.filter(isFirst).map((each) => each.seq)).toEqual([1]);
  });
});

describe("months", () => {
  it("run from registration to now, newest first, over a year's end", () => {
    expect(monthsBetween("2025-11", "2026-02")).toEqual([
      ...["2026-02", "2026-01", "2025-12", "2025-11"],
    ]);
    expect(monthsBetween("2026-02", "2026-02")).toEqual(["2026-02"]);
  });

  it("are this one alone where a clock runs behind", () => {
    expect(monthsBetween("2026-03", "2026-02")).toEqual(["2026-02"]);
  });

  it("step both ways", () => {
    expect([stepped("2026-12", 1), stepped("2026-01", -1), stepped("2026-06", 19)]).toEqual([
      ...["2027-01", "2025-12", "2028-01"],
    ]);
  });

  it("narrow a history down to whole months", () => {
    const query = queryOf(
      { unit: "points", type: "", from: "2026-10-05", until: "2026-12-31" },
      (day, time) => `${day} ${time}`,
    );
    expect(query).toEqual({
      ...{ unit: "points", type: undefined, from: "2026-10-05 00:00", to: "2027-01-01 00:00" },
    });
  });

  it.each([
    [{ from: "2026-02", until: "2026-02" }, "2026-02-01", "2026-02-28"],
    [{ from: "2026-11-29", until: "2026-12" }, "2026-11-29", "2026-12-31"],
    [{ from: "2026-13-01", until: "x" }, "", ""],
    [{}, "", ""],
  ])("of a link %j goes from %s to %s", (query, from, until) => {
    expect(daysOf(query)).toEqual({ from, until });
  });
});

describe("a statement", () => {
  it("tells of a hold before its capture", () => {
    const lines = (["capture", "accrual", "hold"] as const).map((type) => ({ type }));
    expect(inOrder(lines).map(({ type }) => type)).toEqual(["accrual", "hold", "capture"]);
  });
});

function balance(given: Partial<Schema<"Balance">>): Schema<"Balance"> {
  const lifetime = { accrued: 0, redeemed: 0, expired: 0, transferred: 0, adjusted: 0 };
  const empty = { unit: "points", available: 0, pending: 0, held: 0, debt: 0, status: "active" };
  return { ...empty, expiring: [], lifetime, ...given };
}

describe("a balance", () => {
  it("has its lots by expiry, and last what never expires", () => {
    const expiring = [{ at: "2027-01-01T00:00:00Z", points: 50 }];
    expect(lotsOf(balance({ available: 250, expiring }))).toEqual([
      { at: "2027-01-01T00:00:00Z", points: 50, share: 25 },
      { at: null, points: 200, share: 100 },
    ]);
    expect(lotsOf(balance({}))).toEqual([]);
  });

  it("is used once anything ever happened in it", () => {
    expect(isUsed(balance({}))).toBe(false);
    expect(isUsed(balance({ held: 1 }))).toBe(true);
  });

  it("is shown in its unit", () => {
    expect([amount("points", 1280), amount("rebate_cash", 1280)]).toEqual(["1,280", "¥12.80"]);
    expect([signed("rebate_cash", 50), signed("rebate_cash", -50)]).toEqual(["+¥0.50", "−¥0.50"]);
    expect([unitOf({ unit: "growth" }), unitOf({ unit: "gold" }), unitOf(undefined)]).toEqual([
      ...["growth", "points", "points"],
    ]);
  });
});

describe("a gift", () => {
  const draft = {
    by: "phone",
    to: " 13800138000 ",
    points: "1,200",
    message: " 生日快乐 ",
  } as const;

  it("is sent without spaces, and without a message where there is none", () => {
    const to = { phone: "13800138000" };
    expect(gift.bodyOf(draft)).toEqual({ to, points: 1200, message: "生日快乐" });
    expect(gift.bodyOf({ ...draft, message: "  " })).toEqual({ to, points: 1200 });
  });

  it.each(["", "0", "-5", "1.5", "1e3", "ten", "1234567890123"])(
    "of %j points is mended first",
    (points) => expect(gift.slipsOf({ ...draft, points }, 9999)).toEqual(["points"]),
  );

  it("needs a receiver and no more points than there are", () => {
    expect(gift.slipsOf(draft, 1200)).toEqual([]);
    expect(gift.slipsOf({ ...draft, to: " " }, 1199)).toEqual(["to", "missing"]);
  });

  it.each<[gift.GiftDraft["by"], string, boolean]>([
    ["phone", "1380013", false],
    ["phone", "138 0013-8000", true],
    ["phone", "+86 138 0013 8000", true],
    ["phone", "8613800138000", true],
    ["phone", "+65 8123 4567", true],
    ["phone", "+1", false],
    ["phone", "23800138000", false],
    ["email", "li@example", false],
    ["email", "li@example.com", true],
    ["member_id", "mbr_1", false],
    ["member_id", MEMBER, true],
  ])("by %s to '%s' goes on: %s", (by, to, goesOn) => {
    expect(gift.slipsOf({ ...draft, by, to }, 9999)).toEqual(goesOn ? [] : ["who"]);
  });

  it("that a reload interrupted is there again, for its member alone", () => {
    const slots = new Map<string, string>();
    const kept: Kept = {
      getItem: (name) => slots.get(name) ?? null,
      setItem: (name, value) => void slots.set(name, value),
      removeItem: (name) => void slots.delete(name),
    };
    gift.keepDraft(kept, "mbr_a", draft);
    expect(gift.draftOf(kept, "mbr_a")).toEqual(draft);
    expect(gift.draftOf(kept, "mbr_b").to).toBe("");
    gift.forgetDraft(kept);
    expect(gift.draftOf(kept, "mbr_a").to).toBe("");
  });
});

describe("checking a history in slices", () => {
  it("lets the page rest between them, and gives the verdict of one go", async () => {
    const told: number[] = [];
    const verdict = await verifySlowly(ENTRIES, (checked) => told.push(checked), 0);
    expect(verdict).toEqual(verify(ENTRIES));
    expect(told).toEqual(ENTRIES.map((_, index) => index + 1));
  });
});
