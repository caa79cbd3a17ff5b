import type { Component } from "vue";

import type { StaffCall } from "./roles";

/** A page of an area. */
export interface Page {
  /** Its path below /console, such as `/members/:id`. */
  path: string;
  /** The key of its title in the area's texts. */
  title: string;
  /** The call that it reads by: who may make it, sees the page. */
  reads: StaffCall;
  component: () => Promise<Component | { default: Component }>;
  /** Where it stands in the menu; left out: it is reached from other pages. */
  menu?: { icon: Component; group: Group; after: number };
}

/** The menu's parts, in order; the first one has no heading. */
export const GROUPS = [
  "start",
  "members",
  "orders",
  "goods",
  "marketing",
  "payouts",
  "books",
  "system",
] as const;
type Group = (typeof GROUPS)[number];

const FILES = import.meta.glob<Page[]>("./areas/*/area.ts", { eager: true, import: "default" });

/**
 * The parts of the console: each folder of `areas` with a file `area.ts`.
 *
 * Each has texts of its own: `language/<language>/<name>.json`.
 */
export const areas = Object.entries(FILES).map(([file, pages]) => ({
  name: file.split("/")[2],
  pages,
}));

/** The pages of the menu, in order. */
export const menu = areas
  .flatMap((area) => area.pages.map((page) => ({ ...page, area: area.name })))
  .flatMap((page) => (page.menu === undefined ? [] : [{ ...page, ...page.menu }]))
  .sort((one, other) => one.after - other.after);
