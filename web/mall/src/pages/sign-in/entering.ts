/** Signing in by a code of ours or of a provider: once, with an invitation, and then going on. */
import type { Schema } from "@jifen/shared/schema";
import { useI18n } from "vue-i18n";

import { CLIENT } from "#platform/surroundings";
import { ownPage, restart } from "@/platform/navigation";
import { useAct } from "@/state/acting";
import { answer, jifen } from "@/state/jifen";
import { forgetInvitation, invitationCode } from "@/state/invited";
import { welcome } from "@/state/member";
import type { Proof } from "@/state/providers";

export function useEntering() {
  const { t } = useI18n();
  const entering = useAct("sign-in");

  /** Whether the proof was taken: then this page is left. `consent` is to versions of the terms. */
  async function enter(
    proof: Schema<"IdentityProof"> | Proof,
    next: string | undefined,
    consent?: { terms: string; privacy: string },
  ) {
    const also = { referral_code: invitationCode().trim() || undefined, consent };
    const body =
      "grant" in proof ? { ...proof, ...also } : ({ grant: "otp", ...proof, ...also } as const);
    const login = await entering.run(body, () =>
      answer(jifen.POST("/v1/auth/sessions", { body, headers: CLIENT })),
    );
    if (login === null) return false;
    welcome(login);
    if (login.erasure_cancelled)
      uni.showToast({ title: t("data.kept"), icon: "none", duration: 5000 });
    forgetInvitation();
    const untold = login.referral ?? "applied";
    if (untold !== "applied") uni.showToast({ title: t(`signIn.${untold}`), icon: "none" });
    restart(ownPage(next));
    return true;
  }

  return { ...entering, enter };
}
