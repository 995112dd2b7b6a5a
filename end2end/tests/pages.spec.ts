import { expect, test } from "@playwright/test";
import { ada, grace, sam, tomas } from "./people.js";
import { expectNoAxeViolations, layoutShift, signIn } from "./support.js";

/** Every page of the demonstration; a name for each, and who looks at it. */
const pages: [string, typeof ada][] = [
  ["/", grace],
  ["/models", grace],
  ["/models/german-credit", grace],
  ["/models/german-credit/versions/2", grace],
  ["/models/german-credit/versions/2?compare=1", grace],
  ["/evaluations/1", grace],
  ["/evaluations/2", grace],
  ["/releases", grace],
  ["/releases/5", grace],
  ["/releases/6", grace],
  ["/reviews", ada],
  ["/reviews/11", ada],
  ["/deployments", grace],
  ["/deployments/1", grace],
  ["/deployments/4", grace],
  ["/audit", grace],
  ["/policies", grace],
  ["/templates", grace],
  ["/environments", sam],
  ["/people", sam],
  ["/account", sam],
  ["/verify", sam],
  ["/models/new", tomas],
  ["/models/german-credit/register", tomas],
  ["/models/german-credit/versions/2/evaluate", tomas],
  ["/models/german-credit/versions/2/evidence", tomas],
  ["/models/german-credit/versions/1/release", tomas],
  ["/deployments/4", tomas],
];
const readers = [grace, ada, sam, tomas];

for (const scheme of ["light", "dark"] as const) {
  for (const width of [1440, 360]) {
    test(`every page is whole and breaks no rule, ${scheme}, ${width} px`, async ({ browser }) => {
      test.setTimeout(300_000);
      for (const person of readers) {
        const context = await browser.newContext({
          baseURL: test.info().project.use.baseURL!,
          colorScheme: scheme,
          viewport: { width, height: 900 },
        });
        const page = await context.newPage();
        const problems: string[] = [];
        page.on("console", (message) => {
          if (message.type() === "error") problems.push(`${page.url()}: ${message.text()}`);
        });
        page.on("pageerror", (error) => problems.push(`${page.url()}: ${error}`));
        await page.goto("/sign-in");
        await expectNoAxeViolations(page);
        await signIn(page, person);
        for (const [path] of pages.filter(([, reader]) => reader === person)) {
          const response = await page.goto(path);
          expect(response?.status(), path).toBe(200);
          await expect(page.locator("main h1")).toHaveCount(1);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(overflow, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
          expect(await layoutShift(page), `${path} moves while it loads`).toBeLessThan(0.01);
          await expectNoAxeViolations(page);
        }
        expect(problems).toEqual([]);
        await context.close();
      }
    });
  }
}

test("every page is whole before any script has run", { tag: "@nojs-only" }, async ({ page }) => {
  test.setTimeout(120_000);
  for (const person of readers) {
    await page.context().clearCookies();
    await signIn(page, person);
    for (const [path] of pages.filter(([, reader]) => reader === person)) {
      const response = await page.goto(path);
      expect(response?.status(), path).toBe(200);
      await expect(page.locator("main h1")).toHaveCount(1);
    }
  }
});

test("a refused form names its field, and breaks no rule", async ({ page }) => {
  await signIn(page, tomas);
  await page.goto("/models/new");
  const name = page.locator("main input[name=name]");
  await name.fill("Not A Name");
  await page.locator("main [name=purpose]").fill("Decides who is offered credit.");
  await page.locator("main input[name=tier][value=limited]").check({ force: true });
  await page.locator("main form button[type=submit]").click();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(name).toHaveValue("Not A Name");
  await expectNoAxeViolations(page);
});

test("a refused form with a file names the field whose column isn't there", { tag: "@nojs" }, async ({ page }) => {
  await signIn(page, tomas);
  await page.goto("/models/german-credit/versions/2/evaluate");
  const label = page.locator("main input[name=label]");
  await label.fill("outcome");
  const buffer = Buffer.from("y_true,y_pred,y_score,sex,age_band\n1,1,0.9,male,>25\n");
  await page.locator("main input[type=file]").setInputFiles({ name: "p.csv", mimeType: "text/csv", buffer });
  await page.getByRole("button", { name: "Send and evaluate" }).click();
  await expect(label).toHaveAttribute("aria-invalid", "true");
  await expect(label).toHaveValue("outcome");
  await expect(page.locator("#errors a")).toHaveAttribute("href", "#label");
  await expectNoAxeViolations(page);
});

test("what narrows the inventory while one types says so all over the page", async ({ page }) => {
  await signIn(page, grace);
  await page.goto("/models");
  const search = page.locator("main input[name=q]");
  // At once: what is typed before the page is live counts too.
  await search.pressSequentially("german");
  await expect(page.locator("#inventory tbody tr")).toHaveCount(1);
  await expect(page.locator("main .lead")).toContainText("1 model that matches");
  await expect(page.getByRole("link", { name: "High", exact: true })).toHaveAttribute("href", /q=german/);
  await expect(page).toHaveURL(/q=german/);
});

test("moving the cut-off says what it would have come to", async ({ page }) => {
  await signIn(page, grace);
  await page.goto("/evaluations/1");
  const accuracy = page.locator("#cut-offs dd").nth(2);
  const before = await accuracy.textContent();
  const slider = page.getByRole("slider");
  await slider.focus();
  for (let step = 0; step < 20; step++) await page.keyboard.press("ArrowRight");
  await expect(accuracy).not.toHaveText(before ?? "");
  await expect(slider).toHaveAttribute("aria-valuetext", (await page.locator("#cut-offs dd").first().textContent()) ?? "");
});

test("what isn't there is said so", { tag: "@nojs" }, async ({ page }) => {
  await signIn(page, grace);
  for (const path of ["/models/nothing", "/releases/999999", "/no-such-page"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(page.locator("h1")).toContainText("Not found");
  }
});
