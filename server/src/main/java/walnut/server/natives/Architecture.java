package walnut.server.natives;

import walnut.failure.FailureCode;
import walnut.failure.WalnutException;

/** A processor for which the jar carries shared libraries, under the folder names that each library gave it. */
enum Architecture {
    X86_64("linux-x64", "x86_64", "linux-x86-64"),
    AARCH64("linux-aarch64", "aarch64", "linux-aarch64");

    private final String onnxRuntime;
    private final String sqlite;
    private final String jna;

    Architecture(String onnxRuntime, String sqlite, String jna) {
        this.onnxRuntime = onnxRuntime;
        this.sqlite = sqlite;
        this.jna = jna;
    }

    /** @param osArch the JVM's {@code os.arch} on Linux */
    static Architecture named(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64" -> AARCH64;
            default ->
                throw new WalnutException(
                        FailureCode.PLATFORM_UNSUPPORTED,
                        "Walnut runs on Linux x86-64 and arm64; this Java says it is " + osArch);
        };
    }

    String onnxRuntimeResources() {
        return "ai/onnxruntime/native/" + onnxRuntime + "/";
    }

    String sqliteResources() {
        return "org/sqlite/native/Linux/" + sqlite + "/";
    }

    String jnaResources() {
        return "com/sun/jna/" + jna + "/";
    }
}
