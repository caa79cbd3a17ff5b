"use strict";
const WORDS = {
  en: { other: "中文", filter: "Find a path or a word", roles: "Roles", open: "no access token",
        parameters: "Parameters", body: "Request body", answer: "Answer", errors: "Errors",
        example: "Example", schema: "Fields", required: "required",
        failed: "Cannot read openapi.json",
        in: { path: "path", query: "query", header: "header" } },
  zh: { other: "English", filter: "查找路径或文字", roles: "角色", open: "无需登录",
        parameters: "参数", body: "请求体", answer: "应答", errors: "错误",
        example: "示例", schema: "字段", required: "必填",
        failed: "无法读取 openapi.json",
        in: { path: "路径", query: "查询", header: "请求头" } },
};
const METHODS = ["get", "post", "put", "patch", "delete"];
const DEEPEST = 8;
let spec = null;
let language = (localStorageGet() || navigator.language || "").startsWith("zh") ? "zh" : "en";

function localStorageGet() {
  try { return localStorage.getItem("language"); } catch { return null; }
}

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) made.setAttribute(name, value);
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return made;
}

function follow(value) {
  while (value && value.$ref) {
    value = value.$ref.slice(2).split("/").reduce((at, name) => at[name], spec);
  }
  return value || {};
}

function limits(schema) {
  const said = [];
  const between = (low, high, unit) => {
    if (low !== undefined || high !== undefined) said.push(`${low ?? ""}…${high ?? ""}${unit}`);
  };
  between(schema.minimum, schema.maximum, "");
  between(schema.minLength, schema.maxLength, language === "zh" ? " 字符" : " characters");
  between(schema.minItems, schema.maxItems, language === "zh" ? " 项" : " items");
  if (schema.pattern) said.push(schema.pattern);
  if (schema.format) said.push(schema.format);
  if (schema.default !== undefined) said.push(`= ${JSON.stringify(schema.default)}`);
  return said.join(", ");
}

function typeName(given) {
  const schema = follow(given);
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const choices = schema.anyOf || schema.oneOf;
  if (choices) return choices.map(typeName).join(" | ");
  if (schema.type === "array") return `[${schema.items ? typeName(schema.items) : ""}]`;
  if (schema.type === "object" && schema.title) return schema.title;
  return [schema.type || "any"].flat().join(" | ");
}

/* The objects inside a schema whose fields are worth showing. */
function objectsIn(given) {
  const schema = follow(given);
  if (schema.properties) return [schema];
  if (schema.items) return objectsIn(schema.items);
  if (schema.additionalProperties && schema.additionalProperties !== true) {
    return objectsIn(schema.additionalProperties);
  }
  return (schema.anyOf || schema.oneOf || []).flatMap(objectsIn);
}

function fields(given, seen = []) {
  return objectsIn(given).filter((object) => !seen.includes(object)).map((object) => {
    const needed = object.required || [];
    const lines = Object.entries(object.properties).map(([name, inner]) => {
      const said = [typeName(inner), limits(follow(inner))].filter(Boolean).join(", ");
      const deeper = seen.length < DEEPEST ? fields(inner, [...seen, object]) : [];
      return make("li", {}, make("code", {}, name), " ", make("span", { class: "type" }, said),
        needed.includes(name) ? make("span", { class: "required" }, ` ${say("required")}`) : null,
        inner.description ? make("div", {}, inner.description) : null, deeper);
    });
    return make("ul", { class: "fields" }, lines);
  });
}

function say(word) { return WORDS[language][word]; }

function example(value) {
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
  return [make("h4", {}, say("example")), make("pre", {}, text)];
}

function content(title, media) {
  if (!media) return [];
  const [type, body] = Object.entries(media)[0];
  const listed = fields(body.schema);
  return [make("h4", {}, `${title} · ${type} · ${typeName(body.schema)}`),
    listed.length
      ? make("details", { open: "" }, make("summary", {}, say("schema")), listed) : null,
    example(body.example)];
}

