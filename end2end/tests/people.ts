import type { Person } from "./support.js";

const password = "countersigned-it";
const person = (name: string): Person => ({ email: `${name}@northbank.example`, password });

/** The cast of the demonstration. */
export const tomas = person("tomas");
export const ada = person("ada");
export const mei = person("mei");
export const grace = person("grace");
export const ivo = person("ivo");
export const sam = person("sam");
