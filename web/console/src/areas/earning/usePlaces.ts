import { useI18n } from "vue-i18n";

/** The places of a rule in words: `when.all[1]` is `适用条件 · 第 2 项`. */
export function usePlaces(): (path: string) => string {
  const { t } = useI18n();
  return (path) =>
    [...path.matchAll(/(when|items)|\[(\d+)\]|(not)\b/g)]
      .map(([, part, number]) => {
        if (part === "when" || part === "items") return t(`earning.${part}`);
        return number === undefined
          ? t("earning.kinds.not")
          : t("earning.place", { number: Number(number) + 1 });
      })
      .join(" · ");
}
