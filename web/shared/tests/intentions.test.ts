import { describe, expect, it } from "vitest";

import { Intentions, type Kept } from "../src/intentions";
import { keyWithin } from "../src/keyWithin";

/** What a window keeps over a reload. */
function window(): Kept {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

/** Intentions of a page whose keys are numbered. */
function page(kept: Kept, first = 1): Intentions {
  let next = first;
  return new Intentions(kept, () => `key-${next++}`);
}

const GIFT = { to: { phone: "13800138000" }, points: 100 };

describe("an intention", () => {
  it("keeps its key however often it is tried", () => {
    const intentions = page(window());
    expect(intentions.keyOf("gift", GIFT)).toBe("key-1");
    expect(intentions.keyOf("gift", { ...GIFT })).toBe("key-1");
  });

  it("keeps its key over a reload", () => {
    const kept = window();
    page(kept).keyOf("gift", GIFT);
    expect(page(kept, 50).keyOf("gift", GIFT)).toBe("key-1");
  });

  it("with other content is another one", () => {
    const intentions = page(window());
    intentions.keyOf("gift", GIFT);
    expect(intentions.keyOf("gift", { ...GIFT, points: 101 })).toBe("key-2");
  });

  it("that took effect is a new one when it is meant again", () => {
    const intentions = page(window());
    intentions.keyOf("gift", GIFT);
    intentions.done("gift");
    expect(intentions.keyOf("gift", GIFT)).toBe("key-2");
  });

  it("does not end one of another name", () => {
    const intentions = page(window());
    intentions.keyOf("gift", GIFT);
    intentions.keyOf("order", GIFT);
    intentions.done("order");
    expect(intentions.keyOf("gift", GIFT)).toBe("key-1");
  });
});

describe("a key within an intention", () => {
  const root = "0123456789abcdef0123456789abcdef";

  it("is the same for the same content in each window, and another for other content", () => {
    const key = keyWithin(root, GIFT);
    expect(key).toBe(keyWithin(root, { ...GIFT }));
    expect(key).not.toBe(keyWithin(root, { ...GIFT, points: 101 }));
    expect(key).not.toBe(keyWithin("f".repeat(32), GIFT));
  });

  it("is one that the API takes", () => {
    expect(keyWithin(root, { note: "靠窗 🥤" })).toMatch(/^[0-9a-f-]{8,128}$/);
  });
});
