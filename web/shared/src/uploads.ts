/** Pictures that are sent straight to S3: what may be sent, and the wait until one was checked. */
import type { Schema } from "./schema";

/** What may be sent. Source: the API's document of `UploadIn`. */
export const TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export const MAX_BYTES = 10_000_000;

export type Media = (typeof TYPES)[number];
export type Upload = Schema<"UploadView">;
export type UploadForm = Schema<"UploadForm">;

/** Why a file is not sent at all: the key of a text below `wrong`. */
export function wrongFile({ type, size }: Pick<File, "type" | "size">): "type" | "size" | null {
  if (!TYPES.some((each) => each === type)) return "type";
  return size === 0 || size > MAX_BYTES ? "size" : null;
}

/** The file did not reach S3. */
export class NotSent extends Error {}

/** The check takes longer than it ever should. */
export class NotChecked extends Error {}

/** Seconds between looks at an upload: a check takes one or two. */
const WAITS_S = [0.5, 0.5, 1, 1, 2, 2, 3, 5, 5, 10, 10, 20];

/** An upload once it was checked; `look` asks the API for it. */
export async function checked(
  look: () => Promise<Upload>,
  waits: readonly number[] = WAITS_S,
): Promise<Upload> {
  for (const wait of waits) {
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    const found = await look();
    if (found.status !== "waiting") return found;
  }
  throw new NotChecked();
}
