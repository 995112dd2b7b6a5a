import { expect, test } from "@playwright/test";
import { ada, grace, tomas } from "./people.js";
import { signIn } from "./support.js";

test("a page behind the door leads back to where one wanted to go", { tag: "@nojs" }, async ({ page }) => {
  await page.goto("/releases");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await page.locator("input[name=email]").fill(grace.email);
  await page.locator("input[name=password]").fill("wrong, surely");
  await page.locator("main button[type=submit]").click();
  await expect(page.locator("main")).toContainText(/wrong/);
  await expect(page.locator("input[name=email]")).toHaveValue(grace.email);
  await page.locator("input[name=password]").fill(grace.password);
  await page.locator("main button[type=submit]").click();
  await expect(page).toHaveURL(/\/releases$/);
});

test("the published scores are blocked, and the page says by which gate and by how much", { tag: "@nojs" }, async ({ page }) => {
  await signIn(page, tomas);
  await page.goto("/models/recidivism-risk/versions/1");
  await page.locator("main a[href^='/releases/']").first().click();
  const main = page.locator("main");
  await expect(main).toContainText("Impact ratio at least 0.80");
  await expect(main).toContainText(/0\.46/);
  await expect(main).toContainText(/below the target/);
});

test("what is not one's own is not offered", { tag: "@nojs" }, async ({ page }) => {
  await signIn(page, ada);
  await page.goto("/models");
  await expect(page.locator("main a[href='/models/new']")).toHaveCount(0);
  await page.goto("/people");
  await expect(page.locator("main input[name=password]")).toHaveCount(0);
});

test("signing out ends the session", { tag: "@nojs" }, async ({ page }) => {
  await signIn(page, ada);
  await page.locator("details.person > summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
});
