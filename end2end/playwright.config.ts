import { defineConfig } from "@playwright/test";
import { chmodSync, mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Postgres runs as a user of its own when the portal is started by root: the directory must let it pass. */
function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "countersign-end2end-"));
  chmodSync(directory, 0o755);
  return directory;
}

// Kept in the environment, where the workers, which read this file again, find what the first reading chose.
process.env["COUNTERSIGN_LISTEN"] ??= `127.0.0.1:${await freePort()}`;
process.env["COUNTERSIGN_DATA"] ??= dataDirectory();
const origin = `http://${process.env["COUNTERSIGN_LISTEN"]}`;
const program = process.env["COUNTERSIGN_PROGRAM"];
if (!program) throw new Error("COUNTERSIGN_PROGRAM names no portal: start the journeys with `./dev test end2end`.");

export default defineConfig({
  testDir: "tests",
  // The journeys share one portal, and a release goes through many hands: in the order they are written.
  fullyParallel: false,
  workers: 1,
  forbidOnly: !!process.env["CI"],
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: origin,
    locale: "en-GB",
    timezoneId: "UTC",
    viewport: { width: 1440, height: 900 },
    actionTimeout: 15_000,
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  // A journey tagged @nojs is made without JavaScript too, one tagged @nojs-only just so.
  projects: [
    { name: "with JavaScript", grepInvert: /@nojs-only\b/ },
    { name: "without JavaScript", grep: /@nojs\b/, use: { javaScriptEnabled: false } },
  ],
  webServer: {
    command: `exec "${program}" demo --serve`,
    url: `${origin}/readyz`,
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
    stdout: "ignore",
    stderr: "pipe",
  },
});
