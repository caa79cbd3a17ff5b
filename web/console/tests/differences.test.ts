import { describe, expect, it } from "vitest";

import { differences, merged } from "../src/acts/differences";

const before = { title: "杯", points: 800, tags: ["a"] };

describe("a thing that two people changed", () => {
  it("shows what the other changed, and where both did", () => {
    const mine = { ...before, title: "保温杯", points: 900 };
    const theirs = { ...before, title: "大杯", tags: ["a", "b"] };
    const found = differences(before, mine, theirs).map(({ field, isClash }) => [field, isClash]);
    expect(found).toEqual([
      ["title", true],
      ["tags", false],
    ]);
  });

  it("is no clash where both want the same", () => {
    const both = { ...before, points: 900 };
    expect(differences(before, both, both)[0].isClash).toBe(false);
  });

  it("keeps theirs where I changed nothing, and what I took of theirs", () => {
    const mine = { ...before, title: "保温杯", points: 900 };
    const theirs = { title: "大杯", points: 700, tags: ["b"] };
    expect(merged(before, mine, theirs, new Set(["title"]))).toEqual({
      title: "大杯",
      points: 900,
      tags: ["b"],
    });
  });
});
