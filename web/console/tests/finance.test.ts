import { describe, expect, it } from "vitest";

import { numberOf } from "../src/areas/invoices/invoices";
import { type AuditAct, changesOf, placeOf } from "../src/areas/oversight/acts";
import { type Liability, addsUp, partsOf } from "../src/areas/points/liability";
import { type DayTotals, brokenDays, inAndOut } from "../src/areas/points/totals";
import {
  type Day,
  type Finding,
  ageTone,
  compared,
  troubleIn,
} from "../src/areas/reconciliation/findings";
import { unexplainedOf, verdictOf } from "../src/areas/reconciliation/verdict";
import { type Withdrawal, actsOf, nextFile } from "../src/areas/withdrawals/withdrawals";

const withdrawal = (given: object) =>
  ({
    status: "requested",
    amount: { amount: 3000, currency: "CNY" },
    destination: { kind: "bank" },
    bank_file: null,
    ...given,
  }) as Withdrawal;

describe("a withdrawal", () => {
  it("offers what its state allows", () => {
    expect(actsOf(withdrawal({}))).toEqual(["approve", "reject"]);
    expect(actsOf(withdrawal({ status: "approved" }))).toEqual(["reject"]);
    const filed = { bank_file: "bnk_1" };
    expect(actsOf(withdrawal({ ...filed, status: "paying" }))).toEqual([
      "mark-paid",
      "mark-failed",
    ]);
    expect(actsOf(withdrawal({ ...filed, status: "paid" }))).toEqual(["mark-returned"]);
    expect(actsOf(withdrawal({ ...filed, status: "failed" }))).toEqual([]);
  });

  it("that the provider pays is not marked by hand", () => {
    const byProvider = { destination: { kind: "provider" } };
    expect(actsOf(withdrawal({ ...byProvider, status: "paying" }))).toEqual([]);
    expect(actsOf(withdrawal({ ...byProvider, status: "paid" }))).toEqual([]);
  });

  it("goes into the next bank file if a bank pays it, 32 at most", () => {
    const approved = [
      withdrawal({ destination: { kind: "provider" } }),
      withdrawal({}),
      withdrawal({}),
    ];
    expect(nextFile(approved, "CNY")).toEqual({
      count: 2,
      total: { amount: 6000, currency: "CNY" },
      isFull: false,
    });
    const many = Array.from({ length: 40 }, () => withdrawal({}));
    expect(nextFile(many, "CNY")).toMatchObject({ count: 32, isFull: true });
    expect(nextFile([], "CNY")).toMatchObject({ count: 0, total: { amount: 0 } });
  });
});

describe("an invoice's number", () => {
  it("has 8 digits or 20, however they were typed", () => {
    expect(numberOf(" 2631 2000 0000 0000 0017 ")).toBe("26312000000000000017");
    expect(numberOf("12345678")).toBe("12345678");
    for (const typed of ["", "1234567", "123456789", "1234567a"])
      expect(numberOf(typed)).toBeNull();
  });
});

const side = (given: object = {}) => ({
  name: "n",
  transaction: "txn_1",
  type: "charge",
  amount: 1990,
  fee: 107,
  net: 1883,
  currency: "CNY",
  source: "ch_1",
  at: "2026-11-20T15:59:58Z",
  our_id: null,
  ...given,
});
const finding = (given: object) =>
  ({
    kind: "amount_differs",
    status: "open",
    age_days: 0,
    ours: side(),
    theirs: side(),
    ...given,
  }) as Finding;

describe("a finding", () => {
  it("marks the fields in which the sides differ", () => {
    const found = compared(finding({ theirs: side({ amount: 1999, net: 1892, name: "other" }) }));
    expect(found.filter((each) => each.differs).map((each) => each.field)).toEqual([
      "amount",
      "net",
    ]);
  });

  it("marks nothing where a side is missing", () => {
    expect(compared(finding({ ours: null })).some((each) => each.differs)).toBe(false);
  });

  it("shows the id of ours that the provider's object names", () => {
    const found = compared(
      finding({
        kind: "source_differs",
        ours: side({ source: "order:ord_1" }),
        theirs: side({ our_id: "ord_2" }),
      }),
    );
    expect(found.find((each) => each.field === "source")).toMatchObject({
      ours: "order:ord_1",
      theirs: "ch_1 · ord_2",
      differs: true,
    });
  });

  it("grows more urgent with its age while it is open", () => {
    expect(ageTone(finding({ age_days: 1 }))).toBe("wait");
    expect(ageTone(finding({ age_days: 3 }))).toBe("bad");
    expect(ageTone(finding({ age_days: 9, status: "explained" }))).toBe("quiet");
  });
});

