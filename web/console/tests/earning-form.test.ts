/** A rule as a person types it: money in major units, times of the program, conditions as a tree. */
import { Times } from "@jifen/shared/times";
import { expect, test } from "vitest";

import { type Draft, bodyOf, firstForm, formOf } from "@/areas/earning/form";

const CLOCK = new Times("Asia/Shanghai", () => "zh-CN");
const DRAFT: Draft = {
  title: { "zh-CN": "茶饮返利", en: "Rebate on tea" },
  event: "order.paid",
  when: {
    all: [
      { field: "event.amount", op: ">=", value: 3000 },
      { not: { field: "member.tier", op: "in", value: ["normal", "silver"] } },
    ],
  },
  items: { field: "item.amount", op: "between", value: [1050, 99_900] },
  effect: { unit: "rebate_cash", rounding: "down", per_amount: { points: 50, amount: 10_000 } },
  multiplier_group: null,
  stacking: "exclusive:tea",
  priority: 3,
  caps: { member_day: 1_000, member_month: null, member_life: null },
  budget: 500_000,
  valid: {
    from: "2026-11-30T16:00:00.000Z",
    until: null,
    weekdays: [2],
    days: null,
    hours: { start: 8, end: 24 },
  },
  lots: { pending_days: 7, expires: { kind: "months", months: 3 } },
  announce: true,
};

test("a rule that is read into the form and saved is the same rule", () => {
  expect(bodyOf(formOf(DRAFT, CLOCK), CLOCK)).toEqual(DRAFT);
});

test("money is typed in major units, and times as the program's clock has them", () => {
  const form = formOf(DRAFT, CLOCK);
  expect([form.points, form.amount, form.day, form.budget]).toEqual([
    "0.50",
    "100.00",
    "10.00",
    "5000.00",
  ]);
  expect(form.when?.parts[0]?.value).toBe("30.00");
  expect(form.items?.value).toBe("10.50, 999.00");
  expect(form.from).toBe("2026-12-01T00:00");
});

test("points are whole numbers, and what is no figure is sent for the mall to refuse", () => {
  const form = { ...firstForm(CLOCK), points: "5", day: "two", amount: "x" };
  const body = bodyOf(form, CLOCK);
  expect(body.effect.per_amount).toEqual({ points: 5, amount: 0 });
  expect(body.caps?.member_day).toBe(0);
});
