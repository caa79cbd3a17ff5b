/** Each role of the staff sees its own, and nobody else's. */
import { expect, test } from "vitest";

import roles from "../../console/src/roles.json" with { type: "json" };
import { claim, type Stage } from "../harness/claims";
import type { Role } from "../harness/local";
import { EVERY_CONSOLE_PAGE } from "./everyConsolePage";

type Staff = Exclude<Role, "member">;

/** The part of marketing, whose pages ops, agents and admins see. */
const MARKETING = [
  "营销活动",
  "抽奖",
  "优惠券",
  "展位与公告",
  "挑战",
  "排行榜",
  "营销触发",
  "奖励结算",
];

/** The menu of each role, in its order. */
const MENUS: Record<Staff, string[]> = {
  agent: [
    ...[
      "工作台",
      "会员",
      "待审批调整",
      "积分规则",
      "会员等级",
      "风控",
      "任务",
      "条款与隐私",
      "订单",
      "售后",
      "核销台",
      "评价",
    ],
    ...["商品", "商品分类", "品牌", "库存", "库存提醒", "券码", "门店", "预约时段", "运费模板"],
    ...MARKETING,
  ],
  ops: [
    ...[
      "工作台",
      "会员",
      "待审批调整",
      "积分规则",
      "会员等级",
      "风控",
      "任务",
      "条款与隐私",
      "登录验证码",
      "订单",
      "售后",
      "批量发货",
      "现金退款",
      "核销台",
      "评价",
    ],
    ...[
      "商品",
      "商品分类",
      "品牌",
      "库存",
      "库存提醒",
      "券码",
      "动销分析",
      "门店",
      "预约时段",
      "运费模板",
    ],
    ...MARKETING,
    ...["积分收支", "操作日志", "后台任务", "支付通知", "搁置的记录"],
  ],
  finance: [
    ...[
      "工作台",
      "会员",
      "待审批调整",
      "会员等级",
      "风控",
      "订单",
      "现金退款",
      "代收货款回款",
      "动销分析",
    ],
    "展位与公告",
    ...["提现", "银行文件", "发票", "结算", "试算平衡", "对账差异", "对账", "积分负债", "积分收支"],
    ...["操作日志", "后台任务", "支付通知"],
  ],
  admin: [
    ...[
      "工作台",
      "会员",
      "待审批调整",
      "积分规则",
      "会员等级",
      "风控",
      "任务",
      "条款与隐私",
      "登录验证码",
      "订单",
      "售后",
      "批量发货",
      "现金退款",
      "代收货款回款",
    ],
    ...[
      "核销台",
      "评价",
      "商品",
      "商品分类",
      "品牌",
      "库存",
      "库存提醒",
      "券码",
      "动销分析",
      "门店",
    ],
    ...["预约时段", "运费模板"],
    ...MARKETING,
    ...["提现", "银行文件", "发票"],
    ...["结算", "试算平衡", "对账差异", "对账", "积分负债", "积分收支"],
    ...["操作日志", "后台任务", "支付通知", "搁置的记录"],
  ],
};

/** What a role may not read is no page for it: nothing of it is asked for, and words say so. */
async function refused({ world, open }: Stage, role: Staff): Promise<void> {
  const window = await open("/console/", { as: await world.staff(role) });
  const { page } = window;
  const menu = page.getByRole("navigation").getByRole("link");
  await menu.first().waitFor();
  expect(await menu.allInnerTexts()).toEqual(MENUS[role]);
  const others = Object.entries(EVERY_CONSOLE_PAGE).filter(
    ([, { reads }]) => !(roles[reads] as string[]).includes(role),
  );
  for (const [path] of others) {
    await page.goto(`/console${path.replace(/:\w+/, "nothing")}`);
    await page.getByRole("heading", { level: 1, name: "您的角色不能查看此页" }).waitFor();
  }
  await window.axe();
}

for (const role of Object.keys(MENUS) as Staff[]) {
  claim(
    `${role}: the menu has the role's pages, and no link opens another`,
    (stage) => refused(stage, role),
    "desktop",
  );
}

claim(
  "a right that was lost while a page was open is told in words, and nothing is done",
  async ({ world, open }) => {
    const member = await world.member({ points: 500 });
    const window = await open(`/console/members/${member.id}`, { as: await world.staff("ops") });
    window.allow(/^answer: 403 POST .*freeze$/);
    const { page } = window;
    await page.getByRole("button", { name: "冻结账户", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^原因/).fill("疑似盗号");
    const { access_token } = await world.local.account("agent", `agent ${world.key()}`);
    await page.route("**/freeze", (route) => {
      const headers = { ...route.request().headers(), authorization: `Bearer ${access_token}` };
      return route.continue({ headers });
    });
    await dialog.getByRole("button", { name: "冻结账户", exact: true }).click();
    await dialog.getByRole("alert").waitFor();
    await window.axe();
    await page.reload();
    await page.getByText("正常", { exact: true }).waitFor();
  },
  "desktop",
);

test("a role that the API knows is tried here", () => {
  expect([...new Set(Object.values(roles).flat())].sort()).toEqual(Object.keys(MENUS).sort());
});
