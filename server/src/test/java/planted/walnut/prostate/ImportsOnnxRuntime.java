package planted.walnut.prostate;

import ai.onnxruntime.OrtSession;

record ImportsOnnxRuntime(OrtSession ortSession) {}
