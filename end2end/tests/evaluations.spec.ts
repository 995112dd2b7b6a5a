import { expect, test, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { tomas } from "./people.js";
import { expectNoAxeViolations, signIn } from "./support.js";

const manifest = readFileSync(join(import.meta.dirname, "..", "..", "demo", "manifests", "german-credit-1.json"), "utf8");

/** With and without JavaScript, each with a model of its own. */
const model = () => (test.info().project.use.javaScriptEnabled === false ? "prices-plain" : "prices-live");

/** Prices of flats and what was said of them; `off` moves what was said. */
function prices(off: number): Buffer {
  const rows = Array.from({ length: 400 }, (_, at) => {
    const price = 100 + ((at * 37) % 211);
    const said = price + ((at * 13) % 17) - 8 + off;
    return [price, said, at % 2 ? "male" : "female", at % 3 ? "town" : "country"].join(",");
  });
  return Buffer.from(["price,said,sex,region", ...rows].join("\n") + "\n");
}

/** The words of the earlier file in the list to choose from. */
const baselineOf = async (file: string, page: Page) =>
  (await field(page, "baseline").locator("option").filter({ hasText: file }).textContent()) ?? "";

const send = (page: Page) => page.getByRole("button", { name: "Send and evaluate" }).click();
const field = (page: Page, name: string) => page.locator(`main [name=${name}]`);

test("numbers are evaluated by slice and held against the last file", { tag: "@nojs" }, async ({ page }) => {
  test.setTimeout(120_000);
  await signIn(page, tomas);
  await page.goto("/models/new");
  await field(page, "name").fill(model());
  await page.locator("textarea[name=purpose]").fill("Says what a flat will fetch.");
  const tier = page.locator("[name=tier][value=minimal]");
  await page.locator("label").filter({ has: tier }).or(tier).first().click();
  await page.locator("form:has(textarea[name=purpose]) button[type=submit]").click();
  await page.goto(`/models/${model()}/register`);
  const text = page.locator("textarea[name=manifest]");
  if (!(await text.isVisible())) await page.locator("details:has(textarea[name=manifest]) > summary").click();
  await text.fill(manifest);
  await page.locator("form:has(textarea[name=manifest]) button[type=submit]").click();
  await expect(page).toHaveURL(/versions\/1$/);

  await page.goto(`/models/${model()}/versions/1/evaluate`);
  await field(page, "file").setInputFiles({ name: "march.csv", mimeType: "text/csv", buffer: prices(0) });
  await field(page, "task").selectOption("regression");
  await field(page, "label").fill("prize");
  await field(page, "prediction").fill("said");
  await field(page, "score").fill("");
  await field(page, "favourable").fill("");
  await field(page, "protected").fill("sex");
  await field(page, "slices").fill("region");
  await send(page);
  // The column is named wrongly, which is said beside it; the file needn't be sent again.
  await expect(field(page, "label")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator("main")).toContainText("march.csv is kept");
  await field(page, "label").fill("price");
  await send(page);
  await expect(page).toHaveURL(/\/evaluations\/\d+$/);
  await expect(page.locator("main")).toContainText("Mean absolute error");
  await expect(page.locator("#slices")).toContainText("country");
  await expect(page.locator("#groups")).toContainText("female");
  await expectNoAxeViolations(page);

  await page.goto(`/models/${model()}/versions/1`);
  await expect(page.locator("#evaluations")).toContainText("Could not be evaluated");
  await page.goto(`/models/${model()}/versions/1/evaluate`);
  await expect(field(page, "task")).toHaveValue("regression");
  await field(page, "file").setInputFiles({ name: "april.csv", mimeType: "text/csv", buffer: prices(90) });
  await field(page, "baseline").selectOption({ index: 1 });
  await send(page);
  await expect(page).toHaveURL(/\/evaluations\/\d+$/);
  await expect(page.locator("#drift")).toContainText("Moved");
  await expect(page.locator("#drift")).toContainText("said");
  await expectNoAxeViolations(page);

  // One more month, held against the same one: how it went is drawn, here and on the model's page.
  await page.goto(`/models/${model()}/versions/1/evaluate`);
  await field(page, "file").setInputFiles({ name: "may.csv", mimeType: "text/csv", buffer: prices(20) });
  await field(page, "baseline").selectOption({ label: (await baselineOf("march.csv", page)) });
  await send(page);
  await expect(page).toHaveURL(/\/evaluations\/\d+$/);
  const course = page.locator("#drift svg.course");
  await expect(course).toHaveAttribute("aria-label", /Drift over time: said [\d.]+, [\d.]+/);
  await expectNoAxeViolations(page);
  await page.goto(`/models/${model()}`);
  await expect(page.locator("#drift")).toContainText("said has moved the most by now");
  await page.goto("/models?q=" + model());
  await expect(page.locator("#inventory td[data-label=Drift]")).toContainText("said, version 1");
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
