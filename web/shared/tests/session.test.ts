import { describe, expect, it, vi } from "vitest";

import { Offline, SignedOut } from "../src/failures";
import { accessOf, Session, type Access, type Renewal } from "../src/session";

/** A client whose exchanges answer one after the other with `answers`. */
function client(...answers: (Access | null | Error)[]) {
  const clock = { now: 1_000_000 };
  const renew = vi.fn(async () => {
    await Promise.resolve();
    const answer = answers.shift();
    if (answer === undefined) throw new Error("an exchange too many");
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const renewal: Renewal = { renew, alone: (task) => task() };
  return { session: new Session(renewal, () => clock.now), renew, clock };
}

const access = (token: string, until = 2_000_000): Access => ({ member: "mia", token, until });

describe("a session", () => {
  it("exchanges once for many requests at once", async () => {
    const { session, renew } = client(access("a"));
    const tokens = await Promise.all(Array.from({ length: 10 }, () => session.token()));
    expect(new Set(tokens)).toEqual(new Set(["a"]));
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it("sends the token of a sign-in without an exchange", async () => {
    const { session, renew } = client();
    session.begin(access("a"));
    expect(await session.token()).toBe("a");
    expect(renew).not.toHaveBeenCalled();
  });

  it("renews a token before it ends", async () => {
    const { session, clock } = client(access("b"));
    session.begin(accessOf("mia", { access_token: "a", expires_in: 900 }, clock.now));
    clock.now += 869_000;
    expect(await session.token()).toBe("a");
    clock.now += 2000;
    expect(await session.token()).toBe("b");
  });

  it("exchanges once for many requests whose token was refused", async () => {
    const { session, renew } = client(access("b"));
    session.begin(access("a"));
    const tokens = await Promise.all([session.instead("a"), session.instead("a")]);
    expect(tokens).toEqual(["b", "b"]);
    expect(await session.instead("a")).toBe("b");
    expect(renew).toHaveBeenCalledTimes(1);
  });

  it("ends, and tells so once, when its refresh token is no longer good", async () => {
    const { session } = client(null, null);
    const told = vi.fn();
    session.onEnd(told);
    session.begin(access("a"));
    await expect(session.instead("a")).rejects.toThrow(SignedOut);
    expect(await session.token()).toBeNull();
    expect(told).toHaveBeenCalledTimes(1);
  });

  it("goes on after an exchange whose answer was lost", async () => {
    const { session } = client(new Offline(), access("b"));
    const told = vi.fn();
    session.onEnd(told);
    session.begin(access("a"));
    await expect(session.instead("a")).rejects.toThrow(Offline);
    expect(await session.token()).toBe("a");
    expect(await session.instead("a")).toBe("b");
    expect(told).not.toHaveBeenCalled();
  });

  it("of nobody has no token", async () => {
    const { session } = client(null);
    expect(await session.token()).toBeNull();
  });
});

/** Two windows of one browser: `kept.holder` is whose session they share. */
function browser(...answers: (Access | null)[]) {
  const kept: { holder: string | null } = { holder: "mia" };
  const told = { ended: vi.fn(), replaced: vi.fn() };
  const renewal: Renewal = {
    renew: async () => answers.shift() ?? null,
    holder: () => kept.holder,
    alone: (task) => task(),
  };
  const session = new Session(renewal, () => 1_000_000);
  session.onEnd(told.ended);
  session.onReplaced(told.replaced);
  return { session, kept, told, renewal };
}

const lea = { member: "lea", token: "l", until: 2_000_000 };

describe("a session that other windows share", () => {
  it("sends nothing, for either member, once another window signed another member in", async () => {
    const { session, kept, told } = browser(lea);
    session.begin(access("a"));
    kept.holder = "lea";
    await expect(session.token()).rejects.toThrow(SignedOut);
    await expect(session.token()).rejects.toThrow(SignedOut);
    await expect(session.instead("a")).rejects.toThrow(SignedOut);
    expect(told.replaced).toHaveBeenCalledTimes(1);
    expect(told.ended).not.toHaveBeenCalled();
  });

  it("is not renewed as another member, where no window told of one", async () => {
    const { session, told } = browser(lea);
    session.begin(access("a"));
    await expect(session.instead("a")).rejects.toThrow(SignedOut);
    expect(told.replaced).toHaveBeenCalledTimes(1);
  });

  it("does not begin as another member than the one whom the browser knows", async () => {
    const { session, told } = browser(lea);
    await expect(session.token()).rejects.toThrow(SignedOut);
    expect(told.replaced).toHaveBeenCalledTimes(1);
  });

  it("gives way to a sign-in that overtook its exchange", async () => {
    const { session, kept, told, renewal } = browser();
    session.begin(access("a"));
    renewal.renew = async () => {
      kept.holder = "lea";
      return access("b");
    };
    await expect(session.instead("a")).rejects.toThrow(SignedOut);
    expect(told.replaced).toHaveBeenCalledTimes(1);
  });

  it("ends with a sign-out that overtook its exchange", async () => {
    const { session, kept, told, renewal } = browser();
    session.begin(access("a"));
    renewal.renew = async () => {
      kept.holder = null;
      return access("b");
    };
    await expect(session.instead("a")).rejects.toThrow(SignedOut);
    expect(told.ended).toHaveBeenCalledWith("mia");
    expect(await session.token()).toBeNull();
  });

  it("ends as soon as another window signs out", () => {
    const { session, kept, told } = browser();
    session.begin(access("a"));
    session.check();
    expect(told.ended).not.toHaveBeenCalled();
    kept.holder = null;
    session.check();
    expect(told.ended).toHaveBeenCalledWith("mia");
  });

  it("of nobody asks for none", async () => {
    const { session, kept, renewal } = browser(lea);
    kept.holder = null;
    const renew = vi.spyOn(renewal, "renew");
    expect(await session.token()).toBeNull();
    expect(renew).not.toHaveBeenCalled();
  });

  it("goes on where the same member signed in again", async () => {
    const { session, told } = browser(access("b"));
    session.begin(access("a"));
    expect(await session.instead("a")).toBe("b");
    expect(told.replaced).not.toHaveBeenCalled();
  });
});
