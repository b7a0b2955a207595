// What the agent does. The contract with Drover is in drover.ts.
import { statfs } from "node:fs/promises";
import { BadInput, type Call, TryAgain } from "./drover.ts";

export interface Output {
  usedPercent: number;
  freeKiB: number;
}

export async function work(input: Record<string, unknown>, call: Call): Promise<Output> {
  const { path } = input;
  if (typeof path !== "string") {
    throw new BadInput("path must be a text");
  }
  call.say(`looking at ${path}, attempt ${call.environment.DROVER_ATTEMPT ?? 0}`);
  try {
    const { blocks, bavail, bsize } = await statfs(path);
    const used = blocks === 0 ? 0 : (100 * (blocks - bavail)) / blocks;
    return { usedPercent: Math.round(used), freeKiB: Math.floor((bavail * bsize) / 1024) };
  } catch (error) {
    switch ((error as NodeJS.ErrnoException).code) {
      case "ENOENT":
        throw new BadInput("path: there is no such folder");
      case "ETIMEDOUT":
        throw new TryAgain("the file system does not answer");
      default:
        throw error;
    }
  }
}
