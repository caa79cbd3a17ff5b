import { describe, expect, it } from "vitest";

import { dayBefore, perPoint, sizeText } from "../src/areas/books/figures";
import { integerOf, readSheet, sumOf } from "../src/areas/books/lines";
import { countedBy, explanationOf } from "../src/areas/books/sums";
import { type Figure, keyOf, opensAs, tiesOf } from "../src/areas/books/ties";

const SUMMARY = [
  "section,figure,unit,value,value_text,lines,is_the_sum_of",
  "orders,cash_back,CNY,14900,149.00,1,minus orders cash below 0",
  "refunds,refunds,CNY,-17900,-179.00,2,refunds amount of refund or refund_failed",
  "assets:bank,opening,CNY,0,0.00,0,",
  "assets:bank,debit,CNY,300,3.00,2,payments and refunds assets:bank above 0",
  "assets:bank,credit,CNY,100,1.00,1,minus payments and refunds assets:bank below 0",
  "assets:bank,closing,CNY,200,2.00,0,opening + debit - credit",
  "ledger:points,redeemed,points,700,700,2,minus points change of points redeemed",
].join("\r\n");
const ORDERS = "movement,cash\r\ncharge,29800\r\nrefund,-14900\r\n";
const PAYMENTS = "type,amount,assets:bank\r\ncharge,500,200\r\n";
const REFUNDS =
  "type,amount,assets:bank\r\nrefund,-17000,100\r\nrefund_failed,-900,-100\r\npayout,-1,0\r\n";
const POINTS =
  "unit,flow,change\r\npoints,redeemed,-1400\r\npoints,redeemed,700\r\ngrowth,redeemed,-5\r\n";
const sheets = Object.fromEntries(
  Object.entries({
    summary: SUMMARY,
    orders: ORDERS,
    payments: PAYMENTS,
    refunds: REFUNDS,
    points: POINTS,
  }).map(([name, text]) => [name, readSheet(text)]),
);
const figures: Figure[] = sheets.summary.rows.map((row) => ({
  section: row.section,
  name: row.figure,
  unit: row.unit,
  value: Number(row.value),
  lines: Number(row.lines),
}));
const tie = (section: string, name: string, of = figures) =>
  tiesOf(of, sheets).get(keyOf(section, name));

describe("a file of lines", () => {
  it("reads quotes, commas and line breaks within cells, and skips the mark of UTF-8", () => {
    const read = readSheet('\uFEFFa,b\r\n"x, ""y""","1\r\n2"\r\n,z\r\n');
    expect(read.columns).toEqual(["a", "b"]);
    expect(read.rows).toEqual([
      { a: 'x, "y"', b: "1\r\n2" },
      { a: "", b: "z" },
    ]);
  });

  it("has no lines where it has a head alone", () => {
    expect(readSheet("a,b\r\n").rows).toEqual([]);
  });

  it("keeps an empty last cell", () => {
    expect(readSheet("a,b\r\n1,\r\n2,3").rows).toEqual([
      { a: "1", b: "" },
      { a: "2", b: "3" },
    ]);
  });

  it("refuses a stray quote, and a sum of what is no integer", () => {
    expect(() => readSheet('a\r\nx"y\r\n')).toThrow(SyntaxError);
    for (const cell of ["", "1.5", "1e3", "x", undefined]) {
      expect(() => integerOf(cell)).toThrow(RangeError);
    }
    expect(() => sumOf([{ a: "9007199254740993" }], "a")).toThrow(RangeError);
  });
});

describe("what a figure adds up", () => {
  it("is read from the summary's words", () => {
    expect(explanationOf("")).toEqual({ kind: "none" });
    expect(explanationOf("opening + debit - credit")).toEqual({
      kind: "figures",
      parts: [
        { name: "opening", sign: 1 },
        { name: "debit", sign: 1 },
        { name: "credit", sign: -1 },
      ],
    });
    expect(explanationOf("minus orders points of redemption or capture")).toEqual({
      kind: "lines",
      sources: [
        {
          sheets: ["orders"],
          column: "points",
          sign: -1,
          side: null,
          groups: [["redemption"], ["capture"]],
        },
      ],
    });
  });

  it("counts one side of a column, over several files", () => {
    const found = explanationOf("payments and refunds assets:bank above 0");
    if (found.kind !== "lines") throw new TypeError();
    expect(countedBy(found.sources[0], sheets).map((each) => each.value)).toEqual([200, 100]);
  });
});

describe("a total", () => {
  it("ties with its lines, by sum and by number", () => {
    for (const [section, name] of figures.map((each) => [each.section, each.name])) {
      if (name !== "opening")
        expect(tie(section, name), `${section} ${name}`).toMatchObject({ holds: true });
    }
    expect(tie("ledger:points", "redeemed")?.counted).toHaveLength(2);
  });

  it("that is a minor unit off does not tie", () => {
    const off = figures.map((each) => ({ ...each, value: each.value + 1 }));
    expect(tie("orders", "cash_back", off)).toMatchObject({ holds: false, sum: 14900 });
    expect(tie("ledger:points", "redeemed", off)?.holds).toBe(false);
  });

  it("with another number of lines does not tie", () => {
    const off = figures.map((each) => ({ ...each, lines: each.lines + 1 }));
    expect(tie("refunds", "refunds", off)?.holds).toBe(false);
  });

  it("of other figures ties with them", () => {
    const off = figures.map((each) => (each.name === "debit" ? { ...each, value: 999 } : each));
    expect(tie("assets:bank", "closing", off)).toMatchObject({ holds: false, sum: 899 });
  });

  it("that was brought forward is held against the day before", () => {
    const [opening] = figures.filter((each) => each.name === "opening");
    const closing = { ...opening, name: "closing" };
    expect(opensAs(opening, [closing])).toBe(true);
    expect(opensAs(opening, [{ ...closing, value: 1 }])).toBe(false);
    expect(opensAs(opening, null)).toBeNull();
    expect(opensAs(opening, [])).toBeNull();
  });
});

describe("figures in words", () => {
  it("write the cost of a point with enough digits", () => {
    expect(perPoint(7_868_421, "CNY")).toBe("¥0.0787");
    expect(perPoint(-3_250_000, "CNY")).toBe("−¥0.0325");
    expect(perPoint(3_250_000, "JPY")).toBe("¥3.25");
  });

  it("know the settlement of the day before, over months", () => {
    expect(dayBefore("2026-12-01-CNY")).toBe("2026-11-30-CNY");
    expect(dayBefore("2027-01-01-USD")).toBe("2026-12-31-USD");
    expect(["nothing", "2026-19-99-CNY"].map(dayBefore)).toEqual(["nothing", "2026-19-99-CNY"]);
  });

  it("write the size of a file", () => {
    expect([sizeText(76), sizeText(6284), sizeText(5 << 20)]).toEqual(["76 B", "6.1 KB", "5.0 MB"]);
  });
});
