/** Pictures for tests, and a file that only says that it is one. */
import type { Window } from "./pages";

/** A PNG that a browser drew. */
export async function drawn({ page }: Pick<Window, "page">, side: number): Promise<Buffer> {
  const url = await page.evaluate((size) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const brush = canvas.getContext("2d");
    if (brush === null) throw new Error("there is no brush");
    brush.fillStyle = "tomato";
    brush.fillRect(0, 0, size, size / 2);
    return canvas.toDataURL("image/png");
  }, side);
  return Buffer.from(url.split(",")[1] ?? "", "base64");
}

/** HTML under the type of a picture. */
export const LIE = Buffer.from("<html><script>alert(1)</script></html>");
