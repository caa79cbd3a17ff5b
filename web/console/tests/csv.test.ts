import { describe, expect, it } from "vitest";

import { csv } from "../src/table/csv";

const body = (...cells: string[]) => csv(["h"], [cells]).split("\r\n")[1];

describe("an exported page", () => {
  it("begins with a mark that tells UTF-8, and ends each line by CRLF", () => {
    expect(csv(["积分"], [["800"]])).toBe("\uFEFF积分\r\n800\r\n");
  });

  it("quotes what would break a line or a cell", () => {
    expect(body('a"b', "c,d", "e\nf")).toBe('"a""b","c,d","e\nf"');
  });

  it("makes no cell a formula", () => {
    for (const text of ["=1+1", "@SUM(A1)", "+cmd|calc", "-2+3", "\tx"]) {
      expect(body(text)).toBe(`'${text}`);
    }
  });

  it("makes no cell a formula behind what nobody sees, nor after what may separate cells", () => {
    for (const text of [" =1", "\u00a0@x", "\u200b=1", "\u2060\u3164+1a", "\u{e0041}=1", "＝1"]) {
      expect(body(text)).toBe(`'${text}`);
    }
    expect(body("\t=1", "a;=1", "a; \u200b@x", "a;b;1=1")).toBe(
      "'\t'=1,a;'=1,a; \u200b'@x,a;b;1=1",
    );
    expect(body("a\n-1", 'a;"=1"')).toBe('"a\n\'-1","a;""\'=1"""');
  });

  it("keeps negative numbers as numbers", () => {
    expect(body("−800", "-12.50")).toBe("-800,-12.50");
  });
});
