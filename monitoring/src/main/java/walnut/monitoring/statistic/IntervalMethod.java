package walnut.monitoring.statistic;

/** How an interval was made; stored and shown beside it, because methods differ where n is small. */
public enum IntervalMethod {
    WILSON,
    CLOPPER_PEARSON,
    NEWCOMBE,
    DELONG_WALD,
    DELONG_LOGIT,
    WALD,
    STUDENT_T,
    F_DISTRIBUTION,
    CHI_SQUARE,
    FISHER_Z,
    PERCENTILE_BOOTSTRAP,
    PATIENT_CLUSTER_BOOTSTRAP
}
