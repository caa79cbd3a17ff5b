import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { noteSignIn, useNewcomer } from "../src/state/newcomer";

vi.mock("vue", () => ({ onUnmounted: () => undefined }));

describe("a newcomer's first page", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("looks again until the gift that waited is there", async () => {
    const look = vi.fn().mockResolvedValueOnce(false).mockResolvedValue(true);
    noteSignIn(true);
    useNewcomer(look)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(look).toHaveBeenCalledTimes(2);
  });

  it("gives up where no gift waited, and is the first page once", async () => {
    const look = vi.fn().mockResolvedValue(false);
    noteSignIn(true);
    useNewcomer(look)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(look).toHaveBeenCalledTimes(3);
    useNewcomer(look)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(look).toHaveBeenCalledTimes(3);
  });

  it("is not shown to who signs in again", async () => {
    const look = vi.fn();
    noteSignIn(false);
    useNewcomer(look)();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(look).not.toHaveBeenCalled();
  });
});
