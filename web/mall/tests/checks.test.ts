/** The checks of what is built for WeChat find what they look for. */
import { expect, test } from "vitest";

import { flawsOf as markup } from "../mini/markup";
import { flawsOf as script } from "../mini/scripts";
import { flawsOf as styles } from "../mini/styles";

test.each([
  ["a browser's object", 'wx.createPage({ onLoad() { document.title = "x"; } });'],
  ["a name after a look for another", 'typeof window !== "undefined" && localStorage.clear();'],
  ["a global that some phones lack", 'new Intl.DateTimeFormat("en");'],
  ["a request of a browser", 'fetch("/v1/me").then(console.log);'],
  ["code made of text", 'eval("1");'],
  ["a function made of text", 'new Function("return this")();'],
  ["a script that is none", "const = 1;"],
])("a script with %s is found", (_what, code) => {
  expect(script(code)).toHaveLength(1);
});

test.each([
  'const where = typeof window !== "undefined" ? window : globalThis;',
  'if (typeof process === "object") process.exit();',
  "function show(document) { return document.title; }",
  'const { document } = require("./paper"); wx.document = document.window;',
])("a script that asks first, or has its own, is fine: %s", (code) => {
  expect(script(code)).toEqual([]);
});

test.each([
  ["<view><text>1</view></text>", "</view> ends <text>"],
  ["<view>", "<view> does not end"],
  ["<view><jf-card/></view>", "<jf-card> is not declared"],
  ["<text><view>1</view></text>", "<view> within <text> is not shown"],
  ["<section/>", "<section> is not declared"],
])("markup such as %s is found", (wxml, flaw) => {
  expect(markup(wxml, [])).toEqual([flaw]);
});

test("markup of declared components, with conditions in it, is fine", () => {
  const wxml = `<view wx:if="{{a && b < 1}}" bindtap="{{c}}"><jf-card u-p="{{d||''}}">1 > 0</jf-card></view><block wx:else/>`;
  expect(markup(wxml, ["jf-card"])).toEqual([]);
});

test.each(["view{}", "#main{}", ".button[disabled]{}", ".a .b, input{}"])(
  "styles of a component such as %s are found",
  (wxss) => expect(styles(wxss)).toHaveLength(1),
);

test("styles by class are fine", () => {
  expect(styles("@keyframes a{to{opacity:1}} .a.b:first-child + .c::after{}")).toEqual([]);
});
