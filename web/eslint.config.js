import js from "@eslint/js";
import vue from "eslint-plugin-vue";
import ts from "typescript-eslint";

/** The limits of the project's style: files below 300 lines, functions below 40. */
const limits = {
  "max-lines": ["error", { max: 300 }],
  "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
  complexity: ["error", 8],
};

export default ts.config(
  { ignores: ["**/dist/**", "**/node_modules/**", "shared/src/contract.d.ts"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs["flat/recommended"],
  {
    files: ["**/*.ts", "**/*.vue"],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      ...limits,
      "no-undef": "off",
      "vue/multi-word-component-names": "off",
      "vue/no-v-html": "error",
    },
  },
  // Formatting is prettier's.
  {
    files: ["**/*.vue"],
    rules: {
      "vue/html-self-closing": "off",
      "vue/max-attributes-per-line": "off",
      "vue/singleline-html-element-content-newline": "off",
      "vue/html-indent": "off",
      "vue/html-closing-bracket-newline": "off",
      "vue/multiline-html-element-content-newline": "off",
    },
  },
  // A suite of claims is one function; each claim in it stays short.
  { files: ["**/tests/**/*.ts", "**/*.test.ts"], rules: { "max-lines-per-function": "off" } },
);
