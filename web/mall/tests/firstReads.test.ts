import { expect, it } from "vitest";

import { firstReads } from "@/platform/firstReads";

const reads = (page: string, query: string, isMember: boolean) =>
  firstReads(page, new URLSearchParams(query), isMember);

it("names what a page reads about an id", () => {
  expect(reads("pages/goods/product", "id=a%2Fb", false)).toEqual([
    "/v1/program",
    "/v1/products/a%2Fb",
  ]);
});

it("leaves out what has no id, and lists that a query changes", () => {
  expect(reads("pages/goods/product", "", false)).toEqual(["/v1/program"]);
  expect(reads("pages/order/list", "status=shipped", true)).toEqual(["/v1/program", "/v1/me"]);
});

it("reads nothing of a member for nobody", () => {
  const home = reads("pages/home/index", "", false);
  expect(home).toContain("/v1/categories?limit=100");
  expect(home.filter((each) => each.startsWith("/v1/me"))).toEqual([]);
  expect(reads("pages/order/detail", "id=ord_1", false)).toEqual(["/v1/program"]);
});

it("quotes what a checkout is opened for, unless something is chosen already", () => {
  const quotes = (page: string, query: string, isMember = true) =>
    reads(page, query, isMember).filter((each) => each.startsWith("/v1/orders/quote"));
  expect(quotes("pages/order/checkout", "sku=CUP&quantity=2&product=prd_1")).toEqual([
    '/v1/orders/quote?coupons=true {"items":[{"sku":"CUP","quantity":2}]}',
  ]);
  expect(quotes("pages/cart/checkout", "lines=CUP:1,TEE:3")).toEqual([
    '/v1/orders/quote?coupons=true {"items":[{"sku":"CUP","quantity":1},{"sku":"TEE","quantity":3}],"from_cart":true}',
  ]);
  expect(quotes("pages/order/checkout", "sku=CUP&product=prd_1&address=adr_1")).toEqual([]);
  expect(quotes("pages/order/checkout", "sku=CUP&product=prd_1", false)).toEqual([]);
  expect(quotes("pages/order/list", "sku=CUP")).toEqual([]);
});

it("knows a page that nobody made", () => {
  expect(reads("pages/nothing/index", "", false)).toEqual(["/v1/program"]);
});
