import { describe, expect, it } from "vitest";

import { createJifen } from "../src/client";
import { Offline, Unreachable } from "../src/failures";
import { refresh } from "../src/refresh";
import { NO_RENEWAL, Session } from "../src/session";

/** A client of nobody whose only request is answered by `send`. */
function visitor(send: (request: Request) => Promise<Response>) {
  const session = new Session(NO_RENEWAL);
  const around = { baseUrl: "http://mall", session, send, online: () => false };
  return createJifen({ ...around, language: () => "en" });
}

const json = (status: number, body: object) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });

describe("the exchange of a refresh token", () => {
  it("sends the token that the client keeps, and gives the new ones", async () => {
    const tokens = { access_token: "a", token_type: "Bearer", expires_in: 900 };
    const sent: string[] = [];
    const by = visitor(async (request) => {
      sent.push(request.headers.get("Authorization") ?? "none", await request.text());
      return json(200, tokens);
    });
    expect(await refresh(by, { refresh_token: "kept" }, {})).toEqual(tokens);
    expect(sent).toEqual(["none", '{"refresh_token":"kept"}']);
  });

  it("gives none for a token that is no longer good", async () => {
    const problem = { code: "refresh_token_invalid", detail: "", errors: [], status: 401 };
    expect(
      await refresh(
        visitor(async () => json(401, problem)),
        {},
        {},
      ),
    ).toBeNull();
  });

  it("that has no answer leaves open whether the token is still good", async () => {
    const broken = visitor(async () => new Response("<html>", { status: 401 }));
    await expect(refresh(broken, {}, {})).rejects.toThrow(Unreachable);
    const cut = visitor(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(refresh(cut, {}, {})).rejects.toThrow(Offline);
  });
});
