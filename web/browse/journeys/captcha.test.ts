/** Many codes went out for a range of numbers: a person is asked to prove that they are one. */
import { answer } from "@jifen/shared/client";

import { matrix } from "../harness/claims";
import { WORDS } from "../harness/shopping";

/** As many codes for one range as are sent unasked: the settings' own number. */
const UNASKED = 20;
const BOX = "我不是机器人 I am not a robot";
const AWAY = { "zh-CN": "安全验证未能加载", en: "The security check did not load" };
const AGAIN = { "zh-CN": "重新加载", en: "Load it again" };

matrix("a captcha is asked for beyond the limit, solved, and the code is sent", async (stage) => {
  const { world, open, say } = stage;
  const range = world.phone().slice(0, -4);
  const numbers = Array.from({ length: UNASKED + 1 }, (_, n) => `${range}${String(n + 1000)}`);
  const phone = numbers.pop() ?? "";
  for (const destination of numbers) {
    const body = { channel: "sms", destination } as const;
    await answer(world.client(null).POST("/v1/auth/otp", { body }));
  }
  const window = await open(null);
  window.allow(/^answer: 403 POST .*\/v1\/auth\/otp$/, /captcha\.js/, /Failed to load resource/);
  const { page } = window;
  await page.route(/captcha\.js$/, (route) => route.abort(), { times: 1 });
  await page.goto("/pages/sign-in/index");
  await page.getByLabel(say(WORDS.phone), { exact: true }).fill(phone);
  await page.getByRole("button", { name: say(WORDS.sendCode) }).click();
  await page.getByText(say(AWAY)).waitFor();
  await window.axe();
  await page.getByRole("button", { name: say(AGAIN) }).click();
  // It goes as soon as it is ticked.
  await page.getByLabel(BOX).click();
  const field = page.getByLabel(say(WORDS.code), { exact: true });
  await field.waitFor();
  await field.fill(await world.local.code(phone));
  await page.getByRole("button", { name: say(WORDS.signIn), exact: true }).click();
  await page.waitForURL((url) => url.pathname === "/");
});
