/** Pictures that a person picks and sends, in WeChat. `browser/photos.ts` has the same names. */
import { NotSent, type UploadForm } from "@jifen/shared/uploads";

import type { Photo } from "../browser/photos";

const TYPES: Record<string, string> = {
  ...{ jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", webp: "image/webp" },
};

/** Pictures that a person picks, none where they pick none. */
export function pickPhotos(most: number): Promise<Photo[]> {
  return new Promise((resolve) => {
    uni.chooseImage({
      ...{ count: most, sizeType: ["compressed"] },
      success: ({ tempFiles }) =>
        resolve((tempFiles as { path: string; size: number }[]).map(photoOf)),
      fail: () => resolve([]),
    });
  });
}

/** WeChat names no type: a file's ending tells it, and the check reads the file itself. */
function photoOf({ path, size }: { path: string; size: number }): Photo {
  const ending = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return { name: "", type: TYPES[ending] ?? "", size, content: path };
}

/** Raises NotSent. */
export function postPhoto(
  form: UploadForm,
  photo: Photo,
  told: (part: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = uni.uploadFile({
      ...{ url: form.url, name: "file", formData: form.fields },
      filePath: photo.content as string,
      success: ({ statusCode }) => (statusCode < 300 ? resolve() : reject(new NotSent())),
      fail: () => reject(new NotSent()),
    });
    sending.onProgressUpdate(({ progress }) => told(progress / 100));
  });
}
