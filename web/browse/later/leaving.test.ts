/** Who signed in too long ago signs in anew before they close their account. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { signIn } from "../harness/shopping";

/** Longer than a sign-in is fresh, and shorter than its access token lasts. */
const MINUTES_11 = 11 * 60;
const WORDS = {
  close: { "zh-CN": "注销账号", en: "Close my account" },
  stale: { "zh-CN": /请重新登录，并在 10 分钟内注销/, en: /sign in again and close it within/ },
  again: { "zh-CN": "重新登录", en: "Sign in again" },
};

claim(
  "an old sign-in closes no account, and a new one finds the file being made",
  async (stage) => {
    const { world, open, say, language } = stage;
    const member = await world.member({ points: 500 });
    const window = await open("/pages/me/data", { as: member });
    window.allow(/^answer: 403 DELETE .*\/v1\/me$/, /^answer: 401 /);
    const { page } = window;
    const close = page.getByRole("button", { name: say(WORDS.close), exact: true });
    const sure = page.getByRole("dialog");
    await close.waitFor();
    await world.local.advance(MINUTES_11);
    await close.click();
    await sure.getByRole("button", { name: say(WORDS.close), exact: true }).click();
    await sure.getByText(WORDS.stale[language]).waitFor();
    await window.axe();
    expect((await answer(member.api.GET("/v1/me"))).id).toBe(member.id);
    await sure.getByRole("button", { name: say(WORDS.again) }).click();
    await page.waitForURL(/\/pages\/sign-in\/index/);
    await signIn(page, say, member.phone, () => world.local.code(member.phone));
    await page.waitForURL(/\/pages\/me\/data/);
    await page.getByRole("status").first().waitFor();
    await window.axe();
    await close.click();
    await sure.getByRole("button", { name: say(WORDS.close), exact: true }).click();
    await page.waitForURL(/\/pages\/me\/index/);
  },
);
