package walnut.models.inference;

import ai.djl.engine.Engine;
import ai.onnxruntime.OrtEnvironment;
import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/**
 * The one ONNX Runtime of this process, started through DJL.
 *
 * <p>Order matters: DJL's engine sets the environment's thread pools and fails when a plain ONNX Runtime call came
 * first. The natives are those at {@code onnxruntime.native.path} where that property is set before the first use.
 */
final class OnnxRuntime {
    private static final String ENGINE = "OnnxRuntime";

    private OnnxRuntime() {}

    /** Starts the engine once; later calls return at once. */
    static OrtEnvironment environment() {
        try {
            return Started.ENVIRONMENT;
        } catch (ExceptionInInitializerError | NoClassDefFoundError | UnsatisfiedLinkError e) {
            throw new WalnutException(
                    FailureCode.INFERENCE_FAILED,
                    "ONNX Runtime did not start on this machine; Walnut runs on Linux x86-64 and arm64.",
                    e);
        }
    }

    /** ONNX Runtime's own version: DJL's engine reports the one it was built for. */
    static String version() {
        return environment().getVersion();
    }

    static String engineName() {
        environment();
        return ENGINE;
    }

    private static final class Started {
        static final OrtEnvironment ENVIRONMENT = start();

        private static OrtEnvironment start() {
            // Before the first DJL class: without these it looks for a cloud metadata address and for other engines.
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            System.setProperty("ai.djl.onnx.disable_alternative", "true");
            Engine.getEngine(ENGINE);
            return OrtEnvironment.getEnvironment();
        }
    }
}
