/** The id of a device. */
import { beforeEach, expect, it, vi } from "vitest";

const kept = vi.hoisted(() => new Map<string, string>());
const room = vi.hoisted(() => ({ full: false, made: 0 }));
vi.mock("#platform/storage", () => ({
  lasting: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => {
      if (room.full) throw new Error("full");
      kept.set(name, value);
    },
  },
}));
vi.mock("#platform/surroundings", () => ({
  randomKey: () => String((room.made += 1)).padStart(32, "0"),
}));

import { deviceId } from "@/platform/device";

beforeEach(() => {
  kept.clear();
  Object.assign(room, { full: false, made: 0 });
});

it("is made once, and the same from then on", () => {
  expect(deviceId()).toBe("1".padStart(32, "0"));
  expect(deviceId()).toBe("1".padStart(32, "0"));
});

it("is made anew where something else stands in its place", () => {
  kept.set("jifen:device", "what the API would refuse");
  expect(deviceId()).toBe("1".padStart(32, "0"));
});

it("is none where nothing can be kept: two of one device would be two devices", () => {
  room.full = true;
  expect(deviceId()).toBeNull();
});