describe("a reconciled day", () => {
  const lines = { lines: 1, net: 100, closing: 100 };
  const moved = (given: object) => ({ ours: lines, theirs: lines, ...given });
  const day = (totals: object[], status = "done") =>
    ({ day: "", status, counts: {}, totals }) as unknown as Day;

  it("closes where nothing is left over, or says by what it does not", () => {
    expect(verdictOf(day([moved({ unexplained: 0, in_findings: 0 })]))).toBe("closed");
    expect(verdictOf(day([moved({ unexplained: 0, in_findings: 5 })]))).toBe("findings");
    expect(verdictOf(day([moved({ unexplained: null, in_findings: 0 })]))).toBe("unread");
    expect(verdictOf(day([moved({ unexplained: null }), moved({ unexplained: -1 })]))).toBe(
      "unexplained",
    );
    expect(verdictOf(day([], "running"))).toBe("running");
  });

  it("on which nothing had moved yet has nothing to compare", () => {
    const side = { lines: 0, net: 0, closing: 0 };
    expect(verdictOf(day([{ ours: side, theirs: side, unexplained: null }]))).toBe("empty");
    expect(verdictOf(day([{ ours: side, theirs: side, unexplained: 5 }]))).toBe("unexplained");
  });

  it("counts findings without clean pairs", () => {
    expect(troubleIn({ matched: 6, late: 2, waiting: 1, missing_here: 3, fee_differs: 1 })).toBe(4);
  });

  it("tells what no line explains, by currency", () => {
    expect(unexplainedOf(day([{ currency: "CNY", unexplained: -150 }]))).toBe("−¥1.50");
    expect(unexplainedOf(day([]))).toBe("–");
  });
});

describe("the liability", () => {
  const liability = (given: object) =>
    ({
      months: [{ month: "2027-11", points: 700, expected_breakage: 7 }],
      never: 0,
      held: 200,
      pending: 0,
      debt: 50,
      elsewhere: 0,
      outstanding: 850,
      ...given,
    }) as unknown as Liability;

  it("is the sum of its parts, debts below 0", () => {
    expect(partsOf(liability({})).map((part) => part.points)).toEqual([700, 200, -50]);
    expect(addsUp(liability({}))).toBe(true);
    expect(addsUp(liability({ outstanding: 851 }))).toBe(false);
  });
});

describe("totals by day", () => {
  const day = (name: string, given: object) =>
    ({
      day: name,
      opening: 0,
      accrued: 0,
      redeemed: 0,
      expired: 0,
      transferred: 0,
      adjusted: 0,
      written_off: 0,
      outstanding: 0,
      ...given,
    }) as DayTotals;
  const first = day("2026-11-01", { accrued: 100, redeemed: 30, transferred: -5, outstanding: 65 });

  it("split into what came and what went", () => {
    expect(inAndOut(first)).toEqual({ came: 100, went: -35 });
  });

  it("add up, and begin where the day before ended", () => {
    const next = day("2026-11-02", { opening: 65, expired: 5, outstanding: 60 });
    expect(brokenDays([first, next])).toEqual([]);
    expect(brokenDays([{ ...first, outstanding: 66 }, next])).toEqual(["2026-11-01", "2026-11-02"]);
  });
});

describe("an act of the audit", () => {
  it("tells what changed before what it was about", () => {
    const act = {
      before: { amount: 3, status: "requested" },
      after: { amount: 3, status: "approved", job: "job_1" },
    };
    expect(changesOf(act as unknown as AuditAct).map((each) => [each.name, each.changed])).toEqual([
      ["status", true],
      ["job", true],
      ["amount", false],
    ]);
  });

  it("links to the page of its subject", () => {
    expect(placeOf("mbr_x")?.to).toBe("/members/mbr_x");
    expect(placeOf("2026-11-30-CNY")?.to).toBe("/settlements/2026-11-30-CNY");
    expect(placeOf("carriers")).toBeNull();
  });
});
