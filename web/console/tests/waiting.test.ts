import { describe, expect, it, vi } from "vitest";

vi.mock("../src/api", () => ({}));

const { count } = await import("../src/areas/home/waiting");

const at = (...times: string[]) => times.map((created_at) => ({ created_at }));

describe("what waits", () => {
  it("is counted, with the time since when the first has waited", () => {
    const data = at("2026-11-29T02:00:00Z", "2026-11-28T02:00:00Z");
    const since = "2026-11-28T02:00:00Z";
    expect(count({ data, next_cursor: null })).toEqual({ count: 2, isMore: false, since });
  });

  it("does not claim a number, or a first, that it has not seen", () => {
    const data = at("2026-11-29T02:00:00Z");
    expect(count({ data, next_cursor: "c" })).toEqual({ count: 1, isMore: true, since: null });
  });

  it("may be nothing", () => {
    expect(count({ data: [], next_cursor: null })).toEqual({
      count: 0,
      isMore: false,
      since: null,
    });
  });
});
