import { describe, expect, it } from "vitest";

import { People, type Person, personText } from "../src/parts/people";

const person = (id: string, rest: Partial<Person> = {}): Person => ({
  id,
  nickname: null,
  phone: null,
  email: null,
  ...rest,
});

describe("people", () => {
  it("are asked for together and once, twenty at a time", async () => {
    const calls: string[][] = [];
    const people = new People((ids) => {
      calls.push(ids);
      return Promise.resolve(ids.map((id) => person(id)));
    });
    const ids = Array.from({ length: 21 }, (_, at) => `mbr_${at}`);
    for (const id of [...ids, "mbr_0"]) people.want(id);
    await new Promise((done) => setTimeout(done));
    expect(calls.map((each) => each.length)).toEqual([20, 1]);
    expect(people.find("mbr_20")?.id).toBe("mbr_20");
    people.want("mbr_0");
    await new Promise((done) => setTimeout(done));
    expect(calls).toHaveLength(2);
  });

  it("are asked for again after a failure, and after somebody else signed in", async () => {
    let calls = 0;
    const people = new People(() => {
      calls += 1;
      return calls === 1 ? Promise.reject(new Error("off")) : Promise.resolve([person("mbr_1")]);
    });
    const ask = async () => {
      people.want("mbr_1");
      await new Promise((done) => setTimeout(done));
    };
    await ask();
    expect(people.find("mbr_1")).toBeUndefined();
    await ask();
    expect(people.find("mbr_1")).toBeDefined();
    people.forget();
    expect(people.find("mbr_1")).toBeUndefined();
    await ask();
    expect(calls).toBe(3);
  });
});

it("a person is told by the nickname and the masked phone", () => {
  expect(personText(person("a", { nickname: "小红", phone: "+86138****8000" }))).toBe(
    "小红 138****8000",
  );
  expect(personText(person("a", { email: "a***@example.com" }))).toBe("a***@example.com");
  expect(personText(person("a"))).toBe("");
  expect(personText(undefined)).toBe("");
});
