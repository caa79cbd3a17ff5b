/** Sessions that nobody used for longer than they last. */
import { claim } from "../harness/claims";
import { signIn } from "../harness/shopping";

const DAYS_31 = 31 * 24 * 3_600;
/** The access token has ended, and so has the cookie. */
const ENDED = /^answer: 401 /;

claim(
  "a member who comes back after a month signs in, and lands where they wanted",
  async ({ world, open, say }) => {
    const member = await world.member({ points: 500 });
    const window = await open("/pages/points/index", { as: member });
    window.allow(ENDED);
    const { page } = window;
    await page.getByText("500", { exact: true }).first().waitFor();
    await world.local.advance(DAYS_31);
    await page.goto("/pages/order/list?status=shipped");
    await page.waitForURL(/\/pages\/sign-in\/index/);
    await window.axe();
    await signIn(page, say, member.phone, () => world.local.code(member.phone));
    await page.waitForURL(/\/pages\/order\/list\?status=shipped/);
  },
);

claim(
  "staff whose session ended sign in again, and land on the page that they wanted",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const window = await open("/console/members", { as: ops });
    window.allow(ENDED);
    const { page } = window;
    await page.getByLabel("手机号、邮箱、会员号或外部编号").waitFor();
    await world.local.advance(DAYS_31);
    await page.getByRole("link", { name: "待审批调整" }).click();
    await page.getByLabel("手机号或邮箱").fill(ops.phone);
    await page.getByRole("button", { name: "获取验证码" }).click();
    await page.getByLabel("验证码", { exact: true }).waitFor();
    await page.getByLabel("验证码", { exact: true }).fill(await world.local.code(ops.phone));
    await page.getByRole("button", { name: "登录", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "待审批调整" }).waitFor();
  },
  "desktop",
);
