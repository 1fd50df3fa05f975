/** Holds the manifests of {@code k8s/} against Kubernetes' own types and against Walnut's configuration. */
@NullMarked
package walnut.kubernetes;

import org.jspecify.annotations.NullMarked;
