import { expect, test, type Browser, type Locator, type Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ada, grace, ivo, mei, tomas } from "./people.js";
import { signIn, type Person } from "./support.js";

const demo = join(import.meta.dirname, "..", "..", "demo");
const manifest = (name: string) => readFileSync(join(demo, "manifests", `${name}.json`), "utf8");

/** Does something as someone, in a browser of their own. */
async function as(browser: Browser, person: Person, act: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    javaScriptEnabled: test.info().project.use.javaScriptEnabled ?? true,
    baseURL: test.info().project.use.baseURL!,
  });
  const page = await context.newPage();
  await signIn(page, person);
  await act(page);
  await context.close();
}

/** Both projects go the same way on one portal, each with a model of its own. */
const model = () => (test.info().project.use.javaScriptEnabled === false ? "credit-plain" : "credit-live");

/** Presses the words beside a radio button, as people do. */
async function choose(within: Page | Locator, input: string): Promise<void> {
  const field = within.locator(input);
  await within.locator("label").filter({ has: field }).or(field).first().click();
  await expect(field).toBeChecked();
}

async function register(page: Page, json: string): Promise<void> {
  await page.goto(`/models/${model()}/register`);
  const field = page.locator("textarea[name=manifest]");
  if (!(await field.isVisible())) await page.locator("details:has(textarea[name=manifest]) > summary").click();
  await field.fill(json);
  await page.locator("form:has(textarea[name=manifest]) button[type=submit]").click();
}

async function evaluate(page: Page, number: number, file: string, threshold = ""): Promise<void> {
  await page.goto(`/models/${model()}/versions/${number}/evaluate`);
  await page.locator("input[type=file]").setInputFiles(join(demo, "predictions", file));
  await page.locator("input[name=protected]").fill("sex, age_band");
  if (threshold) {
    await page.locator("input[name=prediction]").fill("");
    await page.locator("input[name=threshold]").fill(threshold);
  }
  await page.locator("form:has(input[type=file]) button[type=submit]").first().click();
  await expect(page).toHaveURL(/\/evaluations\/\d+$/);
}

async function addAssessment(page: Page, number: number): Promise<void> {
  await page.goto(`/models/${model()}/versions/${number}/evidence`);
  await page.locator("select[name=kind]").selectOption("impact-assessment");
  await page.locator("input[name=title]").fill("Impact assessment");
  await page.locator("textarea[name=text]").fill("Who is affected, what can go wrong, and what we do about it.");
  await page.locator("form:has(textarea[name=text]) button[type=submit]").first().click();
  await expect(page).toHaveURL(new RegExp(`/models/${model()}/versions/${number}`));
}

/** Asks for the version in staging, and answers with the path of the release. */
async function ask(page: Page, number: number): Promise<string> {
  await page.goto(`/models/${model()}/versions/${number}/release`);
  await page.locator("select[name=environment]").selectOption("staging");
  await page.locator("textarea[name=reason]").fill(`Version ${number}, to try it with officers.`);
  await page.getByRole("button", { name: "Ask for the release" }).click();
  await expect(page).toHaveURL(/\/releases\/\d+$/);
  return new URL(page.url()).pathname;
}

async function review(page: Page, release: string): Promise<void> {
  await page.goto(release);
  const links = await page.locator("main a[href^='/reviews/']").all();
  const reviews = new Set(await Promise.all(links.map((link) => link.getAttribute("href"))));
  for (const path of reviews) {
    await page.goto(path!);
    if ((await page.locator("main input[name=password]").count()) > 0) break;
  }
  for (const question of await page.locator("details.question").all()) {
    if ((await question.getAttribute("open")) === null) await question.locator("summary").first().click();
    await choose(question, "input[type=radio][value=yes]");
  }
  await choose(page, "input[name=decision][value=approve]");
  await page.locator("textarea[name=rationale]").fill("Comparable rates, and the card says what it is not for.");
  await page.locator("input[name=password]").fill("countersigned-it");
  await page.getByRole("button", { name: "Sign the decision" }).click();
  await expect(page.locator("main")).toContainText(/approved/i);
}

async function countersign(page: Page, release: string): Promise<void> {
  await page.goto(release);
  await choose(page, "input[name=decision][value=countersign]");
  await page.locator("input[name=password]").fill("countersigned-it");
  await page.locator("form:has(input[name=decision]) button[type=submit]").click();
  await expect(page.locator("main")).toContainText(/approved/i);
}

