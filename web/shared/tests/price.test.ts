import { describe, expect, it } from "vitest";

import { cashOf, leastOf, range, type Price } from "../src/price";
import quotes from "./fixtures/quotes.json";

interface Quote {
  price: Price;
  quantity: number;
  points: number;
  cash: { amount: number; currency: string };
}

const QUOTES = quotes as Quote[];

describe("the price of a line", () => {
  it("is compared with enough quotes of the API", () => {
    expect(QUOTES.length).toBeGreaterThanOrEqual(40);
    expect(QUOTES.some(({ price }) => price.cash !== null && price.cash_equivalent !== null)).toBe(
      true,
    );
  });

  it.each(QUOTES.map((each) => [each.price.points, each.quantity, each.points, each] as const))(
    "of %i points × %i, %i of them paid, is the API's",
    (_price, quantity, paid, quote) => {
      const cash = cashOf(quote.price, quantity, paid);
      expect(cash ?? { amount: 0, currency: "CNY" }).toEqual(quote.cash);
      const { least, most } = range(quote.price, quantity);
      expect(paid).toBeGreaterThanOrEqual(least);
      expect(paid).toBeLessThanOrEqual(most);
    },
  );

  it("has a range of one number where cash replaces nothing", () => {
    const price = { points: 800, cash: null, cash_equivalent: null, min_points: 800 } as Price;
    expect(range(price, 2)).toEqual({ least: 1600, most: 1600 });
    expect(cashOf(price, 2, 1600)).toBeNull();
  });

  it("with the fewest points has the fixed cash and what replaces the others", () => {
    const yuan = (amount: number) => ({ amount: amount * 100, currency: "CNY" });
    const both = { points: 1200, cash: yuan(99), cash_equivalent: yuan(120), min_points: 200 };
    expect(leastOf({ ...both, tier_points: null })).toEqual({ points: 200, cash: yuan(199) });
    expect(cashOf({ ...both, tier_points: null }, 1, 200)).toEqual(yuan(199));
    const fixed = { ...both, cash_equivalent: null, min_points: 1200, tier_points: null };
    expect(leastOf(fixed)).toBeNull();
  });

  it("stays exact where a product of numbers is not", () => {
    const most = 1_000_000_000;
    const money = { amount: 999_999_999_999, currency: "CNY" };
    const price = { points: most, cash: null, cash_equivalent: money, min_points: 0 } as Price;
    expect(cashOf(price, 99, 1)?.amount).toBe(98_999_999_998_902);
  });
});
