/** A gift of points that is put together, and what it does. */
import type { Kept } from "@jifen/shared/intentions";
import { whole } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

/** By what the receiver is named. */
export const BY = ["phone", "email", "member_id"] as const;
export type By = (typeof BY)[number];

export interface GiftDraft {
  by: By;
  to: string;
  points: string;
  message: string;
}

/** Fields of the API's body whose problems stand beside their inputs. */
export const FIELDS = ["to", "to.phone", "to.email", "to.member_id", "points", "message"];

const SLOT = "gift";
export const EMPTY: GiftDraft = { by: "phone", to: "", points: "", message: "" };

/** A new gift of a member, or the one that a reload interrupted. */
export function draftOf(kept: Kept, member: string): GiftDraft {
  const found = kept.getItem(SLOT);
  const known = found === null ? null : (JSON.parse(found) as { member: string; draft: GiftDraft });
  return known?.member === member ? known.draft : { ...EMPTY };
}

export function keepDraft(kept: Kept, member: string, draft: GiftDraft): void {
  kept.setItem(SLOT, JSON.stringify({ member, draft }));
}

export function forgetDraft(kept: Kept): void {
  kept.removeItem(SLOT);
}

/** The points that were typed; `null` where they are no whole number from 1. */
export function pointsIn(text: string): number | null {
  return whole(text) || null;
}

/**
 * Whether a text can name a receiver. The API alone knows which numbers there are: only what is
 * surely none is told here, before the gift is confirmed.
 */
export function isNamed(by: By, text: string): boolean {
  if (by === "email") return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
  if (by === "member_id") return /^mbr_[a-z2-7]{26}$/.test(text);
  const digits = text.replace(/\D/g, "");
  const abroad = /^\s*(\+|00)/.test(text) || /^86\d{11}$/.test(digits);
  return abroad ? digits.length >= 7 : /^1\d{10}$/.test(digits);
}

type Slip = "to" | "who" | "points" | "missing";

/**
 * What is to be mended before the gift is confirmed; `who`: nobody can have this name; `missing`:
 * more points than there are.
 */
export function slipsOf(draft: GiftDraft, available: number): Slip[] {
  const points = pointsIn(draft.points);
  const to = draft.to.trim();
  const named = to === "" ? "to" : isNamed(draft.by, to) ? null : "who";
  const slips: (Slip | null)[] = [
    named,
    points === null ? "points" : null,
    (points ?? 0) > available ? "missing" : null,
  ];
  return slips.filter((each): each is Slip => each !== null);
}

/** The body of a draft without slips. */
export function bodyOf(draft: GiftDraft): Schema<"TransferIn"> {
  const message = draft.message.trim();
  return {
    to: { [draft.by]: draft.to.trim() },
    points: pointsIn(draft.points) ?? 0,
    ...(message === "" ? {} : { message }),
  };
}
