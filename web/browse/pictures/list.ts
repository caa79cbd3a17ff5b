/** The pictures of README and docs: what each shows, to whom, and how that is prepared. */
import { answer } from "@jifen/shared/client";
import type { Language } from "@jifen/shared/schema";

import type { Role } from "../harness/local";
import type { Size, Window } from "../harness/pages";
import type { Person, World } from "../harness/world";

export interface Picture {
  /** The file: docs/pictures/{name}-{language}.webp. */
  name: string;
  path: string;
  size: Size;
  languages: Language[];
  /** Who is signed in, as a seeded account. Nobody where it is left out. */
  as?: { role: Role; name: string };
  /** Makes what the picture shows, before the page opens. */
  prepare?: (world: World, person: Person | undefined) => Promise<void>;
  /** Leads the page to what the picture shows. */
  show?: (window: Window) => Promise<void>;
}

const BOTH: Language[] = ["zh-CN", "en"];
const LI = { role: "member", name: "picture-li" } as const;

export const LIST: Picture[] = [
  { name: "home", path: "/", size: "phone", languages: BOTH, as: LI, prepare: points, show: goods },
  { name: "product", path: "/pages/goods/index", size: "phone", languages: BOTH, show: product },
  {
    ...{ name: "order", path: "/pages/order/list", size: "phone", languages: BOTH },
    ...{ as: LI, prepare: order, show: newest },
  },
  {
    ...{ name: "console", path: "/console/", size: "desktop", languages: BOTH },
    as: { role: "admin", name: "picture-wang" },
    show: async ({ page }) => page.getByRole("heading", { level: 1 }).waitFor(),
  },
];

async function goods({ page }: Window): Promise<void> {
  await page.locator("main a img").first().waitFor();
}

async function product({ page }: Window): Promise<void> {
  await page.locator("main a[href*='/pages/goods/product']").nth(3).click();
  await page.locator("main h2").first().waitFor();
}

async function newest({ page }: Window): Promise<void> {
  await page.locator("main a[href*='/pages/order/detail']").first().click();
  await page.locator("main ol").waitFor();
}

async function points(world: World, person: Person | undefined): Promise<void> {
  if (person) await world.give(person, 2680);
}

/** Something redeemed that is on its way; once for both languages. */
async function order(world: World, person: Person | undefined): Promise<void> {
  if (!person) return;
  const before = await answer(person.api.GET("/v1/me/orders"));
  if (before.data.length) return;
  await points(world, person);
  await world.address(person);
  const goods = await answer(
    person.api.GET("/v1/products", { params: { query: { kind: "physical", max_points: 1500 } } }),
  );
  const shown = await answer(
    person.api.GET("/v1/products/{id}", { params: { path: { id: goods.data[0]?.id ?? "" } } }),
  );
  const params = { header: { "Idempotency-Key": world.key() } };
  const items = [{ sku: shown.skus[0]?.sku ?? "", quantity: 1 }];
  const placed = await answer(person.api.POST("/v1/orders", { params, body: { items } }));
  await ship(world, placed.id);
}

async function ship(world: World, id: string): Promise<void> {
  const { api } = await world.staff("ops", "picture-ops");
  const params = () => ({ path: { id }, header: { "Idempotency-Key": world.key() } });
  await answer(api.POST("/v1/admin/orders/{id}/take", { params: params() }));
  await answer(api.POST("/v1/admin/orders/{id}/approve", { params: params() }));
  const body = { carrier: "SF", tracking_number: "SF1440012345678" };
  await answer(api.POST("/v1/admin/orders/{id}/ship", { params: params(), body }));
}
