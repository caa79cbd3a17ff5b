/** A file that a browser sends to S3 by a signed form. */
import { NotSent, type UploadForm } from "./uploads";

/** `told` hears the part that is sent; `fetch` would tell nothing of it. Raises NotSent. */
export function postFile(
  form: Pick<UploadForm, "url" | "fields">,
  file: Blob,
  told: (part: number) => void,
): Promise<void> {
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
