/** The lines of a page of orders learn how they look by one request. */
import { beforeEach, expect, it, vi } from "vitest";
import { ref } from "vue";

const language = ref("zh-CN");
const get = vi.fn();
vi.mock("@/state/program", () => ({ language }));
vi.mock("@/state/jifen", () => ({ answer: (sent: unknown) => sent, jifen: { GET: get } }));

const { learnLooks, lookOf } = await import("../src/state/looks");

const line = (id: string) => ({ product_id: id });
const idsAsked = () =>
  get.mock.calls.map(
    (call) => (call[1] as { params: { query: { ids: string } } }).params.query.ids,
  );
const settled = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
  language.value = "zh-CN";
  get.mockReset();
  get.mockResolvedValue({ data: [] });
});

it("asks for the products of all lines at once, each of them once", async () => {
  const skus = [{ sku: "TEE-RED-M", specs: { 颜色: "红", 尺码: "M" } }];
  get.mockResolvedValue({ data: [{ id: "prd_1", thumbnail: "/pictures/tee.svg", skus }] });
  learnLooks([line("prd_1"), line("prd_2")]);
  learnLooks([line("prd_1")]);
  learnLooks([line("prd_3")]);
  expect(get).not.toHaveBeenCalled();
  await settled();
  expect(idsAsked()).toEqual(["prd_1,prd_2,prd_3"]);
  expect(lookOf("TEE-RED-M")).toEqual({ picture: "/pictures/tee.svg", specs: "红 · M" });
  expect(lookOf("CUP")).toEqual({ picture: null, specs: "" });
  learnLooks([line("prd_3")]);
  await settled();
  expect(get).toHaveBeenCalledTimes(1);
});

it("asks again in another language", async () => {
  learnLooks([line("prd_a")]);
  await settled();
  language.value = "en";
  learnLooks([line("prd_a")]);
  await settled();
  expect(idsAsked()).toEqual(["prd_a", "prd_a"]);
});

it("asks again for what failed", async () => {
  get.mockRejectedValueOnce(new Error("offline"));
  learnLooks([line("prd_f")]);
  await settled();
  learnLooks([line("prd_f")]);
  await settled();
  expect(get).toHaveBeenCalledTimes(2);
});

it("asks for a hundred at a time", async () => {
  learnLooks(Array.from({ length: 130 }, (_, at) => line(`prd_h${at}`)));
  await settled();
  expect(idsAsked().map((ids) => ids.split(",").length)).toEqual([100, 30]);
});
