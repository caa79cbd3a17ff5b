import type { Language, Schema } from "@jifen/shared/schema";

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

/** A service's title; where another has the same one, its title in Chinese and its id, too. */
export function serviceName(of: Service, all: readonly Service[], language: Language): string {
  const title = of.title[language];
  const same = all.filter((each) => each.title[language] === title);
  if (same.length < 2) return title;
  const zh = of.title["zh-CN"];
  const isTold = same.filter((each) => each.title["zh-CN"] === zh).length === 1;
  return isTold ? `${title} (${zh})` : `${title} (${of.id.slice(-6)})`;
}
