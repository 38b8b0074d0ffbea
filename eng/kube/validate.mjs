// Usage: node validate.mjs FILE
// Holds every object of a rendered manifest against its schema, and against its type, which knows no other fields: a schema alone lets
// a misspelt field pass. Prints a line for each fault and, without one, how many objects there are.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { loadAll } from "js-yaml";

const packages = { "keda.sh": "@kubernetes-models/keda/", "external-secrets.io": "@kubernetes-models/external-secrets/" };
const here = import.meta.dirname;
const rabbitmq = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(join(here, "rabbitmqcluster.schema.json"), "utf8")));

const objects = loadAll(readFileSync(process.argv[2], "utf8")).filter(Boolean);
const called = object => `${object.apiVersion} ${object.kind} ${object.metadata?.name}`;
const faults = [];
const typed = new Map();
const folder = mkdtempSync(join(here, "typed-"));
try {
  for (const object of objects) await hold(object);
  checkTypes();
} finally {
  rmSync(folder, { recursive: true });
}

faults.forEach(fault => console.log(fault));
if (faults.length === 0) console.log(`${objects.length} objects are valid`);
process.exit(faults.length === 0 && objects.length > 0 ? 0 : 1);

async function hold(object) {
  if (object.kind === "RabbitmqCluster") {
    if (!rabbitmq(object)) rabbitmq.errors.forEach(e => faults.push(`${called(object)}: ${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
    return;
  }
  const [group, version] = String(object.apiVersion).includes("/") ? object.apiVersion.split("/") : ["", object.apiVersion];
  const module = `${packages[group] ?? "kubernetes-models/"}${group ? group + "/" : ""}${version}/${object.kind}`;
  let Model;
  try {
    Model = (await import(module))[object.kind];
  } catch {
    faults.push(`${called(object)}: there is no such kind`);
    return;
  }
  try {
    new Model(object).validate();
  } catch (e) {
    faults.push(`${called(object)}: ${e.message}`);
  }
  const name = `object${typed.size}.ts`;
  typed.set(name, object);
  const text = `import type { I${object.kind} as T } from "${module}";\nexport const it: T = ${JSON.stringify(object, null, 1)};\n`;
  writeFileSync(join(folder, name), text);
}

// One run for all files: the compiler reads the types of Kubernetes once.
function checkTypes() {
  if (typed.size === 0) return;
  const options = ["--noEmit", "--strict", "--skipLibCheck", "--ignoreConfig", "--pretty", "false", "--module", "nodenext", "--moduleResolution", "nodenext"];
  const run = spawnSync(join(here, "node_modules/.bin/tsc"), [...options, ...[...typed.keys()].map(name => join(folder, name))], {
    encoding: "utf8",
    cwd: here,
  });
  if (run.error) throw run.error;
  const before = faults.length;
  for (const [, name, said] of run.stdout.matchAll(/(object\d+\.ts)\(\d+,\d+\): error TS\d+: (.*)/g)) faults.push(`${called(typed.get(name))}: ${said}`);
  if (run.status !== 0 && faults.length === before) faults.push(`the compiler failed: ${run.stdout}${run.stderr}`);
}
