import { describe, expect, it } from "vitest";

import { parcelsOf, textOf, withAddress } from "../src/areas/orders/shipping/file";

describe("a file of parcels", () => {
  it("is read as UTF-8, or as Excel saves CSV in China", () => {
    expect(textOf(new TextEncoder().encode("订单号").buffer as ArrayBuffer)).toBe("订单号");
    const saved = Uint8Array.from([0xb6, 0xa9, 0xb5, 0xa5, 0xba, 0xc5]);
    expect(textOf(saved.buffer)).toBe("订单号");
  });

  it("has the lines below its header that are not blank", () => {
    expect(parcelsOf("order_id,carrier\r\nord_1,SF\r\n,\r\n\r\nord_2,SF\n").lines).toBe(2);
    expect(parcelsOf("order_id,carrier\r\n").lines).toBe(0);
    expect(parcelsOf("").lines).toBe(0);
  });

  it("counts apart the orders beside which nobody wrote a parcel, and shows the others", () => {
    const file = '\uFEFF订单号,商品,快递公司,运单号\r\nord_1,"杯, ""红""",SF,SF1\r\nord_2,杯,,\r\n';
    const first = [{ order: "ord_1", carrier: "SF", number: "SF1" }];
    expect(parcelsOf(file)).toEqual({ lines: 1, empty: 1, first });
  });
});

describe("the export of orders to ship", () => {
  it("leaves out orders that go to no address, in each part", () => {
    const [first, header] = withAddress(
      'order_id,recipient,address\r\nord_1,Li,"Road 1\r\nFlat 2"\r\nord_2,,\r\n',
      [],
    );
    expect(first).toBe('order_id,recipient,address\r\nord_1,Li,"Road 1\r\nFlat 2"\r\n');
    expect(withAddress("ord_3,,\r\nord_4,Wu,Road 3\r\n", header)[0]).toBe("ord_4,Wu,Road 3\r\n");
  });
});
