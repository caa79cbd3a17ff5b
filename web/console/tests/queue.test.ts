import { describe, expect, it } from "vitest";

import type { Order } from "../src/areas/orders/orders";
import { Times } from "@jifen/shared/times";

import { FIRST, askedOf, soughtOf, statusOf } from "../src/areas/orders/queue/filters";
import { KEYS } from "../src/areas/orders/queue/keys";
import { nextOf } from "../src/queue/next";

const pressed = (key: string, held: object = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

describe("the keys of the queue", () => {
  it.each([
    ["j", "next"],
    ["k", "previous"],
    ["ArrowDown", "next"],
    ["Enter", "open"],
    ["t", "take"],
    ["A", "approve"],
    ["r", "reject"],
    ["s", "ship"],
    ["d", "deliver"],
    ["u", "use"],
    ["Escape", "close"],
    ["?", "help"],
  ])("%s: %s", (key, command) => {
    expect(KEYS.commandOf(pressed(key))).toBe(command);
  });

  it("leave the browser its own, and others without a meaning", () => {
    expect(KEYS.commandOf(pressed("r", { ctrlKey: true }))).toBeNull();
    expect(KEYS.commandOf(pressed("a", { metaKey: true }))).toBeNull();
    expect(KEYS.commandOf(pressed("x"))).toBeNull();
  });
});

describe("the next order", () => {
  const rows = ["a", "b", "c"].map((id) => ({ id }) as Order);

  it("is the next below, then one above that waits still", () => {
    expect(nextOf(rows, 0, new Set(["a"]))?.id).toBe("b");
    expect(nextOf(rows, 2, new Set(["c", "a"]))?.id).toBe("b");
    expect(nextOf(rows, 1, new Set(["a", "b", "c"]))).toBeNull();
  });
});

const TIMES = new Times("Asia/Shanghai", () => "zh-CN");

describe("the question to the API", () => {
  it("asks for the review queue at first", () => {
    expect(askedOf({ ...FIRST, limit: 20 }, TIMES)).toEqual({
      limit: 20,
      status: "awaiting_review",
    });
  });

  it("asks by one filter, as the API takes no more", () => {
    const filters = { ...FIRST, status: "approved", code: " GIFT-1 " };
    expect(askedOf({ ...filters, limit: 20 }, TIMES)).toEqual({ limit: 20, code: "GIFT-1" });
    expect(soughtOf(filters)).toEqual({ by: "code", text: "GIFT-1" });
    expect(statusOf(filters)).toBeNull();
  });

  it("takes days of the program, both included", () => {
    const filters = { ...FIRST, status: "completed", from: "2026-11-29", to: "2026-11-29" };
    expect(askedOf({ ...filters, limit: 20 }, TIMES)).toEqual({
      limit: 20,
      status: "completed",
      from: "2026-11-28T16:00:00.000Z",
      to: "2026-11-29T16:00:00.000Z",
    });
  });

  it("takes a state that no list has for the first", () => {
    expect(statusOf({ ...FIRST, status: "lost" })).toBe("awaiting_review");
    expect(statusOf({ ...FIRST, status: "shipped" })).toBe("shipped");
    expect(askedOf({ ...FIRST, status: "uncollected", limit: 20 }, TIMES)).toEqual({
      limit: 20,
      list: "uncollected",
    });
  });
});
