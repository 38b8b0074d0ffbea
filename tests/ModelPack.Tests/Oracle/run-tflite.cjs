// Usage: node run-tflite.cjs WASM_FOLDER MODEL INPUT OUTPUT_PREFIX
// Runs a model once in the original TFLite runtime (its WebAssembly build): INPUT and the files OUTPUT_PREFIX.0, .1, ... are raw float32.
const fs = require('fs');
const [wasmFolder, modelFile, inputFile, prefix] = process.argv.slice(2);
const load = require(wasmFolder + '/tflite_web_api_cc_simd.js');

load({ wasmBinary: fs.readFileSync(wasmFolder + '/tflite_web_api_cc_simd.wasm') }).then((runtime) => {
  const model = fs.readFileSync(modelFile);
  const place = runtime._malloc(model.length);
  runtime.HEAPU8.set(model, place);
  const made = runtime.TFLiteWebModelRunner.CreateFromBufferAndOptions(place, model.length, {
    numThreads: 1,
    enableProfiling: false,
    maxProfilingBufferEntries: 1024,
  });
  if (!made.ok()) {
    throw new Error(made.errorMessage());
  }
  const runner = made.value();
  const bytes = fs.readFileSync(inputFile);
  runner.GetInputs().get(0).data().set(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  if (!runner.Infer()) {
    throw new Error('the model could not be run');
  }
  const outputs = runner.GetOutputs();
  for (let i = 0; i < outputs.size(); i++) {
    const values = outputs.get(i).data();
    fs.writeFileSync(`${prefix}.${i}`, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
});
