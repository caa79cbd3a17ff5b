import { useI18n } from "vue-i18n";

/** Why a payment was declined, in words; the provider's codes are many, and new ones come. */
export function useDeclined(): (code: string) => string {
  const { t, te } = useI18n();
  return (code) =>
    t(te(`order.declined.${code}`) ? `order.declined.${code}` : "order.declined.other");
}
