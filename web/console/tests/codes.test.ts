import { describe, expect, it } from "vitest";

import { batchesOf, masked, readCodes } from "../src/areas/goods/codes/codes";

describe("a file of codes", () => {
  it("has one code per line, whatever ends the lines, without the mark of UTF-8", () => {
    expect(readCodes("\uFEFFA-1\r\nA-2\rA-3\n\n  A 4  \n").codes).toEqual([
      "A-1",
      "A-2",
      "A-3",
      "A 4",
    ]);
  });

  it("takes a code once, and tells where it stood first", () => {
    expect(readCodes("A\nB\n\nA")).toEqual({
      codes: ["A", "B"],
      repeated: [{ line: 4, first: 1 }],
      wrong: [],
    });
  });

  it("tells lines that are no codes, and why", () => {
    const { codes, wrong } = readCodes(`ok\n券码\nA  B\n${"X".repeat(65)}\n${"X".repeat(64)}`);
    expect(wrong.map(({ line, reason }) => [line, reason])).toEqual([
      [2, "letters"],
      [3, "spaces"],
      [4, "long"],
    ]);
    expect(codes).toEqual(["ok", "X".repeat(64)]);
  });

  it("is sent in parts of at most a thousand, each code in one of them", () => {
    const codes = Array.from({ length: 2250 }, (_, at) => `C-${at}`);
    const parts = batchesOf(codes);
    expect(parts.map(({ length }) => length)).toEqual([1000, 1000, 250]);
    expect(parts.flat()).toEqual(codes);
    expect(batchesOf([])).toEqual([]);
  });

  it("is never shown in full", () => {
    expect(masked("VIDEO-7F2K-Q9XD")).toBe("VIDE…");
  });
});
