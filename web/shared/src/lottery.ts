/**
 * The proof of a lottery: every draw computed again from the published seed.
 *
 * Source: docs/lottery.md and docs/verify_lottery.py, which does the same in Python. The hashes are
 * computed in JavaScript, not by WebCrypto, which mini programs lack.
 */
import { hmac } from "@noble/hashes/hmac";
import { sha256 } from "@noble/hashes/sha2";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils";

import type { Schema } from "./schema";

export type LotteryProof = Omit<Schema<"ProofView">, "next_cursor">;
/** A draw that a member knows of themselves. */
interface Receipt {
  number: number;
  result: string;
}

/** What is wrong with a proof; `number` is a draw's. */
export interface LotteryFlaw {
  flaw: "seed" | "odds" | "missing" | "result" | "receipt";
  number: number;
}

const TICKETS = 1_000_000;

/** The ticket of a draw: the 256 bits of the HMAC as a fraction of 1, of a million. */
export function ticketOf(seed: Uint8Array, lottery: string, number: number): number {
  const drawn = hmac(sha256, seed, utf8ToBytes(`${lottery}:${number}`));
  return drawn.reduceRight((carry, byte) => Math.floor((byte * TICKETS + carry) / 256), 0);
}

/**
 * Compute all draws again, one at each step, so that a page may rest between two: yields how many
 * are done. `commitment` is what the lottery showed before its first draw.
 */
export function* verifyingLottery(
  proof: LotteryProof,
  commitment: string,
  receipts: readonly Receipt[],
): Generator<number, LotteryFlaw[]> {
  const flaws = flawsOfTerms(proof, commitment);
  const shown = new Map<number, string>();
  const walk = new Walk(proof);
  for (const [at, draw] of proof.draws.entries()) {
    const number = at + 1;
    const expected = walk.step(number, draw.member);
    if (draw.number !== number || draw.result !== expected) flaws.push({ flaw: "result", number });
    shown.set(draw.number, draw.result);
    yield number;
  }
  const lost = receipts.filter((each) => shown.get(each.number) !== each.result);
  return [...flaws, ...lost.map(({ number }) => ({ flaw: "receipt" as const, number }))];
}

function flawsOfTerms(proof: LotteryProof, commitment: string): LotteryFlaw[] {
  const hash = bytesToHex(sha256(hexToBytes(proof.seed)));
  const odds = proof.prizes.reduce((sum, each) => sum + each.odds, 0);
  const wrong = {
    seed: hash !== commitment,
    odds: odds !== TICKETS,
    missing: proof.draws.length !== proof.total,
  };
  const found = (["seed", "odds", "missing"] as const).filter((each) => wrong[each]);
  return found.map((flaw) => ({ flaw, number: 0 }));
}

class Walk {
  private readonly seed: Uint8Array;
  private readonly left: Map<string, number | null>;
  private readonly losses = new Map<string, number>();
  private readonly thanks: string;

  constructor(private readonly proof: LotteryProof) {
    this.seed = hexToBytes(proof.seed);
    this.left = new Map(proof.prizes.map((each) => [each.id, each.stock]));
    this.thanks = proof.prizes.find((each) => each.stock === null)?.id ?? "";
  }

  /** What a draw must be: what is gone is the prize without stock, which is no win. */
  step(number: number, member: string): string {
    const losses = this.losses.get(member) ?? 0;
    const drawn = this.guaranteed(losses) ?? this.drawn(number);
    const left = this.left.get(drawn) ?? 0;
    const isWin = left > 0;
    if (isWin) this.left.set(drawn, left - 1);
    this.losses.set(member, isWin ? 0 : losses + 1);
    return isWin ? drawn : this.thanks;
  }

  private guaranteed(losses: number): string | null {
    const { guarantee } = this.proof;
    if (guarantee === null || losses < guarantee.after) return null;
    return this.left.get(guarantee.prize_id) ? guarantee.prize_id : null;
  }

  private drawn(number: number): string {
    let ticket = ticketOf(this.seed, this.proof.id, number);
    for (const prize of this.proof.prizes) {
      if (ticket < prize.odds) return prize.id;
      ticket -= prize.odds;
    }
    return this.thanks;
  }
}
