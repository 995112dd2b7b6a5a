import { AxeBuilder } from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";

/** Someone of the demonstration, as they sign in. */
export type Person = { email: string; password: string };

/** Signs in on the page that a browser without JavaScript would also see. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill(person.email);
  await page.locator("input[name=password]").fill(person.password);
  await page.locator("form:has(input[name=password]) button[type=submit]").click();
  await expect(page).not.toHaveURL(/\/sign-in/);
}

/**
 * Nothing on the page breaks a rule of WCAG 2.2 AA that a program can judge, contrast among them.
 * Axe is itself a script: a journey without JavaScript leaves the judging to the same journey with it.
 */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  if (test.info().project.use.javaScriptEnabled === false) return;
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  // Told in one line each: the rule, what it asks for, and where it is broken.
  const told = violations.map(
    ({ id, help, nodes }) => `${id}: ${help} — ${nodes.map(({ target }) => target.join(" ")).join(" · ")}`,
  );
  expect(told, `accessibility of ${page.url()}`).toEqual([]);
}

/** How far a page has moved under its reader while it loaded (Cumulative Layout Shift, web-vitals): 0 is still. */
export function layoutShift(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let moved = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) moved += (entry as PerformanceEntry & { value: number }).value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => resolve(moved), 150);
      }),
  );
}
