// Node before 22.18 (and 23 before 23.6) can't read TypeScript, and says so in words that help nobody.
const [major, minor] = process.versions.node.split(".").map(Number);
const readsTypeScript =
  (major === 22 && minor >= 18) || (major === 23 && minor >= 6) || major > 23;
if (!readsTypeScript) {
  console.error(
    `this agent needs Node 22.18 or later, and ${process.execPath} is ${process.version}: ` +
      "install one under /usr, or put one into the agent's folder (see its README.md)",
  );
  process.exit(1);
}
const { serve } = await import("./drover.ts");
const { work } = await import("./agent.ts");
await serve(work);
