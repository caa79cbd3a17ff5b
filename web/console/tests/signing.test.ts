import { describe, expect, it } from "vitest";

import { backPath, destinationOf } from "../src/session/destination";

describe("signing in", () => {
  it("takes a mainland number without its prefix, a foreign one with it, and an e-mail", () => {
    expect(destinationOf("138 0013 8000")).toBe("+8613800138000");
    expect(destinationOf("+65 9123-4567")).toBe("+6591234567");
    expect(destinationOf(" a@example.com ")).toBe("a@example.com");
  });

  it("takes nothing else", () => {
    for (const text of ["", "12345", "hello", "@", "a@", "a b@c"]) {
      expect(destinationOf(text)).toBe("");
    }
  });

  it("comes back to a page of the console only", () => {
    expect(backPath("/orders?status=in_review")).toBe("/orders?status=in_review");
    for (const asked of ["https://evil.example", "//evil.example", "/\\evil.example", undefined]) {
      expect(backPath(asked)).toBe("/");
    }
  });
});
