/** A claim is a test whose name is a sentence. */
import { Refused } from "@jifen/shared/failures";
import type { Language } from "@jifen/shared/schema";
import { type Browser, chromium } from "playwright-core";
import { afterAll, inject, test } from "vitest";

import { wordsOf } from "./faults";
import { Device, type Size, SIZES, type Window } from "./pages";
import { type Person, World } from "./world";

const LANGUAGES: Language[] = ["zh-CN", "en"];

interface Opening {
  /** Who is signed in on the device. */
  as?: Person;
  /** Another size than the claim's. */
  size?: Size;
  /** Another mall, such as a fixture's server. */
  at?: string;
  /** Device pixels for each pixel of the page. */
  scale?: number;
}

/** What a claim is tried with. */
export interface Stage {
  world: World;
  size: Size;
  language: Language;
  /** The words of the claim's language. */
  say(words: Record<Language, string>): string;
  /** Open a page on a device of its own; a path of null opens nothing yet. */
  open(path: string | null, how?: Opening): Promise<Window>;
  /** One more window on the device of another. */
  beside(window: Window, path: string): Promise<Window>;
}

type Claim = (stage: Stage) => Promise<void>;

let browser: Promise<Browser> | null = null;

afterAll(async () => {
  // This ends the connection; the browser goes on for other files.
  await (await browser)?.close();
  browser = null;
});

/** Try a claim in both sizes and both languages. */
export function matrix(says: string, claim: Claim): void {
  for (const size of Object.keys(SIZES) as Size[]) {
    for (const language of LANGUAGES) {
      test(`${says} (${size}, ${language})`, (context) =>
        tryOut(context.task.name, claim, size, language));
    }
  }
}

/** Try a claim once: for what sizes and languages have no part in. */
export function claim(
  says: string,
  claim: Claim,
  size: Size = "phone",
  language: Language = "zh-CN",
): void {
  test(says, (context) => tryOut(context.task.name, claim, size, language));
}

async function tryOut(name: string, claim: Claim, size: Size, language: Language): Promise<void> {
  browser ??= chromium.connect(inject("browser"));
  const devices = new Devices(await browser, size, language);
  try {
    await claim(devices.stage());
    devices.check();
  } catch (error) {
    const shots = await devices.shoot(name);
    if (error instanceof Error) error.message = told(error, devices.faults(), shots);
    throw error;
  } finally {
    await devices.close();
  }
}

/** What a person needs to know of a failure. */
function told(error: Error, faults: string[], shots: string[]): string {
  const refusal = error instanceof Refused ? [JSON.stringify(error.problem)] : [];
  const beside = faults.filter((fault) => !error.message.includes(fault));
  return [error.message, ...refusal, ...beside, ...shots.map((file) => `screenshot: ${file}`)].join(
    "\n",
  );
}

/** The devices of one claim. */
class Devices {
  private readonly all: Device[] = [];
  private readonly of = new Map<Window, Device>();

  constructor(
    private readonly browser: Browser,
    private readonly size: Size,
    private readonly language: Language,
  ) {}

  stage(): Stage {
    const world = new World(inject("mall"), this.language);
    return {
      world,
      size: this.size,
      language: this.language,
      say: (words) => words[this.language],
      open: (path, how = {}) => this.open(world, path, how),
      beside: (window, path) => this.beside(window, path),
    };
  }

  /** Raises Error for faults of any page that no claim allowed. */
  check(): void {
    for (const device of this.all) device.faults.check();
  }

  faults(): string[] {
    return this.all.flatMap((device) => device.faults.unexpected.map(wordsOf));
  }

  async shoot(name: string): Promise<string[]> {
    const shots = await Promise.all(
      this.all.map((device, index) => device.shoot(index === 0 ? name : `${name} ${index + 1}`)),
    );
    return shots.flat();
  }

  async close(): Promise<void> {
    for (const device of this.all) await device.close();
  }

  private async open(world: World, path: string | null, how: Opening): Promise<Window> {
    const { at = world.mall, size = this.size, scale } = how;
    const device = await Device.start(this.browser, at, size, this.language, scale);
    this.all.push(device);
    if (how.as) await device.signIn(how.as, world.local);
    return this.show(device, path);
  }

  private beside(window: Window, path: string): Promise<Window> {
    const device = this.of.get(window);
    if (device === undefined) throw new Error("the window is none of this claim's");
    return this.show(device, path);
  }

  private async show(device: Device, path: string | null): Promise<Window> {
    const window = await device.window();
    this.of.set(window, device);
    if (path !== null) await window.page.goto(path);
    return window;
  }
}
