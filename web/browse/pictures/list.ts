/** The pictures of README and docs: what each shows, to whom, and how that is prepared. */
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

export const LIST: Picture[] = [
  { name: "home", path: "/", size: "phone", languages: ["zh-CN", "en"], show: goods },
  { name: "home-wide", path: "/", size: "desktop", languages: ["zh-CN", "en"], show: goods },
];

async function goods({ page }: Window): Promise<void> {
  await page.getByRole("link").first().waitFor();
}
