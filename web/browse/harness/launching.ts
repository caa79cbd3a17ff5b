/** Starts the browser of all tests, and ends it. */
import { type BrowserServer, chromium } from "playwright-core";

import { findChromium } from "./finding";

const FLAGS = [
  "--headless",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The same pixels on each machine.
  "--font-render-hinting=none",
  "--force-color-profile=srgb",
];

/** One Chromium for all test files; its fresh profile goes with it at `close()`. */
export async function launch(): Promise<BrowserServer> {
  const found = await findChromium();
  console.log(`Browser: ${found.version} (${found.path})`);
  return chromium.launchServer({
    executablePath: found.path,
    args: FLAGS,
    // Adds --no-sandbox: root has none, and the pages are our own.
    chromiumSandbox: false,
    env: { ...(process.env as Record<string, string>), ...found.variables },
  });
}
