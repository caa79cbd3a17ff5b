/** Pictures of members: sent with a review or a return, seen by others and by the staff. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { drawn, LIE } from "../harness/drawing";
import type { Window } from "../harness/pages";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

const SAY = {
  add: { "zh-CN": "添加图片", en: "Add pictures" },
  drop: { "zh-CN": "删除图片 1", en: "Remove picture 1" },
  first: { "zh-CN": "图片 1", en: "Picture 1" },
  second: { "zh-CN": "图片 2", en: "Picture 2" },
  larger: { "zh-CN": "放大图片 1", en: "Enlarge picture 1" },
  text: { "zh-CN": "评价内容", en: "Your review" },
  send: { "zh-CN": "提交评价", en: "Send review" },
  lies: {
    "zh-CN": "page.png：内容不是所选类型的图片",
    en: "page.png: It is no picture of its type",
  },
  notes: {
    "zh-CN": "notes.txt：只支持 JPEG、PNG、WebP 图片",
    en: "notes.txt: Only JPEG, PNG and WebP pictures",
  },
};

async function bought(world: World) {
  const goods = await world.product({ kind: "virtual" }, 5);
  const member = await world.member({ points: 500 });
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku: goods.sku, quantity: 1 }] };
  const order = (await answer(member.api.POST("/v1/orders", { params, body }))).id;
  return { goods, member, order };
}

interface File {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Pick files as a person does: by the button, in the browser's own dialog. */
async function pick({ page }: Window, button: string, files: File[]) {
  const chosen = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: button, exact: true }).click();
  await (await chosen).setFiles(files);
}

const png = (name: string, buffer: Buffer) => ({ name, mimeType: "image/png", buffer });

matrix("a member adds pictures to a review, and those that lie are refused in words", async (s) => {
  const { world, open, say } = s;
  const { goods, member, order } = await bought(world);
  const path = `/pages/review/write?order=${order}&sku=${goods.sku}`;
  const window = await open(path, { as: member });
  const { page } = window;
  await page.getByRole("radio").first().focus();
  await page.keyboard.press("Space");
  await page.getByLabel(say(SAY.text)).fill("很好用");
  const cup = await drawn(window, 600);
  await pick(window, say(SAY.add), [
    png("page.png", LIE),
    { name: "notes.txt", mimeType: "text/plain", buffer: LIE },
    png("cup.png", cup),
    png("lid.png", cup),
  ]);
  await page.getByText(say(SAY.lies)).waitFor();
  await page.getByText(say(SAY.notes)).waitFor();
  await page.getByRole("img", { name: say(SAY.second), exact: true }).waitFor();
  await window.axe();
  await page.getByRole("button", { name: say(SAY.drop), exact: true }).click();
  await page.getByRole("button", { name: say(SAY.send), exact: true }).click();
  await page.getByRole("button", { name: say(SAY.larger), exact: true }).click();
  await page.getByRole("img", { name: say(SAY.first), exact: true }).waitFor();
  await window.axe();
  await window.walk();
  const mine = (await answer(member.api.GET("/v1/me/reviews"))).data;
  expect(mine.map(({ pictures }) => pictures.length)).toEqual([1]);
});

claim("a published review shows its pictures, and staff enlarge them first", async (s) => {
  const { world, open } = s;
  const { goods, member, order } = await bought(world);
  const writing = await open(`/pages/review/write?order=${order}&sku=${goods.sku}`, { as: member });
  await writing.page.getByRole("radio").first().focus();
  await writing.page.keyboard.press("Space");
  await writing.page.getByLabel("评价内容").fill("颜色正");
  await pick(writing, "添加图片", [png("cup.png", await drawn(writing, 600))]);
  await writing.page.getByRole("img", { name: "图片 1", exact: true }).waitFor();
  await writing.page.getByRole("button", { name: "提交评价", exact: true }).click();
  await writing.page.getByRole("button", { name: "放大图片 1", exact: true }).waitFor();
  const [made] = (await answer(member.api.GET("/v1/me/reviews"))).data;
  const id = made?.id ?? "";
  const ops = await open(`/console/reviews?open=${id}`, { as: await world.staff("ops") });
  await enlarge(ops);
  await (await Staff.of(world)).publish(id);
  const { page } = await open(`/pages/goods/product?id=${goods.id}`);
  await page.getByRole("button", { name: "放大图片 1", exact: true }).click();
  await page.getByRole("img", { name: "图片 1", exact: true }).waitFor();
});

/** The staff opens the first picture, which is the whole one. */
async function enlarge(window: Window) {
  const { page } = window;
  await page.getByRole("button", { name: "放大图片 1", exact: true }).click();
  const large = page.getByRole("dialog").getByRole("img", { name: "图片 1 / 1" });
  await large.waitFor();
  const wide = () => large.evaluate((each) => (each as HTMLImageElement).naturalWidth);
  await expect.poll(wide).toBe(600);
  await window.axe();
}

claim("a return has pictures as proof, which the staff enlarges", async ({ world, open }) => {
  const member: Person = await world.member({ points: 1_000, address: true });
  const order = await (await Staff.of(world)).delivered(member, await world.product());
  const asking = await open(`/pages/returns/ask?id=${order}`, { as: member });
  await pick(asking, "添加图片", [png("leak.png", await drawn(asking, 600))]);
  await asking.page.getByRole("img", { name: "图片 1", exact: true }).waitFor();
  await asking.axe();
  await asking.page.getByRole("button", { name: "提交申请", exact: true }).click();
  await asking.page.waitForURL(/\/pages\/returns\/detail\?/);
  await asking.page.getByRole("button", { name: "放大图片 1", exact: true }).click();
  await asking.page.getByRole("img", { name: "图片 1", exact: true }).waitFor();
  await asking.axe();
  const [made] = (await answer(member.api.GET("/v1/me/returns"))).data;
  const ops = await open(`/console/returns/${made?.id}`, { as: await world.staff("ops") });
  await enlarge(ops);
});
