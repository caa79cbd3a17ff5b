import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";

type Service = Schema<"AdminProductRow">;

const MOST_PAGES = 10;

/** The services among the products. */
export async function allServices(): Promise<Service[]> {
  const services: Service[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
    const found = await answer(jifen.GET("/v1/admin/products", { params: { query } }));
    services.push(...found.data.filter((each) => each.kind === "service"));
    if (found.next_cursor === null) break;
    cursor = found.next_cursor;
  }
  return services;
}
