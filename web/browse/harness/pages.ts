/** A person's window: a page of the mall in one size and language, whose faults are collected. */
import { mkdirSync } from "node:fs";

import type { Language } from "@jifen/shared/schema";
import type { Browser, BrowserContext, Page } from "playwright-core";

import { axe } from "./axe";
import { Calls } from "./calls";
import { Faults } from "./faults";
import { type Stop, walk } from "./keyboard";
import type { Local } from "./local";
import { SHOTS } from "./places";
import type { Person } from "./world";

export const SIZES = {
  phone: { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 }, isMobile: false, hasTouch: false },
} as const;
export type Size = keyof typeof SIZES;

type Viewport = { width: number; height: number };
type Policies = Record<"terms" | "privacy", { version: string } | null>;
type Kept = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Far below a test's time limit, so that a failure leaves its picture. */
const ACTION_MS = 20_000;
/** Where the pages keep whose session the cookie is. */
/** What the pages send where nothing is published. */
const UNASKED = "2026-01";
const HOLDER = "jifen:member";

/** A device of somebody: its windows share cookies and storage. */
export class Device {
  readonly faults = new Faults();
  private readonly calls = new Calls();

  private constructor(
    readonly mall: string,
    private readonly context: BrowserContext,
  ) {}

  static async start(
    browser: Browser,
    mall: string,
    size: Size,
    language: Language,
    scale = 1,
    /** What another device keeps: a new one with an empty cache goes on with it. */
    kept?: Kept,
  ): Promise<Device> {
    const context = await browser.newContext({
      ...SIZES[size],
      baseURL: mall,
      locale: language,
      timezoneId: "Asia/Shanghai",
      reducedMotion: "reduce",
      deviceScaleFactor: scale,
      ...(kept ? { storageState: kept } : {}),
    });
    context.setDefaultTimeout(ACTION_MS);
    return new Device(mall, context);
  }

  /** A new window, with nothing in it yet. */
  async window(): Promise<Window> {
    const page = await this.context.newPage();
    page.on("response", (response) => this.calls.note(response));
    await this.faults.watch(page);
    return new Window(page, this.faults);
  }

  /** Sign in by a code, as the pages do: the browser keeps the cookie that the API sets. */
  async signIn(person: Person, local: Local): Promise<void> {
    const page = await this.context.newPage();
    await page.goto("/v1/health");
    const challenge = await post<{ challenge_id: string }>(page, "/v1/auth/otp", {
      channel: "sms",
      destination: person.phone,
    });
    const { terms, privacy } = await policies(page);
    await post(page, "/v1/auth/sessions", {
      grant: "otp",
      challenge_id: challenge.challenge_id,
      code: await local.code(person.phone),
      consent: { terms: terms?.version ?? UNASKED, privacy: privacy?.version ?? UNASKED },
    });
    await page.evaluate(([name, id]) => localStorage.setItem(name, id), [
      HOLDER,
      person.id,
    ] as const);
    await page.close();
  }

  /** Its cookies and storage. */
  kept(): Promise<Kept> {
    return this.context.storageState();
  }

  /** Pictures of all windows, named for the claim that failed; their files. */
  async shoot(name: string): Promise<string[]> {
    mkdirSync(SHOTS, { recursive: true });
    const files = this.context.pages().map((page, index) => ({
      page,
      path: `${SHOTS}/${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 120)}-${index + 1}.png`,
    }));
    for (const { page, path } of files) await page.screenshot({ path }).catch(() => undefined);
    return files.map(({ path }) => path);
  }

  async close(): Promise<void> {
    // A page may be asking for something that a claim answers in the API's place.
    for (const page of this.context.pages()) await page.unrouteAll({ behavior: "ignoreErrors" });
    await this.context.close();
  }
}

/** One page. `page` is playwright's: its locators find by role and name, as people do. */
export class Window {
  constructor(
    readonly page: Page,
    private readonly faults: Faults,
  ) {}

  /** Faults that the claim expects, by words such as `/answer: 409 POST/`. */
  allow(...patterns: RegExp[]): void {
    this.faults.allow(...patterns);
  }

  /** Give it another size, and wait until the page is laid out for it. */
  async resize(viewport: Viewport): Promise<void> {
    await this.page.setViewportSize(viewport);
    await this.page.waitForFunction((width) => window.innerWidth === width, viewport.width);
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) =>
          requestAnimationFrame(() => requestAnimationFrame(() => resolve())),
        ),
    );
  }

  /** Raises Error unless the page meets WCAG 2.2 AA. */
  axe(): Promise<void> {
    return axe(this.page);
  }

  /** Raises Error unless each stop of the Tab key has a name and a visible focus. */
  walk(): Promise<Stop[]> {
    return walk(this.page);
  }
}

/** What is to be agreed to now. */
async function policies(page: Page): Promise<Policies> {
  return page.evaluate(async () => (await (await fetch("/v1/policies")).json()) as Policies);
}

async function post<Answer>(page: Page, path: string, body: unknown): Promise<Answer> {
  const found = await page.evaluate(
    async ([url, json]) => {
      const answer = await fetch(url, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Jifen-Client": "web" },
        body: json,
      });
      return { ok: answer.ok, status: answer.status, text: await answer.text() };
    },
    [path, JSON.stringify(body)] as const,
  );
  if (!found.ok) throw new Error(`POST ${path}: ${found.status} ${found.text}`);
  return JSON.parse(found.text) as Answer;
}
