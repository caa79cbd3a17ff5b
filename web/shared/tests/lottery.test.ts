import { describe, expect, it } from "vitest";

import { ticketOf, verifyingLottery, type LotteryFlaw, type LotteryProof } from "../src/lottery";
import file from "./fixtures/lottery.json";

const PROOF = file as LotteryProof;
const OWN = PROOF.draws.map(({ number, result }) => ({ number, result }));

/** What is found once `change` has had its way with a copy. */
function flawsOf(change: (proof: LotteryProof) => void, receipts = OWN.slice(0, 0)): LotteryFlaw[] {
  const proof = structuredClone(PROOF);
  change(proof);
  const steps = verifyingLottery(proof, PROOF.commitment, receipts);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

const kinds = (flaws: LotteryFlaw[]) => new Set(flaws.map((each) => each.flaw));

describe("the proof of a lottery", () => {
  it("holds as the mall made it, with the receipts of who drew", () => {
    expect(flawsOf(() => undefined, OWN)).toEqual([]);
  });

  it("has the tickets that Python computes", () => {
    const seed = Uint8Array.from({ length: 32 }, (_, at) => at);
    expect([1, 2, 3].map((each) => ticketOf(seed, "lot", each))).toEqual([241162, 22871, 768186]);
  });

  it("fails for another seed, a dropped, a swapped or a changed draw", () => {
    expect(kinds(flawsOf((proof) => (proof.seed = "00".repeat(32))))).toContain("seed");
    expect(kinds(flawsOf(({ draws }) => draws.splice(3, 1)))).toContain("missing");
    expect(kinds(flawsOf(({ draws }) => draws.reverse()))).toContain("result");
    const changed = flawsOf(({ draws }) => {
      const first = draws[0];
      if (first) first.result = first.result === "p1" ? "p3" : "p1";
    });
    expect(changed[0]).toEqual({ flaw: "result", number: 1 });
  });

  it("fails for odds that are not whole, and for a draw of one's own that is not there", () => {
    const more = flawsOf(({ prizes }) => {
      const first = prizes[0];
      if (first) first.odds += 1;
    });
    expect(kinds(more)).toContain("odds");
    expect(flawsOf(() => undefined, [{ number: 999, result: "p1" }])).toEqual([
      { flaw: "receipt", number: 999 },
    ]);
  });
});
