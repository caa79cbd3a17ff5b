/** Pictures that a person picks and sends. `wechat/photos.ts` has the same names. */
import { postFile } from "@jifen/shared/postFile";
import { TYPES, type UploadForm } from "@jifen/shared/uploads";

/** A picture on this device; `content` is its file, or in WeChat its place. */
export interface Photo {
  name: string;
  type: string;
  size: number;
  content: Blob | string;
}

/** Pictures that a person picks, none where they pick none. */
export function pickPhotos(most: number): Promise<Photo[]> {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", accept: TYPES.join(","), multiple: most > 1, hidden: true });
  document.body.append(input);
  return new Promise<Photo[]>((resolve) => {
    input.addEventListener("cancel", () => resolve([]));
    input.addEventListener("change", () => resolve([...(input.files ?? [])].map(photoOf)));
    input.click();
  }).finally(() => input.remove());
}

function photoOf(file: File): Photo {
  return { name: file.name, type: file.type, size: file.size, content: file };
}

/** Raises NotSent. */
export function postPhoto(
  form: UploadForm,
  photo: Photo,
  told: (part: number) => void,
): Promise<void> {
  return postFile(form, photo.content as Blob, told);
}