/** Deploys, waits until it is live, and answers with the deployment's path. */
async function deploy(page: Page, release: string): Promise<string> {
  await page.goto(release);
  await page.getByRole("button", { name: /^deploy/i }).click();
  await expect(page).toHaveURL(/\/deployments\/\d+$/);
  const path = new URL(page.url()).pathname;
  await expect(async () => {
    await page.goto(path);
    await expect(page.locator("main")).toContainText(/Live/, { timeout: 1_000 });
  }).toPass({ timeout: 90_000 });
  return path;
}

/** What the model that runs in staging says of an applicant on whom the two versions disagree. */
async function answer(page: Page, deployment: string): Promise<number> {
  await page.goto(deployment);
  const text = await page.locator("main").innerText();
  const address = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
  expect(address, text).toBeTruthy();
  const request = JSON.parse(readFileSync(join(demo, "models", "german-credit-1", "request.json"), "utf8"));
  const response = await fetch(`${address}/v2/models/${model()}/infer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  expect(response.status).toBe(200);
  return (await response.json()).outputs[0].data[0];
}

test.describe.configure({ mode: "serial" });

test.describe("the way of a release, by five people", { tag: "@nojs" }, () => {
  test.setTimeout(240_000);
  let release = "";
  let deployment = "";

  test("the engineer registers, evaluates, gives evidence and asks", async ({ browser }) => {
    await as(browser, tomas, async (page) => {
      await page.goto("/models/new");
      await page.locator("input[name=name]").fill(model());
      await page.locator("textarea[name=purpose]").fill("Says whether an applicant is likely to pay back.");
      const tier = page.locator("[name=tier]");
      if ((await tier.first().getAttribute("type")) === "radio") await choose(page, "[name=tier][value=high]");
      else await tier.selectOption("high");
      await page.locator("form:has(textarea[name=purpose]) button[type=submit]").click();
      await expect(page).toHaveURL(new RegExp(`/models/${model()}$`));

      await register(page, '{ "artifact": 1 }');
      await expect(page.locator("main")).toContainText(/manifest/i);
      await expect(page.locator("textarea[name=manifest]")).toHaveValue('{ "artifact": 1 }');
      await register(page, manifest("german-credit-1"));
      await expect(page).toHaveURL(new RegExp(`/models/${model()}/versions/1$`));

      await evaluate(page, 1, "german_lr.csv");
      await expect(page.locator("main")).toContainText("75.5");
      await addAssessment(page, 1);
      release = await ask(page, 1);
      await expect(page.locator("main")).toContainText(/0\.82/);
    });
  });

  test("two reviewers decide, and the manager countersigns", async ({ browser }) => {
    await as(browser, ada, (page) => review(page, release));
    await as(browser, mei, (page) => review(page, release));
    await as(browser, grace, (page) => countersign(page, release));
  });

  test("the engineer deploys, and the model answers", async ({ browser }) => {
    await as(browser, tomas, async (page) => {
      deployment = await deploy(page, release);
      expect(await answer(page, deployment)).toBe(1);
    });
  });

  test("the auditor reads every step", async ({ browser }) => {
    await as(browser, ivo, async (page) => {
      await page.goto(`/audit?model=${model()}`);
      const main = page.locator("main");
      for (const step of ["registered version 1", "evaluated", "asked for", "approved", "countersigned", "deployed"]) {
        await expect(main).toContainText(step);
      }
    });
  });
});

test("a second version replaces the first, and is rolled back to it", async ({ browser }) => {
  test.setTimeout(300_000);
  let release = "";
  await as(browser, tomas, async (page) => {
    await register(page, manifest("german-credit-2"));
    await expect(page).toHaveURL(/\/versions\/2$/);
    await evaluate(page, 2, "german_gb.csv", "0.45");
    await addAssessment(page, 2);
    release = await ask(page, 2);
  });
  await as(browser, ada, (page) => review(page, release));
  await as(browser, mei, (page) => review(page, release));
  await as(browser, grace, (page) => countersign(page, release));
  await as(browser, tomas, async (page) => {
    const deployment = await deploy(page, release);
    expect(await answer(page, deployment), "boosted trees say no").toBe(0);
    await page.locator("form:has(textarea[name=reason]) textarea[name=reason]").fill("Answers took too long.");
    await page.getByRole("button", { name: /roll back staging to 1/i }).click();
    await expect(page).toHaveURL(/\/deployments\/\d+$/);
    const path = new URL(page.url()).pathname;
    await expect(async () => {
      await page.goto(path);
      await expect(page.locator("main")).toContainText(/Live/, { timeout: 1_000 });
    }).toPass({ timeout: 90_000 });
    expect(await answer(page, path), "the regression says yes").toBe(1);
  });
});
