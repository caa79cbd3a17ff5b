import { describe, expect, it, vi } from "vitest";

vi.mock("../src/who", () => ({ me: { value: null } }));

const { mayCall, staffRoles } = await import("../src/roles");

describe("who may do what, as the API's document says", () => {
  it("lets finance decide on withdrawals, and ops not", () => {
    expect(mayCall(["finance"], "POST /v1/admin/withdrawals/{id}/approve")).toBe(true);
    expect(mayCall(["ops"], "POST /v1/admin/withdrawals/{id}/approve")).toBe(false);
  });

  it("lets an agent see a member, and not freeze one", () => {
    expect(mayCall(["agent"], "GET /v1/admin/members/{id}")).toBe(true);
    expect(mayCall(["agent"], "POST /v1/admin/members/{id}/freeze")).toBe(false);
  });

  it("lets a member nothing", () => {
    expect(mayCall(["member"], "GET /v1/admin/members")).toBe(false);
    expect(staffRoles.value).toEqual([]);
  });
});
