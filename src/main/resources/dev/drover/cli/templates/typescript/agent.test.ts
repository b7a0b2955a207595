// Tries the agent without Drover: node --test
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { work } from "./agent.ts";
import { BadInput } from "./drover.ts";

const call = { environment: {}, say: () => {} };

function run(input: string, variables: Record<string, string> = {}) {
  return spawnSync(process.execPath, [join(import.meta.dirname, "start.mjs")], {
    input,
    encoding: "utf8",
    timeout: 20_000,
    env: { ...process.env, ...variables },
  });
}

test("tells how full the file system is", async () => {
  const output = await work({ path: "/" }, call);
  assert.ok(output.freeKiB >= 0 && output.usedPercent >= 0 && output.usedPercent <= 100);
});

test("refuses what is no text, and no folder", async () => {
  await assert.rejects(work({ path: 7 }, call), BadInput);
  await assert.rejects(work({ path: "/no/such/folder" }, call), BadInput);
});

test("keeps the contract", () => {
  const done = run('{"path":"/"}');
  assert.equal(done.status, 0, done.stderr);
  assert.ok("usedPercent" in JSON.parse(done.stdout));
  assert.equal(run('{"path":7}').status, 65);
});

test("serves one attempt a line where it is warm", () => {
  const line = (path: string) => `{"attempt":{"number":3},"input":{"path":${path}}}\n`;
  const done = run(line('"/"') + line("7"), { DROVER_WARM: "1" });
  const [first, second] = done.stdout.trim().split("\n").map((answer) => JSON.parse(answer));
  assert.ok("freeKiB" in first.output);
  assert.equal(second.exit, 65);
  assert.match(done.stderr, /attempt 3/);
});
