import { describe, expect, it, vi } from "vitest";

import { answer, createJifen } from "../src/client";
import { Refused, SignedOut } from "../src/failures";
import { Session } from "../src/session";

const problem = (code: string) =>
  new Response(JSON.stringify({ code, detail: "", title: "", errors: [] }), {
    status: 401,
    headers: { "Content-Type": "application/json" },
  });

function client(code: string) {
  const send = vi.fn(async () => problem(code));
  const renew = vi.fn(async () => null);
  const session = new Session({ renew, alone: (task) => task() });
  session.begin({ member: "m", token: "held", until: Number.MAX_SAFE_INTEGER });
  const around = { baseUrl: "http://mall.test", session, send, online: () => true };
  return { jifen: createJifen({ ...around, language: () => "en" }), send, renew };
}

const proof = {
  params: { header: { "Idempotency-Key": "k".repeat(32) } },
  body: { challenge_id: "otp_1", code: "000000" },
};

describe("a 401", () => {
  it("of a wrong code is an answer: the code is sent once, and the session stays", async () => {
    const { jifen, send, renew } = client("otp_invalid");
    await expect(answer(jifen.POST("/v1/me/identities", proof))).rejects.toBeInstanceOf(Refused);
    expect(send).toHaveBeenCalledTimes(1);
    expect(renew).not.toHaveBeenCalled();
  });

  it("of a token that is no longer good asks for another", async () => {
    const { jifen, renew } = client("unauthenticated");
    await expect(answer(jifen.POST("/v1/me/identities", proof))).rejects.toBeInstanceOf(SignedOut);
    expect(renew).toHaveBeenCalledTimes(1);
  });
});
