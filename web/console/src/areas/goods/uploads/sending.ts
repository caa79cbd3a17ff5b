import { randomKey } from "@jifen/shared/browser";
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";

/** What may be sent. Source: the API's document of `UploadIn`. */
export const TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export const MAX_BYTES = 10_000_000;

type Media = (typeof TYPES)[number];
type Upload = Schema<"UploadView">;

/** Why a file is not sent at all: the key of a text below `goods.uploads.wrong`. */
export function wrongFile({ type, size }: Pick<File, "type" | "size">): "type" | "size" | null {
  if (!TYPES.some((each) => each === type)) return "type";
  return size === 0 || size > MAX_BYTES ? "size" : null;
}

/** The file did not reach S3. */
export class NotSent extends Error {}

/** The check takes longer than it ever should. */
export class NotChecked extends Error {}

/** Send a file straight to S3, and wait until it was checked; `told` hears the part that is sent. */
export async function send(file: File, told: (part: number) => void): Promise<Upload> {
  const params = { header: { "Idempotency-Key": randomKey() } };
  const body = { content_type: file.type as Media, bytes: file.size };
  const form = await answer(jifen.POST("/v1/admin/uploads", { params, body }));
  await post(form, file, told);
  return checked(form.id);
}

/** `fetch` tells nothing of what it has sent. */
function post(form: Schema<"UploadForm">, file: File, told: (part: number) => void): Promise<void> {
  const content = new FormData();
  for (const [name, value] of Object.entries(form.fields)) content.append(name, value);
  // S3 reads no field behind the file.
  content.append("file", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.url);
    request.upload.onprogress = ({ loaded, total }) => told(total > 0 ? loaded / total : 0);
    request.onload = () => (request.status < 300 ? resolve() : reject(new NotSent()));
    request.onerror = () => reject(new NotSent());
    request.send(content);
  });
}

/** Seconds between looks at an upload: a check takes one or two. */
const WAITS_S = [0.5, 0.5, 1, 1, 2, 2, 3, 5, 5, 10, 10, 20];

async function checked(id: string): Promise<Upload> {
  for (const wait of WAITS_S) {
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    const found = await answer(jifen.GET("/v1/admin/uploads/{id}", { params: { path: { id } } }));
    if (found.status !== "waiting") return found;
  }
  throw new NotChecked();
}
