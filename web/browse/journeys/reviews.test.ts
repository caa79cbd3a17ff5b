/** Reviews: written by who had the goods, published by the staff, read by all. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix, type Stage } from "../harness/claims";
import { Staff } from "../harness/staff";
import type { Person, Product, World } from "../harness/world";

const WORDS = {
  write: { "zh-CN": "写评价", en: "Write a review" },
  four: { "zh-CN": "4 星", en: "4 of 5 stars" },
  text: { "zh-CN": "评价内容", en: "Your review" },
  send: { "zh-CN": "提交评价", en: "Send review" },
  needsStars: { "zh-CN": "请先选择评分", en: "Choose a rating first" },
  needsText: { "zh-CN": "请写下您的评价", en: "Please write your review" },
  pending: { "zh-CN": "审核中", en: "Waits to be published" },
  one: { "zh-CN": "1 条评价", en: "Reviews: 1" },
  reply: { "zh-CN": "商家回复", en: "Reply of the shop" },
  helps: { "zh-CN": "这条评价对我有用", en: "This review helps me" },
  unmark: { "zh-CN": "取消有用标记", en: "Take my mark back" },
  marked: { "zh-CN": "已标记有用（1）", en: "Marked as helpful (1)" },
  none: { "zh-CN": "没有这一星级的评价", en: "There are no reviews with so many stars" },
  published: { "zh-CN": "评价已发布", en: "The review is published" },
  hidden: { "zh-CN": "评价已不公开", en: "The review is no longer shown" },
  replyText: { "zh-CN": "回复内容", en: "Reply" },
  reason: { "zh-CN": "原因", en: "Reason" },
};
const SAID = "<b>很好</b> 👍\n保温一整天";

/** A completed order of new goods by a new member. */
async function bought(world: World, product?: Product) {
  const goods = product ?? (await world.product({ kind: "virtual" }, 5));
  const member = await world.member({ points: 500 });
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku: goods.sku, quantity: 1 }] };
  const order = (await answer(member.api.POST("/v1/orders", { params, body }))).id;
  return { goods, member, order };
}

async function reviewed(world: World, text: string, rating = 5, product?: Product) {
  const { goods, member, order } = await bought(world, product);
  const params = { path: { id: order }, header: { "Idempotency-Key": world.key() } };
  const body = { sku: goods.sku, rating, text };
  const { id } = await answer(member.api.POST("/v1/orders/{id}/reviews", { params, body }));
  return { goods, member, id };
}

matrix("a member reviews what they had, and its words are shown as text", async (stage) => {
  const { world, open, say } = stage;
  const { goods, member, order } = await bought(world);
  const window = await open(`/pages/order/detail?id=${order}`, { as: member });
  const { page } = window;
  await page.getByRole("link", { name: say(WORDS.write) }).click();
  await page.getByRole("button", { name: say(WORDS.send) }).click();
  await page.getByText(say(WORDS.needsStars)).waitFor();
  await page.getByText(say(WORDS.needsText)).waitFor();
  await window.axe();
  await byArrows(stage, page);
  await page.getByLabel(say(WORDS.text)).fill(SAID);
  await page.getByRole("button", { name: say(WORDS.send) }).click();
  await page.getByText("<b>很好</b> 👍").waitFor();
  await page.getByText(say(WORDS.pending)).waitFor();
  await window.axe();
  await window.walk();
  const mine = (await answer(member.api.GET("/v1/me/reviews"))).data;
  expect(mine.map(({ rating, text, sku }) => ({ rating, text, sku }))).toEqual([
    { rating: 4, text: SAID, sku: goods.sku },
  ]);
});

/** Four stars by the keyboard alone. */
async function byArrows({ say }: Stage, page: Awaited<ReturnType<Stage["open"]>>["page"]) {
  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  for (let more = 0; more < 3; more++) await page.keyboard.press("ArrowRight");
  expect(await page.getByRole("radio", { name: say(WORDS.four) }).isChecked()).toBe(true);
}

matrix("a published review is read with its reply, by stars, and marked as helpful", async (s) => {
  const { world, open, say } = s;
  const { goods, id } = await reviewed(world, SAID);
  const staff = await Staff.of(world);
  await staff.publish(id);
  await staff.reply(id, "谢谢您的喜欢！");
  const reader = await world.member();
  const window = await open(`/pages/goods/product?id=${goods.id}`, { as: reader });
  const { page } = window;
  await page.getByText("<b>很好</b> 👍").waitFor();
  await page.getByText(say(WORDS.one)).first().waitFor();
  await page.getByText(say(WORDS.reply)).waitFor();
  await page.getByRole("button", { name: new RegExp(say(WORDS.helps)) }).click();
  await page.getByText(say(WORDS.marked)).waitFor();
  await window.axe();
  await window.walk();
  await page.getByRole("button", { name: say({ "zh-CN": "1 星", en: "1 ★" }) }).click();
  await page.getByText(say(WORDS.none)).waitFor();
  await page.reload();
  await page.getByText(say(WORDS.marked)).waitFor();
  await page.getByRole("button", { name: new RegExp(say(WORDS.unmark)) }).click();
  await page.getByText(say(WORDS.marked)).waitFor({ state: "detached" });
});

async function statusOf(ops: Person, id: string) {
  const params = { path: { id } };
  return (await answer(ops.api.GET("/v1/admin/reviews/{id}", { params }))).status;
}

claim(
  "ops publish, reply to and hide reviews by keys alone",
  async ({ world, open, say }) => {
    const ops = await world.staff("ops");
    const first = await reviewed(world, SAID);
    const window = await open(`/console/reviews?open=${first.id}`, { as: ops });
    const { page } = window;
    await page.getByText("<b>很好</b> 👍").first().waitFor();
    await window.axe();
    await page.keyboard.press("p");
    await page.getByText(say(WORDS.published)).waitFor();
    expect(await statusOf(ops, first.id)).toBe("published");
    await page.goto(page.url().replace(/\?.*/, `?status=published&open=${first.id}`));
    await page.getByText("<b>很好</b> 👍").first().waitFor();
    await page.keyboard.press("r");
    await page.getByLabel(say(WORDS.replyText)).fill("谢谢");
    await window.axe();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText(say(WORDS.reply)).waitFor();
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("h");
    await page.getByLabel(say(WORDS.reason)).fill("含联系方式");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText(say(WORDS.hidden)).waitFor();
    expect(await statusOf(ops, first.id)).toBe("hidden");
  },
  "desktop",
);

claim("an agent replies to reviews and neither publishes nor hides them", async (stage) => {
  const { world, open, say } = stage;
  const agent = await world.staff("agent");
  const { id } = await reviewed(world, SAID);
  await (await Staff.of(world)).publish(id);
  const how = { as: agent, size: "desktop" as const };
  const { page } = await open(`/console/reviews?status=published&open=${id}`, how);
  await page
    .getByRole("button", { name: say({ "zh-CN": "回复", en: "Reply" }), exact: true })
    .waitFor();
  const hide = page.getByRole("button", { name: say({ "zh-CN": "不公开", en: "Do not show" }) });
  expect(await hide.count()).toBe(0);
});
