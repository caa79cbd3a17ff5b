/** Checking a lottery on this device: its whole proof is loaded, then every draw computed again. */
import { verifyingLottery, type LotteryFlaw, type LotteryProof } from "@jifen/shared/lottery";
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/state/jifen";

/** How long the page may stand still while draws are computed. */
const SLICE_MS = 12;

export interface Checked {
  lottery: Schema<"LotteryView">;
  proof: LotteryProof;
  mine: Schema<"DrawView">[];
  flaws: LotteryFlaw[];
}

export async function checkLottery(
  id: string,
  told: (done: number, total: number) => void,
): Promise<Checked> {
  const path = { id };
  const lottery = await answer(jifen.GET("/v1/lotteries/{id}", { params: { path } }));
  const proof = await wholeProof(id, told);
  const mine = await allMine(id);
  const receipts = mine.map((each) => ({ number: each.number, result: each.prize.id }));
  const steps = verifyingLottery(proof, lottery.commitment, receipts);
  let until = Date.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return { lottery, proof, mine, flaws: step.value };
    if (Date.now() < until) continue;
    told(proof.total + step.value, 2 * proof.total);
    await new Promise((resolve) => setTimeout(resolve));
    until = Date.now() + SLICE_MS;
  }
}

async function wholeProof(id: string, told: (done: number, total: number) => void) {
  const draws: LotteryProof["draws"] = [];
  let cursor: string | undefined;
  for (;;) {
    const params = { path: { id }, query: { cursor } };
    const part = await answer(jifen.GET("/v1/lotteries/{id}/proof", { params }));
    draws.push(...part.draws);
    told(draws.length, 2 * part.total);
    const { next_cursor: next, ...proof } = part;
    if (next === null) return { ...proof, draws };
    cursor = next;
  }
}

async function allMine(id: string) {
  const draws: Schema<"DrawView">[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const params = { path: { id }, query: { limit: 100, cursor } };
    const page = await answer(jifen.GET("/v1/lotteries/{id}/draws", { params }));
    draws.push(...page.data);
    cursor = page.next_cursor;
  }
  return draws;
}
