import { randomKey } from "@jifen/shared/browser";
import { postFile } from "@jifen/shared/postFile";
import { checked, type Media, type Upload } from "@jifen/shared/uploads";

import { answer, jifen } from "@/api";

/** Send a file straight to S3, and wait until it was checked; `told` hears the part that is sent. */
export async function send(file: File, told: (part: number) => void): Promise<Upload> {
  const params = { header: { "Idempotency-Key": randomKey() } };
  const body = { content_type: file.type as Media, bytes: file.size };
  const form = await answer(jifen.POST("/v1/admin/uploads", { params, body }));
  await postFile(form, file, told);
  const path = { id: form.id };
  return checked(() => answer(jifen.GET("/v1/admin/uploads/{id}", { params: { path } })));
}
