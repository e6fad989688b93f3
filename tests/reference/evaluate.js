// Evaluates expressions by JSONata's reference implementation.
//
// Standard input: {"now": milliseconds, "asked": [{"expression", "variables"}]}. Standard output: a
// list of {"value"}, {"nothing": true} or {"error": code} each.
"use strict";

const crypto = require("crypto");
const fs = require("fs");
const jsonata = require("jsonata");

const { now, asked } = JSON.parse(fs.readFileSync(0, "utf8"));
const RealDate = Date;
global.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [now]));
  }
};
const parsed = new Map();

/** The expression, with the functions that Step Functions adds. */
function prepared(expression) {
  const program = jsonata(expression);
  program.registerFunction("parse", (text) => (text === undefined ? text : JSON.parse(text)), "<s-:x>");
  program.registerFunction("random", () => 0.5, "<n?:n>");
  program.registerFunction("uuid", () => "00000000-0000-4000-8000-000000000000", "<:s>");
  program.registerFunction("hash", (text, name) =>
    crypto.createHash(name.replace("-", "").toLowerCase()).update(text).digest("hex"), "<ss:s>");
  return program;
}

/** JSON has no infinite numbers; Step Functions writes them as text. */
function finite(_name, value) {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

async function answer({ expression, variables }) {
  try {
    if (!parsed.has(expression)) {
      parsed.set(expression, prepared(expression));
    }
    const value = await parsed.get(expression).evaluate(undefined, variables);
    return value === undefined ? { nothing: true } : { value: JSON.parse(JSON.stringify(value, finite)) };
  } catch (error) {
    return { error: error.code || String(error) };
  }
}

(async () => {
  const answers = [];
  for (const question of asked) {
    answers.push(await answer(question));
  }
  fs.writeSync(1, JSON.stringify(answers));
})();
