import { nextTick, shallowRef } from "vue";
import { type RouteLocationNormalized, createRouter, createWebHistory } from "vue-router";

import { Failure } from "@jifen/shared/failures";

import { type Page, areas } from "./areas";
import i18n, { loadArea } from "./language";
import { type StaffCall, can, staffRoles } from "./roles";
import { me, recognise } from "./who";

declare module "vue-router" {
  interface RouteMeta {
    title: string;
    area: string;
    /** The call that the page reads by. */
    reads?: StaffCall;
    /** Shown without a session. */
    open?: boolean;
  }
}

/** Why the console cannot tell who is signed in. */
export const startFailure = shallowRef<Failure | null>(null);

const meta = (title: string) => ({ title, area: "common" });

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes: [
    {
      path: "/sign-in",
      component: () => import("./session/SignIn.vue"),
      meta: { ...meta("common.signIn.title"), open: true },
    },
    {
      path: "/",
      component: () => import("./layout/Shell.vue"),
      meta: meta("common.name"),
      children: [
        ...areas.flatMap((area) => area.pages.map((page) => routeOf(page, area.name))),
        {
          path: "/:rest(.*)*",
          component: () => import("./layout/NotFound.vue"),
          meta: meta("common.notFound.title"),
        },
      ],
    },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? undefined : { top: 0 }),
});

function routeOf(page: Page, area: string) {
  const { path, component, reads } = page;
  return { path, component, meta: { title: `${area}.${page.title}`, area, reads } };
}

router.beforeEach(async (to) => {
  await loadArea(to.meta.area);
  if (to.meta.open === true || me.value !== null) return true;
  try {
    await recognise();
    startFailure.value = null;
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    startFailure.value = failure;
    return true;
  }
  return me.value !== null || { path: "/sign-in", query: { back: to.fullPath } };
});

router.afterEach((to, from) => {
  nameWindow(to.meta.title);
  if (from.matched.length > 0 && to.path !== from.path) void nextTick(focusHeading);
});

/** Whether who is signed in may see this page. */
export function isFor(to: RouteLocationNormalized): boolean {
  return staffRoles.value.length > 0 && (to.meta.reads === undefined || can(to.meta.reads));
}

/** The title of the window, from a key of the texts or from a name. */
export function nameWindow(title: string): void {
  const { t, te } = i18n.global;
  document.title = `${te(title) ? t(title) : title} · ${t("common.name")}`;
}

/** A reader of the screen hears which page came. */
function focusHeading(): void {
  const found = document.querySelector<HTMLElement>("main h1") ?? document.querySelector("main");
  found?.focus({ preventScroll: true });
}
