/** The program's facts, from the API: its name, zone, currency, limits, and its clock. */
import type { Schema } from "@jifen/shared/schema";
import { computed, shallowRef } from "vue";

import { aheadOf } from "@/state/counting";
import { currency } from "@/state/currency";
import { answer, jifen } from "@/state/jifen";
import { ahead, language, zone } from "@/state/program";

type Program = Schema<"ProgramView">;

/** A device's clock drifts slowly; the program's facts seldom change. */
const GOOD_FOR_MS = 600_000;

/** `null` until the API told them: what is usual holds then. */
const facts = shallowRef<Program | null>(null);
let learntAt: number | null = null;

export const limits = computed(() => facts.value?.limits ?? null);
/** Ways to sign in besides phones and e-mails. */
export const ways = computed(() => facts.value?.sign_in ?? []);
/** The mall's own name; `null` until it is known. */
export const mallTitle = computed(() => facts.value?.title[language.value] ?? null);

/** Learn the facts and the clock, unless they were learnt a moment ago. A failure changes nothing. */
export async function learnFacts(): Promise<void> {
  const now = Date.now();
  if (learntAt !== null && now - learntAt < GOOD_FOR_MS) return;
  learntAt = now;
  const learnt = await Promise.all([learnProgram(), learnClock()]).catch(() => null);
  if (learnt === null) learntAt = null;
}

async function learnProgram(): Promise<void> {
  facts.value = await answer(jifen.GET("/v1/program"));
  [zone.value, currency.value] = [facts.value.timezone, facts.value.currency];
}

async function learnClock(): Promise<void> {
  const asked = Date.now();
  const clock = await answer(jifen.GET("/v1/clock"));
  ahead.value = aheadOf(clock.now, asked, Date.now());
}
