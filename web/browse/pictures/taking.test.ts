import { mkdirSync, writeFileSync } from "node:fs";

import type { Page } from "playwright-core";

import { claim, type Stage } from "../harness/claims";
import { PICTURES } from "../harness/places";
import type { Person } from "../harness/world";
import { LIST, type Picture } from "./list";

const QUALITY = 82;
/** Sharp on a phone's screen, small on a desktop's. */
const SCALES = { phone: 2, desktop: 1 };

for (const picture of LIST) {
  for (const language of picture.languages) {
    const file = `${PICTURES}/${picture.name}-${language}.webp`;
    claim(`${file} is taken`, (stage) => take(stage, picture, file), picture.size, language);
  }
}

async function take(stage: Stage, picture: Picture, file: string): Promise<void> {
  const { world } = stage;
  const person = await signedIn(stage, picture);
  await picture.prepare?.(world, person);
  await world.local.drain();
  const window = await stage.open(picture.path, { as: person, scale: SCALES[picture.size] });
  await picture.show?.(window);
  mkdirSync(PICTURES, { recursive: true });
  writeFileSync(file, await webp(window.page));
}

async function signedIn({ world }: Stage, picture: Picture): Promise<Person | undefined> {
  return picture.as && world.person(picture.as.role, picture.as.name);
}

/** The page at rest as WebP, which Chromium writes itself: a third of a PNG's bytes. */
async function webp(page: Page): Promise<Buffer> {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send("Page.captureScreenshot", {
    format: "webp",
    quality: QUALITY,
  });
  return Buffer.from(data, "base64");
}
