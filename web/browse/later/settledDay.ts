/** A day with every kind of movement of money, closed, settled and held against the provider. */
import { answer } from "@jifen/shared/client";

import { Money } from "../harness/money";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

/** What a day of the program is closed by, as its schedules do in the morning after. */
const MORNING = ["close_days", "settle_day", "reconcile_day"];
const CHARGES = [12_345, 23_456, 34_567, 45_678];

export interface SettledDay {
  day: string;
  /** Of the program's currency. */
  settlement: string;
  member: Person;
  /** What a carrier owes for. */
  owed: string;
}

/** Make the day, and the one after it: then a line without its other side is a finding. */
export async function settledDay(world: World): Promise<SettledDay> {
  const day = await world.local.noon();
  const made = await move(world);
  for (let morning = 0; morning < 2; morning += 1) {
    await world.local.noon();
    for (const name of MORNING) await world.local.run(name);
  }
  return { ...made, day, settlement: `${day}-CNY` };
}

/** Sales by card and at the door, a refund, a withdrawal, and charges that no order knows. */
async function move(world: World) {
  const staff = await Staff.of(world);
  const money = new Money(world, staff);
  const member = await world.member({ points: 2_000, address: true });
  const cup = await money.goods(5_000, { cost: { amount: 1_500, currency: "CNY" } });
  const refunded = await money.paid(cup, member);
  await staff.approve(refunded);
  await staff.refund(refunded, "破损");
  await money.paid(await money.goods(4_000, { kind: "virtual" }), member);
  await spend(world, member, cup.sku);
  const owed = await money.delivered(cup, member);
  const saver = await money.saver(10_000);
  await money.withdrawal(saver, 3_000);
  for (const charge of CHARGES) await world.local.charge(charge);
  await world.local.drain();
  return { member, owed };
}

async function spend(world: World, member: Person, sku: string): Promise<void> {
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku, quantity: 1 }], points: 100 };
  await answer(member.api.POST("/v1/orders", { params, body }));
}