function parameters(operation) {
  if (!operation.parameters?.length) return [];
  const rows = operation.parameters.map((given) => {
    const one = follow(given);
    return make("tr", {},
      make("td", {}, make("code", {}, one.name),
        one.required ? make("span", { class: "required" }, ` ${say("required")}`) : null),
      make("td", { class: "type" }, say("in")[one.in] || one.in),
      make("td", {},
        make("span", { class: "type" }, `${typeName(one.schema)} ${limits(one.schema)}`),
        one.description ? make("div", {}, one.description) : null));
  });
  return [make("h4", {}, say("parameters")), make("table", {}, rows)];
}

/* A description is "`code`: English (中文); …"; the examples carry the codes. */
function errors(operation) {
  const rows = [];
  for (const [status, given] of Object.entries(operation.responses)) {
    if (status < "400") continue;
    for (const said of follow(given).description.split("; ")) {
      const found = said.match(/^`([a-z0-9_]+)`: (.*) \(([^()]*)\)$/);
      const [code, en, zh] = found ? found.slice(1) : ["", said, said];
      rows.push(make("tr", {}, make("td", {}, status), make("td", {}, make("code", {}, code)),
        make("td", {}, language === "zh" ? zh : en)));
    }
  }
  return [make("details", {}, make("summary", {}, `${say("errors")} (${rows.length})`),
    make("table", {}, rows))];
}

function article(path, method, operation) {
  const roles = operation["x-roles"]?.length ? operation["x-roles"] : [say("open")];
  const done = Object.entries(operation.responses).filter(([status]) => status < "400");
  return make("article", { id: operation.operationId },
    make("h3", {}, make("span", { class: `method ${method}` }, method), path),
    make("p", {}, operation.summary),
    make("p", { class: "roles" }, roles.map((role) => make("span", {}, role))),
    parameters(operation), content(say("body"), operation.requestBody?.content),
    done.flatMap(([status, answer]) => answer.content
      ? content(`${say("answer")} ${status}`, answer.content)
      : [make("h4", {}, `${say("answer")} ${status}`)]),
    errors(operation));
}

function operationsByTag() {
  const groups = new Map(spec.tags.map((tag) => [tag.name, []]));
  for (const [path, methods] of Object.entries(spec.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      if (operation) groups.get(operation.tags[0]).push([path, method, operation]);
    }
  }
  return groups;
}

function show() {
  const main = document.getElementById("operations");
  const nav = document.getElementById("contents");
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.getElementById("language").textContent = say("other");
  document.getElementById("filter").placeholder = say("filter");
  document.getElementById("title").textContent = spec.info.title;
  document.getElementById("version").textContent = spec.info.version;
  nav.replaceChildren();
  main.replaceChildren(make("p", { class: "description" }, spec.info.description));
  for (const [tag, operations] of operationsByTag()) {
    nav.append(make("section", {}, make("h3", {}, tag), operations.map(([path, method, one]) =>
      make("a", { href: `#${one.operationId}`, title: one.summary },
        make("span", { class: `method ${method}` }, method), path))));
    main.append(make("section", {}, make("h2", {}, tag),
      operations.map((operation) => article(...operation))));
  }
  narrow();
}

function narrow() {
  const wanted = document.getElementById("filter").value.trim().toLowerCase();
  for (const one of document.querySelectorAll("article")) {
    const link = document.querySelector(`nav a[href="#${one.id}"]`);
    const text = `${one.querySelector("h3").textContent} ${link.title}`.toLowerCase();
    one.hidden = link.hidden = !text.includes(wanted);
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("article:not([hidden]), a:not([hidden])");
  }
}

document.getElementById("filter").addEventListener("input", narrow);
document.getElementById("language").addEventListener("click", () => {
  language = language === "zh" ? "en" : "zh";
  try { localStorage.setItem("language", language); } catch { /* private browsing */ }
  if (spec) show();
});
fetch("openapi.json")
  .then((answer) => answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))
  .then((read) => {
    spec = read;
    show();
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  })
  .catch((error) => {
    document.getElementById("state").textContent = `${say("failed")} (${error.message})`;
  });
