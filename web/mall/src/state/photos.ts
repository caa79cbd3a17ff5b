/** A member's pictures of a review or a return: picked, sent, checked. */
import {
  checked,
  NotChecked,
  NotSent,
  wrongFile,
  type Media,
  type Upload,
} from "@jifen/shared/uploads";
import { failureBehind, Refused } from "@jifen/shared/failures";

import { pickPhotos, postPhoto, type Photo } from "#platform/photos";
import { isOnline, randomKey } from "#platform/surroundings";
import { answer, jifen } from "@/state/jifen";

/** As many as the API takes. */
export const MOST_PHOTOS = 6;

/** Why a picture was not taken: the key of a text, or the API's own words. */
export type Why = { key: string } | { words: string };

/** Pictures that a person picks, at most so many; `isTooMany`: some were left out. */
export async function pick(most: number): Promise<{ photos: Photo[]; isTooMany: boolean }> {
  const found = await pickPhotos(most);
  return { photos: found.slice(0, most), isTooMany: found.length > most };
}

/** Send a picture and wait for its check: the upload, or why it is none. */
export async function sendPhoto(photo: Photo, told: (part: number) => void): Promise<Upload | Why> {
  const mistake = wrongFile(photo);
  if (mistake !== null) return { key: `wrong.${mistake}` };
  try {
    const made = await sent(photo, told);
    return made.status === "ready" ? made : { key: `refused.${made.reason ?? "broken"}` };
  } catch (error) {
    return whyOf(error);
  }
}

async function sent(photo: Photo, told: (part: number) => void): Promise<Upload> {
  const params = { header: { "Idempotency-Key": randomKey() } };
  const body = { content_type: photo.type as Media, bytes: photo.size };
  const form = await answer(jifen.POST("/v1/me/uploads", { params, body }));
  await postPhoto(form, photo, told);
  const path = { id: form.id };
  return checked(() => answer(jifen.GET("/v1/me/uploads/{id}", { params: { path } })));
}

function whyOf(error: unknown): Why {
  if (error instanceof NotChecked) return { key: "notChecked" };
  if (error instanceof NotSent) return { key: "notSent" };
  const failure = failureBehind(error, isOnline());
  return failure instanceof Refused ? { words: failure.message } : { key: "notSent" };
}
