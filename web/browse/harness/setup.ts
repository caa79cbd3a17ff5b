/** Before the tests of a run: the mall answers and the browser runs. After them it ends. */
import type { GlobalSetupContext } from "vitest/node";

import { launch } from "./launching";
import { publish } from "./measures";

declare module "vitest" {
  interface ProvidedContext {
    mall: string;
    browser: string;
  }
}

const HEALTH_MS = 30_000;

export default async function setup({ provide }: GlobalSetupContext): Promise<() => Promise<void>> {
  const mall = process.env["JIFEN_URL"]?.replace(/\/+$/, "");
  if (!mall) throw new Error("JIFEN_URL names no running mall: `make browse` starts one");
  await healthy(mall);
  const server = await launch();
  provide("mall", mall);
  provide("browser", server.wsEndpoint());
  return async () => {
    await server.close();
    publish();
  };
}

async function healthy(mall: string): Promise<void> {
  const end = Date.now() + HEALTH_MS;
  let said = "";
  while (Date.now() < end) {
    try {
      const answer = await fetch(`${mall}/v1/health`);
      if (answer.ok) return;
      said = `status ${answer.status}`;
    } catch (error) {
      said = String((error as Error).cause ?? error);
    }
    await new Promise((later) => setTimeout(later, 250));
  }
  throw new Error(`${mall}/v1/health does not answer: ${said}`);
}
