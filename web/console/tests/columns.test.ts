import { describe, expect, it } from "vitest";

import { type Column, exported, nextSorting, sorted } from "../src/table/columns";

type Row = { id: string; points: number };
const rows: Row[] = [
  { id: "b", points: 10 },
  { id: "a", points: 9 },
];
const columns: Column<Row>[] = [
  { key: "id", label: "Id", text: (row) => row.id },
  { key: "points", label: "Points", text: (row) => `${row.points}`, sort: (row) => row.points },
];
const ids = (order: Row[]) => order.map((row) => row.id).join("");

describe("a table's sorting", () => {
  it("sorts figures as figures, both ways", () => {
    expect(ids(sorted(rows, columns, { key: "points", order: "ascending" }))).toBe("ab");
    expect(ids(sorted(rows, columns, { key: "points", order: "descending" }))).toBe("ba");
  });

  it("leaves the list as it came by a column without an order", () => {
    expect(ids(sorted(rows, columns, { key: "id", order: "ascending" }))).toBe("ba");
    expect(ids(sorted(rows, columns, null))).toBe("ba");
  });

  it("goes up, down, and back with each click", () => {
    const up = nextSorting(null, "points");
    const down = nextSorting(up, "points");
    expect([up?.order, down?.order, nextSorting(down, "points")]).toEqual([
      "ascending",
      "descending",
      null,
    ]);
  });
});

describe("a cell of an exported page", () => {
  it("has figures as spreadsheets read them, and words as they are", () => {
    const text = () => "1,234,567";
    expect(exported({ key: "a", label: "", text, isNumber: true }, {})).toBe("1234567");
    expect(exported({ key: "a", label: "", text }, {})).toBe("1,234,567");
  });
});
