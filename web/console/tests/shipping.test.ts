import { describe, expect, it } from "vitest";

import { linesOf, textOf } from "../src/areas/orders/shipping/file";

describe("a file of parcels", () => {
  it("is read as UTF-8, or as Excel saves CSV in China", () => {
    expect(textOf(new TextEncoder().encode("订单号").buffer as ArrayBuffer)).toBe("订单号");
    const saved = Uint8Array.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5]);
    expect(textOf(saved.buffer)).toBe("订单号");
  });

  it("has the lines below its header that are not blank", () => {
    expect(linesOf("order_id,carrier\r\nord_1,SF\r\n,\r\n\r\nord_2,SF\n")).toBe(2);
    expect(linesOf("order_id,carrier\r\n")).toBe(0);
    expect(linesOf("")).toBe(0);
  });
});
