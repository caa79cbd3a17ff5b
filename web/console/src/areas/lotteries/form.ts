import type { Schema } from "@jifen/shared/schema";

export type Lottery = Schema<"AdminLotteryView">;
type PrizeKind = Schema<"Prize">["kind"];

export const KINDS: readonly PrizeKind[] = ["points", "coupon", "goods", "code", "thanks"];
export const LOOKS = ["wheel", "scratch"] as const;
export const TICKETS = 1_000_000;
export const MOST_PRIZES = 12;

/** A prize as a person types it; `worth` is points, a template or a SKU, as its kind says. */
export interface PrizeForm {
  kind: PrizeKind;
  zh: string;
  en: string;
  odds: string;
  stock: string;
  worth: string;
}

/** A lottery as a person types it: numbers are texts, and none is an empty one. */
interface LotteryForm {
  zh: string;
  en: string;
  look: (typeof LOOKS)[number];
  from: string;
  until: string;
  price: string;
  free: string;
  total: string;
  day: string;
  /** Empty: no guarantee. */
  after: string;
  /** The place of the guaranteed prize, such as `p1`. */
  sure: string;
  prizes: PrizeForm[];
}

export const newPrize = (kind: PrizeKind = "points"): PrizeForm => ({
  kind,
  zh: kind === "thanks" ? "谢谢参与" : "",
  en: kind === "thanks" ? "Better luck next time" : "",
  odds: kind === "thanks" ? "900000" : "100000",
  stock: kind === "thanks" ? "" : "100",
  worth: kind === "points" ? "50" : "",
});

const text = (value: number | null | undefined) => (value == null ? "" : String(value));

/** `local` tells a moment as a field of day and time has it. */
export function formOf(of: Lottery | null, local: (at: string) => string): LotteryForm {
  if (of === null) {
    const prizes = [newPrize(), newPrize("thanks")];
    const named = { zh: "", en: "", look: "wheel" as const, from: "", until: "" };
    const draws = { price: "100", free: "1", total: "100", day: "5", after: "", sure: "p1" };
    return { ...named, ...draws, prizes };
  }
  return {
    zh: of.title["zh-CN"],
    en: of.title.en,
    look: of.look,
    from: local(of.valid.from),
    until: local(of.valid.until),
    price: text(of.price_points),
    free: text(of.free_per_day),
    total: text(of.limits.total),
    day: text(of.limits.day),
    after: text(of.guarantee?.after),
    sure: of.guarantee?.prize ?? "p1",
    prizes: of.prizes.map((each) => ({
      kind: each.kind,
      zh: each.title["zh-CN"],
      en: each.title.en,
      odds: text(each.odds),
      stock: text(each.stock),
      worth: each.template_id ?? each.sku ?? text(each.points),
    })),
  };
}

const isNumber = (value: string) => /^\d{1,9}$/.test(value.trim());
const isLimit = (value: string) => value.trim() === "" || isNumber(value);

/** The odds of all prizes together; null while one of them is no number. */
export function sumOf(prizes: readonly PrizeForm[]): number | null {
  if (!prizes.every((each) => isNumber(each.odds))) return null;
  return prizes.reduce((sum, each) => sum + Number(each.odds), 0);
}

/** Whether the form has all that a lottery needs, and odds that sum. */
export function isWhole(form: LotteryForm): boolean {
  const named = [form.zh, form.en, form.from, form.until, form.total].every(
    (each) => each.trim() !== "",
  );
  const counted = [form.price, form.free, form.total].every(isNumber);
  const limited = [form.day, form.after].every(isLimit);
  return named && counted && limited && sumOf(form.prizes) === TICKETS && form.prizes.every(isGood);
}

function isGood(prize: PrizeForm): boolean {
  if (prize.zh.trim() === "" || prize.en.trim() === "") return false;
  if (prize.kind === "thanks") return true;
  return isNumber(prize.stock) && prize.worth.trim() !== "";
}

/** What the API takes; `moment` tells a field's day and time as a moment. */
export function draftOf(
  form: LotteryForm,
  moment: (local: string) => string,
): Schema<"LotteryDraft"> {
  const after = form.after.trim();
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    look: form.look,
    valid: { from: moment(form.from), until: moment(form.until) },
    price_points: Number(form.price),
    free_per_day: Number(form.free),
    limits: { total: Number(form.total), day: form.day.trim() === "" ? null : Number(form.day) },
    guarantee: after === "" ? null : { after: Number(after), prize: form.sure },
    prizes: form.prizes.map(prizeOf),
  };
}

function prizeOf(form: PrizeForm): Schema<"Prize"> {
  const title = { "zh-CN": form.zh.trim(), en: form.en.trim() };
  const none = { stock: null, points: null, template_id: null, sku: null };
  const prize = { ...none, kind: form.kind, title, odds: Number(form.odds) };
  if (form.kind === "thanks") return prize;
  const stocked = { ...prize, stock: Number(form.stock) };
  const worth = form.worth.trim();
  if (form.kind === "points") return { ...stocked, points: Number(worth) };
  return form.kind === "code" ? { ...stocked, sku: worth } : { ...stocked, template_id: worth };
}
