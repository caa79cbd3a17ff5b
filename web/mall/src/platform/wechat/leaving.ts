import { i18n } from "@/language";
import { HOST } from "./surroundings";

/** A page outside the mall: WeChat opens none, so its link is copied, and the member is told. */
export function leaveFor(url: string): void {
  const data = url.startsWith("/") ? HOST + url : url;
  const { t: say } = i18n.global as unknown as { t: (name: string) => string };
  uni.setClipboardData({
    data,
    showToast: false,
    success: () =>
      uni.showModal({
        title: say("outside.linkCopied"),
        content: say("outside.openElsewhere"),
        confirmText: say("outside.understood"),
        showCancel: false,
      }),
  });
}

/** There is one window here, so no other one signs another member in. */
export function loadAnew(page: string): void {
  uni.reLaunch({ url: page });
}
