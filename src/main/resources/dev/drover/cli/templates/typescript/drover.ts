// The contract between an agent and Drover: JSON in, JSON out, words on stderr, an exit code.
// With DROVER_WARM in the environment one process serves many attempts, a line of JSON each.
import { text } from "node:stream/consumers";
import { createInterface } from "node:readline";

export type Environment = Record<string, string | undefined>;

/** On whose behalf the agent works, and its log. */
export interface Call {
  environment: Environment;
  say(line: string): void;
}

export type Work = (input: Record<string, unknown>, call: Call) => Promise<unknown>;

/** A temporary failure: trying again later may help (exit code 75). */
export class TryAgain extends Error {}

/** The input can't be used; say which part, and what belongs there (exit code 65). */
export class BadInput extends Error {}

type Result = { output: unknown } | { exit: number; message: string };

const NAMES: Record<string, string> = {
  run: "DROVER_RUN",
  node: "DROVER_NODE",
  number: "DROVER_ATTEMPT",
  idempotencyKey: "DROVER_IDEMPOTENCY_KEY",
  traceparent: "TRACEPARENT",
};

/** Runs the work for one attempt, or for one a line where the process is kept warm. */
export async function serve(work: Work): Promise<void> {
  // What is logged by habit must not spoil the output.
  console.log = console.info = console.debug = console.error;
  if (process.env.DROVER_WARM) {
    for await (const line of createInterface({ input: process.stdin })) {
      const order = JSON.parse(line);
      write(await attempt(work, order.input, environmentOf(order.attempt)));
    }
    return;
  }
  const result = await attempt(work, JSON.parse(await text(process.stdin)), process.env);
  if ("output" in result) {
    write(result.output);
  } else {
    process.exitCode = result.exit;
  }
}

function environmentOf(order: Record<string, unknown>): Environment {
  const environment: Environment = { ...process.env };
  for (const [member, name] of Object.entries(NAMES)) {
    const value = order[member];
    environment[name] = value === undefined || value === null ? undefined : String(value);
  }
  return environment;
}

async function attempt(work: Work, input: Record<string, unknown>, environment: Environment): Promise<Result> {
  try {
    return { output: await work(input, { environment, say }) };
  } catch (error) {
    if (error instanceof TryAgain) {
      return failed(75, error.message);
    } else if (error instanceof BadInput) {
      return failed(65, `bad input: ${error.message}`);
    }
    return failed(1, error instanceof Error && error.stack ? error.stack : String(error));
  }
}

function failed(exit: number, message: string): Result {
  say(message);
  return { exit, message };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function write(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
