/** Pictures that members pick: what is refused before it is sent, and how long a check is awaited. */
import { checked, NotChecked, wrongFile, type Upload } from "@jifen/shared/uploads";
import { expect, test } from "vitest";

const upload = (status: Upload["status"]) => ({ status }) as Upload;

test.each([
  [{ type: "image/png", size: 1 }, null],
  [{ type: "image/webp", size: 10_000_000 }, null],
  [{ type: "image/jpeg", size: 10_000_001 }, "size"],
  [{ type: "image/jpeg", size: 0 }, "size"],
  [{ type: "image/svg+xml", size: 9 }, "type"],
  [{ type: "", size: 9 }, "type"],
])("%o is wrong for its %s", (file, wrong) => {
  expect(wrongFile(file)).toBe(wrong);
});

test("a check is awaited until it ends", async () => {
  const looks = [upload("waiting"), upload("waiting"), upload("ready")];
  const found = await checked(async () => looks.shift() ?? upload("refused"), [0, 0, 0, 0]);
  expect([found.status, looks.length]).toEqual(["ready", 0]);
});

test("a check that never ends is given up", async () => {
  await expect(checked(async () => upload("waiting"), [0, 0])).rejects.toThrow(NotChecked);
});
