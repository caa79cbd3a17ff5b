/** Pictures from a machine: sent straight to S3, checked, shown; those that lie are refused. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { drawn, LIE } from "../harness/drawing";
import type { Window } from "../harness/pages";

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

claim(
  "ops send pictures of goods, and one that lies about its type is refused in words",
  async ({ world, open }) => {
    const { id } = await world.product();
    const window = await open(`/console/products/${id}`, { as: await world.staff("ops") });
    const { page } = window;
    await button(window, "上传图片").waitFor();
    const input = page.locator("input[type=file]").first();
    await input.setInputFiles([
      { name: "page.png", mimeType: "image/png", buffer: LIE },
      { name: "notes.txt", mimeType: "text/plain", buffer: LIE },
      { name: "cup.png", mimeType: "image/png", buffer: await drawn(window, 900) },
    ]);
    await page.getByText("page.png: 内容不是所选类型的图片").waitFor();
    await page.getByText("notes.txt: 只支持 JPEG、PNG、WebP 图片").waitFor();
    const address = page.getByLabel("图片 1 的地址");
    await address.waitFor();
    const path = await address.inputValue();
    expect(path).toMatch(/^\/pictures\/upl_[a-z2-7]{26}\.png$/);
    await window.axe();
    await button(window, "保存").click();
    await page.getByText("已保存", { exact: true }).waitFor();
    const params = { path: { id } };
    const shown = await answer(world.client(null).GET("/v1/products/{id}", { params }));
    expect(shown.pictures).toEqual([path]);
    for (const each of [path, ...shown.thumbnails]) {
      const found = await fetch(world.mall + each);
      expect([found.status, found.headers.get("content-type")]).toEqual([200, "image/png"]);
    }
  },
  "desktop",
);
