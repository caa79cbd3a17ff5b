import { i18n } from "@/language";
import { HOST } from "./surroundings";

/** A page outside the mall: WeChat opens none, so its link is copied, and the member is told. */
export function leaveFor(url: string): void {
  const data = url.startsWith("/") ? HOST + url : url;
  const { t } = i18n.global;
  uni.setClipboardData({
    data,
    showToast: false,
    success: () =>
      uni.showModal({
        title: t("frame.linkCopied"),
        content: t("frame.openElsewhere"),
        confirmText: t("frame.understood"),
        showCancel: false,
      }),
  });
}
