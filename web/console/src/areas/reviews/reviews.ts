import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";
import type { Tone } from "@/parts/StateTag.vue";

export type Review = Schema<"StaffReviewView">;

/** The states of reviews, in the order of the tabs. */
export const STATES = ["pending", "published", "hidden"] as const;
export type State = (typeof STATES)[number];

/** What the staff does with a review. */
export const ACTS = ["publish", "hide", "reply"] as const;
export type ReviewAct = (typeof ACTS)[number];

const ALLOWED: Record<State, readonly ReviewAct[]> = {
  pending: ["publish", "hide"],
  published: ["reply", "hide"],
  hidden: ["publish"],
};
const TONES: Record<State, Tone> = { pending: "wait", published: "good", hidden: "quiet" };

/** The acts that a review's state allows. The API decides in any case. */
export const allowedActs = (review: Review): readonly ReviewAct[] => ALLOWED[review.status];
export const toneOf = (review: Review): Tone => TONES[review.status];
/** Whether the same person goes on with the review after an act. */
export const goesOn = (act: ReviewAct): boolean => act === "reply";

const about = (review: Review, key: string) => ({
  params: { path: { id: review.id }, header: { "Idempotency-Key": key } },
});

export function publish(review: Review, key: string): Promise<Review> {
  return answer(jifen.POST("/v1/admin/reviews/{id}/publish", about(review, key)));
}

export function hide(review: Review, reason: string, key: string): Promise<Review> {
  const options = { ...about(review, key), body: { reason } };
  return answer(jifen.POST("/v1/admin/reviews/{id}/hide", options));
}

export function reply(review: Review, text: string, key: string): Promise<Review> {
  const options = { ...about(review, key), body: { text } };
  return answer(jifen.POST("/v1/admin/reviews/{id}/reply", options));
}

export function readReview(id: string): Promise<Review> {
  return answer(jifen.GET("/v1/admin/reviews/{id}", { params: { path: { id } } }));
}
