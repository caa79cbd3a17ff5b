import { describe, expect, it } from "vitest";

import { REST_MS, Rest } from "../src/session/rest";

function storage() {
  const held = new Map<string, string>();
  return {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  };
}

describe("a session at rest", () => {
  it("has all its time before any input", () => {
    const rest = new Rest(storage(), () => 0);
    expect([rest.isOver(), rest.hasEnded()]).toEqual([false, false]);
  });

  it("ends 30 minutes after the last input", () => {
    let now = 1_000_000;
    const rest = new Rest(storage(), () => now);
    rest.touch();
    now += REST_MS - 1;
    expect(rest.isOver()).toBe(false);
    now += 1;
    expect([rest.isOver(), rest.hasEnded()]).toEqual([true, false]);
  });

  it("goes on by input in another window", () => {
    let now = 1_000_000;
    const kept = storage();
    const [one, other] = [new Rest(kept, () => now), new Rest(kept, () => now)];
    one.touch();
    now += REST_MS - 1;
    other.touch();
    now += 2;
    expect(one.leftMs()).toBe(REST_MS - 2);
  });

  it("goes on where the device's clock went back", () => {
    let now = 10 * REST_MS;
    const rest = new Rest(storage(), () => now);
    rest.touch();
    now = REST_MS;
    rest.touch();
    expect(rest.leftMs()).toBe(REST_MS);
  });

  it("is over once somebody signed out, until somebody signs in", () => {
    const rest = new Rest(storage(), () => REST_MS);
    rest.touch();
    rest.end();
    expect([rest.isOver(), rest.hasEnded()]).toEqual([true, true]);
    rest.touch();
    expect([rest.isOver(), rest.hasEnded()]).toEqual([false, false]);
  });

  it("is over where what is kept is no time", () => {
    const kept = storage();
    kept.setItem("console:last-input", "soon");
    expect(new Rest(kept, () => REST_MS).isOver()).toBe(true);
  });
});
