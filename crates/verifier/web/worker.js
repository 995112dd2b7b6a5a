// Loads the verifier once, then answers what the page asks: { bundle, key } or { entry, key }.
import start, { check_bundle, check_entry } from "./verifier.js";

const ready = start();

onmessage = async ({ data }) => {
  await ready;
  postMessage(data.bundle ? check_bundle(data.bundle, data.key) : check_entry(data.entry, data.key));
};
