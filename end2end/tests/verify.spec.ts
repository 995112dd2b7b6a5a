import { expect, test } from "@playwright/test";
import { readFileSync, writeFileSync } from "node:fs";
import { grace } from "./people.js";
import { expectNoAxeViolations, signIn } from "./support.js";

test("a bundle is checked in the browser, off the network, and a changed byte is named", async ({ page, context }, info) => {
  test.setTimeout(120_000);
  await signIn(page, grace);
  await page.goto("/releases/2");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Sealed bundle" }).click(),
  ]);
  const file = info.outputPath("bundle.zip");
  await download.saveAs(file);

  // Whoever was handed the file needs no account.
  await context.clearCookies();
  const loaded = page.waitForResponse((response) => response.url().endsWith(".wasm") && response.url().includes("/verifier/"));
  await page.goto("/verify");
  await loaded;
  await context.setOffline(true);
  const chosen = page.locator("main input[type=file]");
  const answer = page.locator("main [role=status]");
  await chosen.setInputFiles(file);
  await expect(answer).toContainText("The bundle is whole: Release 2: german-credit 1 for production");
  await expect(answer).toContainText("Signed by");
  await expectNoAxeViolations(page);

  const bytes = readFileSync(file);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  const touched = info.outputPath("touched.zip");
  writeFileSync(touched, bytes);
  await chosen.setInputFiles(touched);
  await expect(answer).toContainText("The bundle does not hold");
  await expect(answer).toContainText("The first record that is not what it should be");

  const key = page.locator("main #key");
  await chosen.setInputFiles(file);
  await expect(answer).toContainText("The bundle is whole");
  await key.fill("");
  await key.blur();
  await expect(answer).toContainText("name the key that you trust");
  await key.fill("no key");
  await key.blur();
  await expect(answer).toContainText("This is no key");
  await context.setOffline(false);
});

test("an entry of the log is proven in the reader's own browser", async ({ page }) => {
  await signIn(page, grace);
  await page.goto("/audit");
  const entry = page.locator("details.entry").nth(2);
  await entry.locator("summary").first().click();
  await entry.getByRole("button", { name: "Check in this browser" }).click();
  await expect(entry.locator("[role=status]")).toContainText("It is in the log that was signed, as leaf");
  await expectNoAxeViolations(page);
});
